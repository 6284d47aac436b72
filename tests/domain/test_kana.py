"""Kana names in any dress become one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.writing.kana import katakana


@pytest.mark.parametrize(
    "typed",
    ["ヤマダ　タロウ", "ﾔﾏﾀﾞ ﾀﾛｳ", "やまだ たろう", " やまだ　　タロウ ", "ヤマタ\u3099 タロウ"],
)
def test_every_way_to_write_kana_becomes_full_width_katakana(typed: str) -> None:
    """Telephones, city systems and people each have their own."""
    assert katakana(typed) == "ヤマダ　タロウ"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("ジョン・スミス", "ジョン・スミス"),
        ("ｼﾞｮﾝ･ｽﾐｽ", "ジョン・スミス"),
        ("おーの", "オーノ"),
        ("ｸﾞｰｸﾞﾙ", "グーグル"),
        ("ヴァ", "ヴァ"),
        ("ゔぁ", "ヴァ"),
    ],
)
def test_marks_that_belong_to_kana_stay(typed: str, kept: str) -> None:
    """Names from abroad are written with them."""
    assert katakana(typed) == kept


@pytest.mark.parametrize(
    "typed",
    ["", "　", "山田", "Yamada", "ヤマダ1", "ヤマダ＠", "ー・ー", "ヤマダ<b>",
     "ヤマダ\u202eタロウ", "ア\u3099", "㋐", "ヤ,マ", "=ヤマダ"],
)  # fmt: skip
def test_what_is_no_kana_is_refused(typed: str) -> None:
    """A name nobody can read aloud or search for helps no one at the counter."""
    assert katakana(typed) is None


@given(st.text(alphabet=[chr(c) for c in (*range(0x3041, 0x3097), *range(0x30A1, 0x30FB))]))
def test_what_came_out_stays_as_it_is(typed: str) -> None:
    """Typed again from a list, it is the same name."""
    once = katakana(typed)

    assert (once is None) == (not typed.strip())
    assert once is None or katakana(once) == once


@given(st.text())
def test_nothing_but_kana_ever_comes_out(typed: str) -> None:
    """Lists, mails and papers may rely on it."""
    found = katakana(typed)

    assert found is None or all("ァ" <= c <= "ヺ" or c in "ー・　" for c in found)
