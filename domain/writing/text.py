"""Japanese text of people: names for matching, characters outside the standard sets.

Belongs here: folds that compare and search, and what an encoding cannot hold. The value
that is stored is never folded: NFC alone would turn 神 U+FA19 into another character.
Does not belong here: dates (``eras``), addresses (``addresses``), secrets (``privacy``).
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from domain.writing.name_variants import FOLD

DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−－ｰー﹣⁃"), "-")
"""What people type for a dash; only safe where no word can stand, as between digits."""

_WIDTH_FORMS = re.compile(r"[\u3000\uff01-\uffee]+")
_HALF_WIDTH_KANA = re.compile(r"[\uff61-\uff9f]+")
_SELECTORS = re.compile(r"[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_REPEATED = re.compile(r"(.)々")
_ACCENTED = re.compile(r"[\u00c0-\u024f\u0300-\u036f\u1e00-\u1eff]")
_ACCENTS = re.compile(r"[\u0300-\u036f]")
_LATIN = re.compile(r"[A-Za-z]")
_KANA_FOLD = {code: code + 0x60 for code in range(0x3041, 0x3097)} | {
    ord(small): large
    for smalls, larges in (
        ("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ"),
        ("ぁぃぅぇぉっゃゅょゎゕゖ", "アイウエオツヤユヨワカケ"),
    )
    for small, large in zip(smalls, larges, strict=True)
}
_STAND_INS = frozenset("〓?？□■●�")
"""What systems print in place of a character they do not have."""

_KANJI_DIGIT = {digit: value for value, digit in enumerate("〇一二三四五六七八九")} | {"零": 0}
_KANJI_UNIT = {"十": 10, "百": 100}


class NameRelation(StrEnum):
    """How two written names relate."""

    SAME = "same"
    VARIANT = "variant"
    """Shapes of the same characters, or one side lacks a character: someone has to look."""

    DIFFERENT = "different"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gaiji:
    """A character that only the city which made it can draw."""

    position: int
    code_point: str
    """As people quote it: ``U+E000``."""

    cp932: str | None
    """Its place in the user-defined area, ``F040`` to ``F9FC``; ``None`` elsewhere."""


def full_width_kana(text: str) -> str:
    """Return ``text`` with half-width kana widened (ｶﾞ to ガ) and nothing else touched."""
    return _HALF_WIDTH_KANA.sub(_nfkc, text)


def name_layout(name: str) -> str:
    """Return the name without differences of layout: width, case, blanks around or within.

    Shapes of characters stay. Between Latin words one blank stays, since it divides names.
    """
    folded = _WIDTH_FORMS.sub(_nfkc, name).upper()
    joint = " " if _LATIN.search(folded) else ""
    return joint.join(folded.split())


def name_search(name: str) -> str:
    """Return the key under which all usual ways to write a name meet.

    For matching and searching only. NFKC, then variant shapes, kana without regard to
    script and size, Latin letters without accents, no blanks, no variation selectors.
    """
    folded = unicodedata.normalize("NFKC", _SELECTORS.sub("", name)).upper()
    folded = _without_accents("".join(folded.split())).translate(FOLD)
    return _REPEATED.sub(r"\1\1", folded).translate(_KANA_FOLD).translate(_NAME_DASHES)


def compare_names(one: str, other: str) -> NameRelation:
    """Tell whether two names are the same, shapes of the same, or different.

    A character that a system could not hold (外字, or 〓 in its place) may be any one
    character: such a pair is a variant, never the same.
    """
    if not one.strip() or not other.strip():
        return NameRelation.DIFFERENT
    if one == other or name_layout(one) == name_layout(other):
        return NameRelation.SAME
    keys = name_search(one), name_search(other)
    if keys[0] == keys[1] or _alike_but_for_gaiji(*keys):
        return NameRelation.VARIANT
    return NameRelation.DIFFERENT


def find_gaiji(text: str) -> tuple[Gaiji, ...]:
    """Return every private-use character of ``text``, in order.

    What such a character looks like is known to one city only: never compare between
    cities, never replace in what is stored.
    """
    if text.isascii():
        return ()
    return tuple(
        Gaiji(position=place, code_point=f"U+{ord(char):04X}", cp932=_user_defined(char))
        for place, char in enumerate(text)
        if _is_private(char)
    )


def shown(text: str) -> str:
    """Return ``text`` for a screen or paper, with 〓 where no font can know the shape."""
    return "".join("〓" if _is_private(char) else char for char in text)


def lost_in_cp932(text: str) -> tuple[str, ...]:
    """Return the characters that would not survive a CP932 file, each once, in order.

    Survive means to come back as they were: 〜 U+301C can be written but comes back as ～.
    """
    return tuple(char for char in dict.fromkeys(text) if not _survives_cp932(char))


def kanji_number(numerals: str) -> int:
    """Return the number that kanji numerals below 1000 name: 三十一, 二〇, 百五.

    Raises:
        ValueError: There is a character that is no numeral.
    """
    if numerals and set(numerals) <= _KANJI_DIGIT.keys():
        return int("".join(str(_KANJI_DIGIT[digit]) for digit in numerals))
    total, digit = 0, 0
    for numeral in numerals:
        if numeral in _KANJI_UNIT:
            total += (digit or 1) * _KANJI_UNIT[numeral]
            digit = 0
        elif numeral in _KANJI_DIGIT:
            digit = _KANJI_DIGIT[numeral]
        else:
            raise ValueError("not a kanji numeral")
    return total + digit


_NAME_DASHES = dict.fromkeys(DASHES, "ー") | {ord("-"): "ー"}


def _nfkc(found: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", found[0])


def _without_accents(text: str) -> str:
    # Only Latin letters lose their marks: か and が are two kana.
    if not _ACCENTED.search(text):
        return text
    plain = _ACCENTED.sub(lambda found: unicodedata.normalize("NFD", found[0])[0], text)
    return _ACCENTS.sub("", plain)


def _alike_but_for_gaiji(one: str, other: str) -> bool:
    if len(one) != len(other):
        return False
    pairs = [(left, right) for left, right in zip(one, other, strict=True) if left != right]
    return len(pairs) < len(one) and all(_may_be_any(a) or _may_be_any(b) for a, b in pairs)


def _may_be_any(char: str) -> bool:
    return char in _STAND_INS or _is_private(char)


def _is_private(char: str) -> bool:
    return unicodedata.category(char) == "Co"


def _user_defined(char: str) -> str | None:
    try:
        return char.encode("cp932").hex().upper()
    except UnicodeEncodeError:
        return None


def _survives_cp932(char: str) -> bool:
    try:
        return char.encode("cp932").decode("cp932") == char
    except UnicodeError:
        return False
