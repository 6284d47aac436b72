"""Numbers that must never be kept: found in every dress, and little else taken for them.

All twelve-digit numbers with a fitting check digit here are published test data
(621498320257 with python-stdnum, 983205673214 in an article, 123456789018); none is
made up, since it might be somebody's.
"""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from domain.errors import ForbiddenNumber, LooksLikeForbiddenNumber
from domain.writing.individual_number import check_digit_fits, fold_widths
from domain.writing.privacy import (
    KIND_TEXT,
    Finding,
    ForbiddenKind,
    Level,
    forbidden_header,
    refuse_forbidden,
    scan_text,
)

_N = "621498320257"
_WIDE = "６２１４９８３２０２５７"
_MY_NUMBER = ForbiddenKind.INDIVIDUAL_NUMBER


def _levels(text: str, *, citizen_facing: bool = False) -> list[tuple[ForbiddenKind, Level]]:
    return [(found.kind, found.level) for found in scan_text(text, citizen_facing)]


@pytest.mark.parametrize("number", [_N, "983205673214", "123456789018"])
def test_the_check_digit_of_published_numbers_fits(number: str) -> None:
    """The rule is the ministerial order's, and these are its public examples."""
    assert check_digit_fits(number) is True
    wrong = str((int(number[-1]) + 1) % 10)
    assert check_digit_fits(number[:-1] + wrong) is False


@pytest.mark.parametrize("digits", ["", "1" * 11, "1" * 13, "１" * 12, "12345678901x"])
def test_the_check_digit_of_anything_else_is_a_bug(digits: str) -> None:
    """Finding twelve digits is the caller's work."""
    with pytest.raises(ValueError, match="twelve"):
        check_digit_fits(digits)


@given(st.integers(min_value=0, max_value=10**11 - 1))
def test_exactly_one_last_digit_fits(first: int) -> None:
    """Every mistyped last digit is noticed."""
    fitting = [last for last in range(10) if check_digit_fits(f"{first:011}{last}")]
    assert len(fitting) == 1


@pytest.mark.parametrize(
    "text",
    [
        f"マイナンバーは{_N}です",
        f"個人番号：{_WIDE}",
        f"my number: {_N}",
        f"ＭＹ　ＮＵＭＢＥＲ {_N}",
        f"ﾏｲﾅﾝﾊﾞｰ {_N}",
        f"個人番号カードの番号は{_N}",
        f"照合番号A {_N}",
        f"マイナンバーカード {_N}",
        f"{_N}が本人の個人番号とのこと",
        "マイナンバー 6 2 1 4 9 8 3 2 0 2 5 7",
        "マイナンバー 六二一四九八三二〇二五七",
        "マイナンバー 621・498・320・257",
        "マイナンバー 6214ー9832ー0257",
        "6214-9832-0257",
        "６２１４　９８３２　０２５７",
        "電話 090-1234-5678 番号 6214 9832 0257",
        "6214-9832-0257 2026",
        "6214 9832 0257 090 1234 5678",
        "マイナンバー 6\u200b214\u200b9832\u200b0257",
    ],
)
def test_an_individual_number_with_a_sign_of_itself_is_blocked(text: str) -> None:
    """Consent does not make keeping it legal; nobody can wave this through."""
    assert _levels(text) == [(_MY_NUMBER, Level.BLOCK)]


@pytest.mark.parametrize(
    "text",
    [
        _N,
        _WIDE,
        f"注文番号 {_N}",
        f"マイナンバーカードの受付番号 {_N}",
        f"ID:{_N}",
        f"ORD{_N}",
        "621 498 320 257",
        "1111-6214-9832-0257",
    ],
)
def test_a_bare_number_asks_a_person_to_look(text: str) -> None:
    """One order number in ten has a fitting check digit; blocking those stops honest work."""
    assert _levels(text) == [(_MY_NUMBER, Level.CONFIRM)]


def test_a_mistyped_number_under_its_own_label_asks_as_well() -> None:
    """One digit wrong is still nearly somebody's number."""
    assert _levels("マイナンバー 621498320258") == [(_MY_NUMBER, Level.CONFIRM)]
    assert _levels("マイナンバーカード 621498320258") == []


def test_what_a_citizen_types_is_blocked_without_a_label() -> None:
    """Nobody is there to ask; but what they call an order number stays a question."""
    assert _levels(_N, citizen_facing=True) == [(_MY_NUMBER, Level.BLOCK)]
    assert _levels(f"予約番号{_N}", citizen_facing=True) == [(_MY_NUMBER, Level.CONFIRM)]


@pytest.mark.parametrize("citizen_facing", [False, True])
@pytest.mark.parametrize(
    "text",
    [
        "090-1234-5678",
        "+819012345678",
        "＋８１ ９０ １２３４ ５６７８",
        "0120-95-0178 090-1234-5678",
        "03-1234-5678 内線 12",
        "202606011234",
        "2026-06-01 1234",
        "20260601-1234",
        "令和8年6月1日 12時30分",
        "OTA-K26-000123-7",
        "群馬県太田市見本町1616番地14　ハイツ①　１０２号",
        "550e8400-e29b-41d4-a716-621498320257",
        "1234-5678-9012-3456",
        "12345678901234567890123",
        "6214983202571",
        "621498320258",
        "373-7090 太田市",
        "",
    ],
)
def test_telephone_numbers_dates_and_our_own_numbers_are_left_alone(
    text: str, citizen_facing: bool
) -> None:
    """A detector that cries at every telephone number is switched off."""
    assert _levels(text, citizen_facing=citizen_facing) == []


@pytest.mark.parametrize(
    "text",
    [
        "+819012345678",
        "＋８１ ９０ １２３４ ５６７８",
        "(+81) 90-1234-5678",
        "0120-95-0178 090-1234-5678",
        "202606011234",
        "2026-06-01 1234",
        "20260601-1234",
        "OTA-K26-000123-7",
        "群馬県太田市見本町1616番地14　ハイツ①　１０２号",
        "550e8400-e29b-41d4-a716-446655440000",
        "12345678901234567890123",
    ],
)
def test_what_is_left_alone_does_not_hang_on_the_check_digit(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One in ten of them fits; here all do, without anybody's number being made up."""
    monkeypatch.setattr(
        "domain.writing.individual_number.check_digit_fits", lambda _digits: True
    )
    assert _levels("111111111111") == [(_MY_NUMBER, Level.CONFIRM)]
    assert _levels(text) == []


def test_a_telephone_number_is_left_alone_even_near_the_label() -> None:
    """+81 90 … has twelve digits, and people are called about their cards all day."""
    assert _levels("マイナンバーの件 +819012345678") == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("暗証番号 1234", ForbiddenKind.PIN),
        ("暗証番号は「１２３４」", ForbiddenKind.PIN),
        ("暗証番号（4桁）：1 2 3 4", ForbiddenKind.PIN),
        ("ＰＩＮコード＝４３２１", ForbiddenKind.PIN),
        ("署名用パスワード：ABC123", ForbiddenKind.PIN),
        ("パスワード（6～16文字）はAB12CD34", ForbiddenKind.PIN),
        ("password: s3cret9", ForbiddenKind.PIN),
        ("住民票コード 1234-5678-901", ForbiddenKind.RESIDENT_CODE),
        ("照合番号Ｂ：12345678901234", ForbiddenKind.VERIFICATION_NUMBER),
        ("署名用電子証明書のシリアル番号 0A1B2C3D", ForbiddenKind.SERIAL_NUMBER),
        ("カードの製造番号 0123456789ABCDEF", ForbiddenKind.SERIAL_NUMBER),
        ("在留カード番号 AB12345678CD", ForbiddenKind.RESIDENCE_CARD_NUMBER),
        ("旅券番号：TK1234567", ForbiddenKind.PASSPORT_NUMBER),
        ("運転免許証番号は123456789012", ForbiddenKind.LICENCE_NUMBER),
        ("被保険者番号 12345678", ForbiddenKind.INSURANCE_NUMBER),
    ],
)
def test_other_secrets_are_blocked_by_their_label(text: str, kind: ForbiddenKind) -> None:
    """They have no check digit, so the label is all there is to go by."""
    assert _levels(text) == [(kind, Level.BLOCK)]


@pytest.mark.parametrize(
    "text",
    [
        "暗証番号は4桁の数字です。2026年に変わりました",
        "暗証番号の再設定を希望、6月1日 1430",
        "暗証番号 2026年6月",
        "暗証番号を3回間違えた",
        "パスワード 090-1234-5678",
        "暗証番号 09012345678",
        "PINK 1234",
        "PIN reset",
        "在留カードの更新 2026",
        "旅券は確認済み",
        "運転免許証で確認、電話03-1234-5678",
        "住民票コード通知の件 100件",
    ],
)
def test_speaking_of_a_secret_is_not_writing_it_down(text: str) -> None:
    """Half of all notes at these windows speak of PINs."""
    assert _levels(text) == []


def test_the_serial_number_of_a_device_is_only_asked_about() -> None:
    """An inspection record names the card reader it was about."""
    assert _levels("カードリーダーの製造番号 12345678") == [
        (ForbiddenKind.SERIAL_NUMBER, Level.CONFIRM)
    ]


def test_a_finding_names_the_place_and_never_the_number() -> None:
    """Findings are counted and logged."""
    text = f"午前に来庁。個人番号は{_WIDE}、暗証番号1234"
    found = scan_text(text)
    assert [text[slice(*one.where)] for one in found] == [_WIDE, "1234"]
    assert _N not in TypeAdapter(tuple[Finding, ...]).dump_json(found).decode()


def test_a_refusal_names_the_kind_and_never_the_number() -> None:
    """Its message travels through histories, answers and logs."""
    with pytest.raises(ForbiddenNumber) as refusal:
        refuse_forbidden(f"個人番号 {_N} 暗証番号 1234", confirmed=True)
    assert "マイナンバー（個人番号）・暗証番号" in str(refusal.value)
    assert _N not in str(refusal.value)
    assert "1234" not in str(refusal.value)


def test_only_a_doubt_can_be_confirmed_away() -> None:
    """A person may say that it is an order number, never that a PIN may be kept."""
    with pytest.raises(LooksLikeForbiddenNumber):
        refuse_forbidden(f"注文 {_N}")
    refuse_forbidden(f"注文 {_N}", confirmed=True)
    with pytest.raises(ForbiddenNumber):
        refuse_forbidden("暗証番号 1234", confirmed=True)
    refuse_forbidden("交付通知書を発送しました")


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("個人番号", _MY_NUMBER),
        (" マイ ナンバー（12桁） ", _MY_NUMBER),
        ("My Number", _MY_NUMBER),
        ("暗証番号", ForbiddenKind.PIN),
        ("住民票コード", ForbiddenKind.RESIDENT_CODE),
        ("照合番号Ｂ", ForbiddenKind.VERIFICATION_NUMBER),
        ("個人番号カード交付日", None),
        ("マイナンバーカード区分", None),
        ("照会番号", None),
        ("照合番号", None),
        ("通番", None),
    ],
)
def test_a_header_gives_a_column_away(header: str, kind: ForbiddenKind | None) -> None:
    """照合番号 alone may be a city's word for its own key; the values are looked at anyway."""
    assert forbidden_header(header) is kind


_HOSTILE = [
    "1 ",
    "1-",
    "-",
    "6214-9832-0257-",
    "1234-",
    "090-1234-5678 ",
    "暗証番号",
    "暗証番号a",
    "pin ",
    "はがを",
    "一",
    "a0b1c2d3-",
    "マイナンバー 1",
    "+81",
    "６",
    "シリアルf",
]


@pytest.mark.parametrize("filler", _HOSTILE)
def test_hostile_text_is_read_in_a_time_that_grows_with_its_length(filler: str) -> None:
    """A pattern that backtracks takes minutes where an honest one takes a second."""
    text = "暗証番号 マイナンバー " + filler * (200_000 // len(filler))
    begin = time.perf_counter()
    assert len(scan_text(text, citizen_facing=True)) <= 100
    assert time.perf_counter() - begin < 5


@given(st.text(max_size=60))
def test_folding_keeps_every_place(text: str) -> None:
    """A finding's place is shown in the text that was typed."""
    assert len(fold_widths(text)) == len(text)


@given(st.text(alphabet="0123456789１２ -－ー.暗証番号マイナンバーPINは: \n一二", max_size=80))
def test_any_text_can_be_scanned(text: str) -> None:
    """Places lie within the text and do not run backwards."""
    for found in scan_text(text, citizen_facing=True):
        assert 0 <= found.where[0] < found.where[1] <= len(text)


def test_each_kind_has_its_word_for_people() -> None:
    """The refusal is read by a clerk."""
    assert list(KIND_TEXT) == list(ForbiddenKind)
