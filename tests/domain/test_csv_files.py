"""Tables as CSV: every character as it was, and nothing that a spreadsheet would run."""

import csv
import io

import pytest

from domain.lots.list_errors import CharactersLost
from domain.writing.csv_files import Encoding, guarded, to_csv

HEAD = ("予約番号", "氏名")
HOSTILE = [
    "=1+1",
    '=HYPERLINK("http://example","x")',
    "+81432455111",
    "-2+3",
    "@SUM(A1)",
    "＝１＋１",
    "＠SUM",
    "\t=1",
    "\r=1",
    "\n=1",
    "'=1",
    "''=1",
]
HARMLESS = [
    "髙橋 﨑子",
    "𠮷田",
    "葛\U000e0100飾",
    "O'Brien",
    "'Abd al-Malik",
    "ー",
    "",
    "a=b",
    "043-245-5111",
    '引用"符',
    "改\n行",
    "読点、と,コンマ",
]


def read(content: bytes, encoding: str) -> list[list[str]]:
    """Return the cells as a program reads them."""
    return list(csv.reader(io.StringIO(content.decode(encoding), newline="")))


def given_back(cell: str) -> str:
    """Return what a cell was before it was guarded."""
    return cell[1:] if cell.startswith("'") and guarded(cell[1:]) == cell else cell


@pytest.mark.req("CHIBA-27")
@pytest.mark.parametrize("text", HARMLESS)
def test_ordinary_texts_are_written_as_they_are(text: str) -> None:
    """
    A name is not made safe by becoming another name.
    """
    content = to_csv(HEAD, {"1": ("1", text)}, Encoding.UTF_8)

    assert [list(HEAD), ["1", text]] == read(content, "utf-8-sig")


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_spreadsheet_would_run_becomes_text_and_can_be_given_back(text: str) -> None:
    """
    One apostrophe more, so that no text is lost.
    """
    ((_, cell),) = read(to_csv(HEAD, {"1": ("1", text)}, Encoding.UTF_8), "utf-8-sig")[1:]

    assert f"'{text}" == cell
    assert text == given_back(cell)


@pytest.mark.parametrize("text", [*HARMLESS, *HOSTILE])
def test_guarding_can_always_be_undone(text: str) -> None:
    """
    Also where a text began with an apostrophe of its own.
    """
    assert text == given_back(guarded(text))


def test_without_the_guard_a_formula_would_stand_in_the_file() -> None:
    """
    The control: the library itself guards nothing.
    """
    text = io.StringIO()
    csv.writer(text).writerow(["=1+1"])

    assert text.getvalue().startswith("=")


def test_a_spreadsheet_knows_the_encoding_by_its_mark() -> None:
    """
    Without it, it would read every name as something else.
    """
    assert to_csv(HEAD, {}, Encoding.UTF_8).startswith(b"\xef\xbb\xbf")
    assert "予約番号,氏名\r\n".encode("cp932") == to_csv(HEAD, {}, Encoding.CP932)


def test_cp932_takes_what_it_can_give_back() -> None:
    """
    The characters of councils' own lists are among them.
    """
    content = to_csv(HEAD, {"1": ("1", "髙橋 﨑子①㈱")}, Encoding.CP932)

    assert [list(HEAD), ["1", "髙橋 﨑子①㈱"]] == read(content, "cp932")


@pytest.mark.parametrize("lost", ["𠮷", "〜", "葛\U000e0100", "é", "−"])
def test_cp932_refuses_what_it_would_change(lost: str) -> None:
    """
    With the place of each, the code of the character, and what to do instead.
    """
    rows = {"A-1": ("A-1", "佐藤"), "A-2": ("A-2", f"山{lost}田")}

    with pytest.raises(CharactersLost) as refused:
        to_csv(HEAD, rows, Encoding.CP932)

    told = str(refused.value)
    assert "A-2 の「氏名」" in told
    assert f"U+{ord(lost[-1]):04X}" in told
    assert "A-1" not in told
    assert "UTF-8のCSVかExcel形式" in told
    assert "田" not in told


def test_a_refusal_of_very_many_stays_readable() -> None:
    """
    It says how many more there are.
    """
    rows = {f"A-{n}": (f"A-{n}", "𠮷") for n in range(25)}

    with pytest.raises(CharactersLost, match="ほか5か所"):
        to_csv(HEAD, rows, Encoding.CP932)
