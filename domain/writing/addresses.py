"""When two written addresses are one place.

Belongs here: the comparison of a list's, the register's and a card's address. Does not
belong here: finding out where a place is; an address is never derived or corrected.

The same place, written differently: width of letters and digits, blanks, dots, the dash
used between numbers, 3丁目2番1号 and 3-2-1, 229番地の12 and 229-12, 26番地 and 26, 二丁目 and
2丁目, 102号室 and 102号, ヶ and ケ, variant shapes (藪 and 薮), a prefecture left out.

Not the same, a person decides: another or an added word (太田市石原町 and 太田市新田石原町,
also 大字), another number, another building or room, a building or room on one side only,
1丁目12 and 1番地12.
"""

import re
import unicodedata
from enum import StrEnum

from domain.writing.name_variants import FOLD
from domain.writing.text import DASHES, kanji_number


class AddressRelation(StrEnum):
    """How two written addresses relate."""

    SAME = "same"
    WRITTEN_DIFFERENTLY = "written_differently"
    """One place, in two ways of writing."""

    BUILDING_DIFFERS = "building_differs"
    """The same lot number, but another building or room, or none on one side."""

    DIFFERENT = "different"


_Token = tuple[str, str]
"""A word and ``""``, or a number and what divides it from the next."""

_PREFECTURE = re.compile(r"北海道|東京都|(?:京都|大阪)府|[^\d市区町村]{2,3}県")
_NUMERALS = re.compile(r"[〇一二三四五六七八九十百]+(?=丁目|番|号)")
_BETWEEN_DIGITS = re.compile(r"(?<=\d)\s*[-・･、,.]\s*(?=\d)|(?<=\d)\s+(?=\d)")
_IDLE = re.compile(r"[\s\-・･、,.]+")
_TOKEN = re.compile(
    r"(\d+)(丁目|番地の(?=\d)|番地|番の(?=\d)|番|号室|号|の(?=\d)|/)?|(\D+?)(?=\d|$)", re.DOTALL
)
_DIVIDER = {
    "丁目": "丁目",
    "番地の": "番",
    "番地": "番",
    "番の": "番",
    "番": "番",
    "号室": "号",
    "号": "号",
}


def compare_addresses(one: str, other: str) -> AddressRelation:
    """Tell whether two written addresses are one place; a missing one is no place."""
    if not one.strip() or not other.strip():
        return AddressRelation.DIFFERENT
    if one == other:
        return AddressRelation.SAME
    left, right = _tokens(one, other)
    if _agree(left, right):
        return AddressRelation.WRITTEN_DIFFERENTLY
    if _agree(_lot(left), _lot(right)) and _lot(left):
        return AddressRelation.BUILDING_DIFFERS
    return AddressRelation.DIFFERENT


def _tokens(one: str, other: str) -> tuple[list[_Token], list[_Token]]:
    folded = _fold(one), _fold(other)
    prefectures = [_PREFECTURE.match(text) for text in folded]
    if all(prefectures) or not any(prefectures):
        return _split(folded[0]), _split(folded[1])
    # One side leaves the prefecture out; what follows has to agree on its own.
    rest = [
        text[found.end() :] if found else text
        for text, found in zip(folded, prefectures, strict=True)
    ]
    return _split(rest[0]), _split(rest[1])


def _fold(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).upper().translate(FOLD).replace("ヶ", "ケ")
    folded = _NUMERALS.sub(lambda found: str(kanji_number(found[0])), folded)
    # A long vowel (ー) is a dash only between digits; in ハイツー it is part of the word.
    folded = re.sub(r"(?<=\d)\s*[ー]\s*(?=\d)", "/", folded)
    keep_vowels = {code: dash for code, dash in DASHES.items() if code != ord("ー")}
    folded = _BETWEEN_DIGITS.sub("/", folded.translate(keep_vowels))
    return _IDLE.sub("", folded)


def _split(text: str) -> list[_Token]:
    return [
        (found[3], "") if found[3] else (found[1].lstrip("0") or "0", _divider(found[2]))
        for found in _TOKEN.finditer(text)
    ]


def _divider(word: str | None) -> str:
    return _DIVIDER.get(word or "", "-")


def _agree(left: list[_Token], right: list[_Token]) -> bool:
    return len(left) == len(right) and all(
        a == b and (x == y or "-" in (x, y)) for (a, x), (b, y) in zip(left, right, strict=True)
    )


def _lot(tokens: list[_Token]) -> list[_Token]:
    """Return the tokens up to the end of the first row of numbers: town and lot."""
    end = 0
    while end < len(tokens) and not tokens[end][0].isdigit():
        end += 1
    while end < len(tokens) and tokens[end][0].isdigit():
        end += 1
    return tokens[:end] if any(number.isdigit() for number, _ in tokens[:end]) else []
