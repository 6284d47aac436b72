"""Lists as they are handed over: what is read, what is refused, what is said about it."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import (
    DomainError,
    EmptyList,
    ForbiddenColumn,
    ForbiddenNumber,
    ListTooLarge,
    NotACardList,
)
from domain.lots.card_lists import ReadList, UnreadableRow, read_list
from domain.lots.card_rows import CardFaceRow, ResidentStatus
from domain.lots.list_mapping import ListKind, ListMapping
from domain.lots.matching import match
from ops.make_lot import LotPlan, make_lot
from tests.domain.lots import sample_file, sample_mapping

_MAPPING = sample_mapping()
_HEADER = "照会番号,券面氏名,券面生年月日,券面住所"
_ROW = "XA0000001,髙例　花子,1990/08/19,群馬県太田市見本町1"
_NEXT = "XA0000002,見本　太郎,1991/08/19,群馬県太田市見本町2"
_NUMBER = "621498320257"  # published with python-stdnum; nobody's


def _faces(text: str | bytes, encoding: str = "cp932") -> ReadList[CardFaceRow]:
    data = text if isinstance(text, bytes) else text.encode(encoding)
    return read_list(data, ListKind.CARD_FACE, _MAPPING)


def _names(text: str | bytes, encoding: str = "cp932") -> list[str]:
    return [row.name for row in _faces(text, encoding).rows]


@pytest.mark.parametrize("encoding", ["cp932", "utf-8", "utf-8-sig"])
def test_the_encoding_is_found_out(encoding: str) -> None:
    """Nobody at a counter knows what a BOM is."""
    read = _faces(f"{_HEADER}\r\n{_ROW}\r\n", encoding)
    assert read.encoding == encoding
    assert [row.name for row in read.rows] == ["髙例　花子"]


@pytest.mark.parametrize("newline", ["\r\n", "\n", "\r"])
def test_any_newline_ends_a_row(newline: str) -> None:
    """Lists come from Windows, from servers and from very old machines."""
    text = newline.join([_HEADER, _ROW, "", _NEXT, "", ",,,", ""])
    assert _names(text) == ["髙例　花子", "見本　太郎"]


def test_a_citys_own_characters_are_kept_and_announced() -> None:
    """F040 is a character of this city; turning it into anything else renames a person."""
    data = f"{_HEADER}\n{_ROW}\n".encode("cp932").replace("髙".encode("cp932"), b"\xf0\x40")
    read = _faces(data)
    assert read.rows[0].name == "\ue000例　花子"
    assert read.notices == ("外字のある行が1行あります",)


def test_names_are_stored_as_they_came() -> None:
    """神 U+FA19 is another character than 神 to the person who bears it."""
    assert _names(f"{_HEADER}\n{_ROW.replace('髙例', chr(0xFA19) + '①')}", "utf-8") == [
        "\ufa19①　花子"
    ]


def test_columns_may_stand_in_any_order_and_between_others() -> None:
    """What no field takes is left out and named, so that nobody thinks it was read."""
    read = _faces("備考,券面住所,照 会 番 号,券面生年月日,券面氏名\n\n,町1,xa1,S31.2.27,見本\n")
    assert read.rows[0].inquiry_number == "XA1"
    assert read.rows[0].address == "町1"
    assert read.notices == ("使わない列: 備考",)


def test_an_optional_column_may_be_missing() -> None:
    """Kana and postal code help, but the match does without."""
    text = sample_file("resident").decode("cp932").replace("氏名カナ", "かな")
    read = read_list(text.encode("cp932"), ListKind.RESIDENT, _MAPPING)
    assert read.notices == ("使わない列: かな、性別", "ない列: 氏名カナ")


def test_missing_columns_are_named() -> None:
    """The person who chose the wrong file has to see which one it was."""
    with pytest.raises(NotACardList) as refusal:
        read_list(sample_file("card_face"), ListKind.ISSUE_LIST, _MAPPING)
    assert str(refusal.value) == (
        "カード交付一覧表に必要な列がありません: 氏名、生年月日、住所、受取方法、納品日"
    )


def test_a_column_that_stands_twice_is_refused() -> None:
    """Taking either of two 氏名 would be a guess about people."""
    with pytest.raises(NotACardList, match="同じ見出しの列が複数あります: 券面住所"):
        _faces(f"{_HEADER},券面住所\n{_ROW},町2\n")


def test_titles_above_and_headers_within_are_left_out() -> None:
    """Printed lists carry a title and repeat their header on every page."""
    read = _faces(f"カード券面一覧,令和8年6月1日\n\n{_HEADER}\n{_ROW}\n{_HEADER}\n{_NEXT}\n")
    assert [row.line for row in read.rows] == [4, 6]
    assert read.unreadable == ()
    assert read.notices == ("見出しの前の1行を読み飛ばしました",)


def test_quoted_cells_hold_commas_and_newlines() -> None:
    """Excel quotes what it must; ="001" is how it keeps zeros."""
    row = '="001","見本 ""太郎""",1990/08/19,"太田市\n見本町1,2"'
    read = _faces(f"{_HEADER}\n{row}\n{_NEXT}\n")
    assert read.rows[0].inquiry_number == "001"
    assert read.rows[0].name == '見本 "太郎"'
    assert read.rows[0].address == "太田市\n見本町1,2"
    assert [row.line for row in read.rows] == [2, 4]


def test_a_quotation_mark_never_closed_costs_its_own_row() -> None:
    """A plain reader would swallow the rest of the file as one cell."""
    stray = 'XA3,"見本　花子,1990/08/19,町3'
    more = "\n".join(f"XB{place},見本　太郎,1991/08/19,町" for place in range(40))
    read = _faces(f"{_HEADER}\n{_ROW}\n{stray}\n{_NEXT}\n{more}\n")
    assert len(read.rows) == 42
    assert read.unreadable == (
        UnreadableRow(line=3, reason="引用符が閉じていません", kept=False),
    )


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("XA3,見本,1990/08/19", "列の数が見出しと合いません"),
        ("XA3,見本,1990/08/19,町,1", "列の数が見出しと合いません"),
        ("合計,3", "列の数が見出しと合いません"),
        (",見本,1990/08/19,町", "照会番号が空です"),
        ("9.68E+08,見本,1990/08/19,町", "照会番号が読めません"),
        ("XA3,見\x00本,1990/08/19,町", "文字が壊れています"),
    ],
)
def test_a_row_that_cannot_be_read_costs_itself_only(row: str, reason: str) -> None:
    """The clerk finds it by its line; the other thousand go on."""
    read = _faces(f"{_HEADER}\n{_ROW}\n{row}\n{_NEXT}\n")
    assert [one.line for one in read.rows] == [2, 4]
    assert read.unreadable == (UnreadableRow(line=3, reason=reason, kept=False),)
    assert read.lost == 1


@pytest.mark.parametrize("encoding", ["cp932", "utf-8"])
def test_a_damaged_byte_costs_its_own_row(encoding: str) -> None:
    """A file that was UTF-8 all along must not be read as CP932 for one bad byte."""
    rows = [row.encode(encoding) for row in (_HEADER, _ROW, _NEXT)]
    broken = rows[1].replace("髙".encode(encoding), b"\x80\xff")
    read = _faces(b"\n".join([rows[0], broken, rows[2]]))
    assert [row.name for row in read.rows] == ["見本　太郎"]
    assert read.unreadable[0].reason == "文字が壊れています"


def test_a_cell_that_cannot_be_read_leaves_its_row() -> None:
    """So the card is still looked for, and the match shows the difference."""
    read = _faces(f"{_HEADER}\nXA3,見本,1990/13/19,\n")
    assert read.rows[0].birth is None
    assert read.unreadable == (
        UnreadableRow(
            line=2,
            reason="券面生年月日が読めません（暦にない日付です）",
            kept=True,
            inquiry_number="XA3",
        ),
        UnreadableRow(line=2, reason="券面住所が空です", kept=True, inquiry_number="XA3"),
    )
    assert read.lost == 0


def test_words_the_contract_does_not_know_are_reported() -> None:
    """An unknown 受取方法 or 異動区分 must not become the usual one."""
    issue = sample_file("issue_list").decode("cp932").replace("交付時来庁", "窓口", 1)
    read = read_list(issue.encode("cp932"), ListKind.ISSUE_LIST, _MAPPING)
    assert read.rows[0].receipt is None
    assert [row.reason for row in read.unreadable] == ["受取方法が読めません"]
    resident = sample_file("resident").decode("cp932").replace("転出", "？")
    found = read_list(resident.encode("cp932"), ListKind.RESIDENT, _MAPPING)
    assert [row.status for row in found.rows].count(ResidentStatus.UNKNOWN) == 3


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04\x14\x00",
        b"%PDF-1.7",
        b"\xd0\xcf\x11\xe0\xa1\xb1",
        b"\x89PNG\r\n",
        "照会番号".encode("utf-16"),
        b"<html>",
        bytes(range(256)) * 4,
        "何かの文書です。\n表ではありません。".encode(),
    ],
)
def test_what_is_no_list_is_refused(data: bytes) -> None:
    """A workbook renamed to .csv is what people hand in most."""
    with pytest.raises(NotACardList):
        _faces(data)


@pytest.mark.parametrize(
    "text", ["", "\r\n\r\n", " ,,\n", "\x1a", _HEADER, f"{_HEADER}\n,,,\n"]
)
def test_a_list_without_rows_is_refused(text: str) -> None:
    """An empty import that succeeds looks like a lot without faults."""
    with pytest.raises(EmptyList):
        _faces(text)


def test_a_list_in_which_nothing_can_be_read_is_refused() -> None:
    """It is another file with the right header."""
    with pytest.raises(NotACardList, match="読める行が一つもありません"):
        _faces(f"{_HEADER}\n合計,1\n")


def test_a_list_beyond_the_limit_is_refused_unread() -> None:
    """The limit guards memory, so it comes before any decoding."""
    with pytest.raises(ListTooLarge, match="1MBまで"):
        read_list(b"x" * 1_000_001, ListKind.RESIDENT, _MAPPING, max_bytes=1_000_000)


@pytest.mark.parametrize(
    "name", ["個人番号", "マイナンバー", "ﾏｲﾅﾝﾊﾞｰ", "個人 番号(12桁)", "暗証番号"]
)
def test_a_column_by_a_forbidden_name_is_refused(name: str) -> None:
    """Even an empty one: the next list from the same system would have it filled."""
    with pytest.raises(ForbiddenColumn):
        _faces(f"{_HEADER},{name}\n{_ROW},\n")


def test_a_column_about_the_card_is_no_column_of_numbers() -> None:
    """個人番号カード is in half of all headers of this trade."""
    read = _faces(f"{_HEADER},個人番号カード交付日,マイナンバーカード区分\n{_ROW},,\n")
    assert len(read.rows) == 1


@pytest.mark.parametrize(
    "cell",
    [
        f"マイナンバー {_NUMBER}",
        "6214-9832-0257",
        "暗証番号は1234",
        "個人番号６２１４９８３２０２５７",
    ],
)
def test_a_cell_with_a_forbidden_number_refuses_the_list(cell: str) -> None:
    """Also in a column that nobody would read; the message has the line, not the number."""
    with pytest.raises(ForbiddenNumber) as refusal:
        _faces(f"{_HEADER},備考\n{_ROW},\n{_NEXT},{cell}\n")
    assert str(refusal.value).startswith("3行目に")
    assert cell[-4:] not in str(refusal.value)


def test_a_column_of_numbers_without_a_name_is_refused() -> None:
    """Three of three fitting check digits are no chance; one in ten would be."""
    rows = [f"{_ROW},{number}" for number in (_NUMBER, "983205673214", "123456789018")]
    with pytest.raises(ForbiddenColumn, match="5列目"):
        _faces("\n".join([f"{_HEADER},番号", *rows]))
    few = _faces("\n".join([f"{_HEADER},番号", *rows[:2]]))
    assert few.notices[1] == (
        "個人番号などに見える数字があります（2行目、3行目）。確かめてください"
    )
    others = [f"{_ROW},{number}" for number in ("123456789012", "123456789013")] * 2
    mixed = _faces("\n".join([f"{_HEADER},番号", *rows, *others]))
    assert mixed.notices[1].startswith(
        "個人番号などに見える数字があります（2行目、3行目、4行目）"
    )


def test_a_lot_of_1200_is_read_and_matched_well_within_a_second() -> None:
    """Somebody waits in front of the screen."""
    lot = make_lot(LotPlan(rows=1200, seed=2, rough=True))
    begin = time.perf_counter()
    match(
        read_list(lot.files["issue_list"], ListKind.ISSUE_LIST, _MAPPING).rows,
        read_list(lot.files["resident"], ListKind.RESIDENT, _MAPPING).rows,
        read_list(lot.files["card_face"], ListKind.CARD_FACE, _MAPPING).rows,
    )
    assert time.perf_counter() - begin < 1


@pytest.mark.parametrize("filler", ['"', '"\n', ",", "\n", "髙\n", '",', "1" * 50 + "\n", "="])
def test_hostile_files_are_answered_quickly(filler: str) -> None:
    """A megabyte of quotation marks must not hold up everybody else."""
    data = f"{_HEADER}\n{filler * (400_000 // len(filler))}".encode("cp932")
    begin = time.perf_counter()
    with pytest.raises(DomainError):
        _faces(data)
    assert time.perf_counter() - begin < 10


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(tail: bytes) -> None:
    """No file may end in a crash."""
    header = f"{_HEADER}\n{_ROW}\n".encode("cp932")
    for data in (tail, header + tail):
        try:
            _faces(data)
        except DomainError:
            continue


@given(st.text(alphabet='見本0123456789RS./年月日,"暗証番号 ', max_size=30))
def test_nothing_said_about_a_row_repeats_it(text: str) -> None:
    """Reasons are shown, logged and kept; what stands in the list is not."""
    value = f"秘{text}密"
    rows = f"{value},見本,1990/01/01,町\nXA3,{value},{value},{value}\n"
    try:
        said = str(_faces(f"{_HEADER}\n{_ROW}\n{rows}").unreadable)
    except DomainError as refusal:
        said = str(refusal)
    assert "秘" not in said
    assert "密" not in said


def test_a_mapping_that_lacks_a_field_cannot_be_made() -> None:
    """A contract file is checked when it is loaded, not when a lot comes in."""
    columns = {kind.value: {"inquiry_number": ["番号"]} for kind in ListKind}
    with pytest.raises(ValueError, match="no column for"):
        ListMapping.from_tables(columns, receipt_words={}, status_words={})
    with pytest.raises(ValueError, match="no such list"):
        ListMapping.from_tables({"x": {}}, receipt_words={}, status_words={})
