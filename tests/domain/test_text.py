"""Names and characters: matched in every shape, stored in none but their own."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.writing.name_variants import CLASSES
from domain.writing.text import (
    Gaiji,
    NameRelation,
    compare_names,
    find_gaiji,
    full_width_kana,
    kanji_number,
    lost_in_cp932,
    name_search,
    shown,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("髙橋", "高橋"),
        ("山﨑", "山崎"),
        ("德永", "徳永"),
        ("濵田", "浜田"),
        ("濱田", "浜田"),
        ("渡邉", "渡辺"),
        ("渡邊", "渡邉"),
        ("齋藤", "斎藤"),
        ("齊藤", "斉藤"),
        ("斎藤", "斉藤"),
        ("大澤", "大沢"),
        ("廣田", "広田"),
        ("國井", "国井"),
        ("桒原", "桑原"),
        ("\ufa19田", "神田"),
        ("\U00020bb7田", "吉田"),
        ("葛\U000e0100西", "葛西"),
        ("佐佐木", "佐々木"),
        ("さくら", "サクラ"),
        ("JOSÉ", "JOSE"),
    ],
)
def test_shapes_of_one_character_are_a_variant(one: str, other: str) -> None:
    """The same person, but a clerk confirms: the shape on the card is the person's own."""
    assert compare_names(f"{one}　花子", f"{other}　花子") is NameRelation.VARIANT


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("山﨑　花子", "山﨑 花子"),
        ("山﨑　花子", "山﨑花子"),
        ("SAMPLE JOHN", "ＳＡＭＰＬＥ　ＪＯＨＮ"),
        ("Sample  John", "SAMPLE JOHN"),
        ("見本 ﾀﾛｳ", "見本　タロウ"),
    ],
)
def test_width_case_and_blanks_make_no_other_name(one: str, other: str) -> None:
    """They come from the system that made the list, not from the person."""
    assert compare_names(one, other) is NameRelation.SAME


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("山﨑　花子", "山﨑　花江"),
        ("山田　太郎", "山本　太郎"),
        ("見本　花", "見本　花子"),
        ("", "見本　花子"),
        ("", ""),
        ("\ue000\ue001", "見本"),
    ],
)
def test_another_name_is_no_variant(one: str, other: str) -> None:
    """Confirming a variant is one click; another person must not be one click away."""
    assert compare_names(one, other) is NameRelation.DIFFERENT


def test_a_character_that_a_system_lacks_is_a_question_for_a_clerk() -> None:
    """𠮷 does not fit CP932: one list has 〓 or the city's own character in its place."""
    assert compare_names("〓田　花子", "\U00020bb7田　花子") is NameRelation.VARIANT
    assert compare_names("\ue000田　花子", "吉田　花子") is NameRelation.VARIANT
    assert compare_names("\ue000田　花子", "\ue000田　花子") is NameRelation.SAME


@given(st.text(max_size=20), st.text(max_size=20))
def test_which_name_comes_first_does_not_matter(one: str, other: str) -> None:
    """The register is compared with the card, and the card with the register."""
    assert compare_names(one, other) is compare_names(other, one)


@given(st.text(max_size=20))
def test_the_search_key_is_stable(name: str) -> None:
    """A key of a key is the key, or an index built from keys would miss people."""
    assert name_search(name_search(name)) == name_search(name)


def test_the_table_of_shapes_has_each_character_once() -> None:
    """A character in two classes would join people who share nothing."""
    shapes = [shape for word in CLASSES for shape in word]
    assert len(shapes) == len(set(shapes))
    assert [word for word in CLASSES if len(word) < 2] == []
    assert [s for s in shapes if unicodedata.normalize("NFKC", s) != s] == []


def test_half_width_kana_are_widened_and_nothing_else() -> None:
    """A voiced mark joins its kana; letters, digits and kanji shapes stay."""
    assert full_width_kana("ﾔﾏｻﾞｷ ﾊﾅｺ Ａ1神") == "ヤマザキ ハナコ Ａ1神"


def test_a_citys_own_characters_are_found_with_their_code_points() -> None:
    """Nobody else can draw them, so a person has to be told where they are."""
    assert find_gaiji("山\ue000田\ue757") == (
        Gaiji(position=1, code_point="U+E000", cp932="F040"),
        Gaiji(position=3, code_point="U+E757", cp932="F9FC"),
    )
    assert find_gaiji("\U000f0000")[0] == Gaiji(position=0, code_point="U+F0000", cp932=None)
    assert find_gaiji("髙﨑神①") == ()


def test_a_citys_own_characters_are_shown_as_geta() -> None:
    """The value keeps them; only what people see has 〓."""
    assert shown("山\ue000　花子") == "山〓　花子"


def test_what_a_cp932_file_cannot_hold_is_named() -> None:
    """〜 U+301C can be written but comes back as another character."""
    assert lost_in_cp932("髙﨑①㈱～\ue000") == ()
    assert lost_in_cp932("𠮷鷗é〜𠮷") == ("𠮷", "鷗", "é", "〜")


@pytest.mark.parametrize(
    ("numerals", "number"),
    [("三", 3), ("十", 10), ("三十一", 31), ("二〇", 20), ("百五", 105), ("六十四", 64)],
)
def test_kanji_numerals_are_numbers(numerals: str, number: int) -> None:
    """Addresses and solemn dates are written with them."""
    assert kanji_number(numerals) == number


def test_other_characters_are_no_numerals() -> None:
    """The caller selects numerals; anything else is a bug."""
    with pytest.raises(ValueError, match="numeral"):
        kanji_number("三丁")
