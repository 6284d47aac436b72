"""Finding what may be an Individual Number (個人番号) among other digits.

Belongs here: the check digit, runs of digits, what only looks like one. Does not belong
here: labels, levels and refusals (``privacy``). Nothing here keeps or returns a number.

All steps are linear in the text: groups of digits are found once, each gap and each window
is looked at once.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from operator import mul

LENGTH = 12
_WEIGHTS = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
_KANJI_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_SEPARATORS = frozenset(" -_.・·‐‑‒–—―−ーｰ\t\u200b\u200c\u200d\u2060\ufeff\u00ad")
_LONGEST_GAP = 3
_INTERNATIONAL = 11
"""+81 and nine digits of a fixed line; a mobile one has one more."""

_GROUP = re.compile(r"[0-9]+|[〇零一二三四五六七八九]+")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_LETTER = re.compile(r"[a-z]", re.IGNORECASE)


class Shape(StrEnum):
    """How twelve digits stand in a text."""

    GROUPED = "grouped"
    """4-4-4, as on the card."""

    ALONE = "alone"
    """Twelve digits between which there are at most separators."""

    WITHIN = "within"
    """Whole groups of a longer row of groups."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TwelveDigits:
    """A place where twelve digits stand; the digits themselves are not kept."""

    start: int
    end: int
    shape: Shape
    check_digit_fits: bool
    time_like: bool
    """They read as YYYYMMDDhhmm."""

    in_word: bool
    """A Latin letter touches them, as in an order number."""


@dataclass(frozen=True, slots=True)
class _Group:
    start: int
    end: int
    digits: str


def check_digit_fits(digits: str) -> bool:
    """Tell whether twelve digits end in the check digit of an Individual Number.

    Weights 6 5 4 3 2 7 6 5 4 3 2 from the left; the remainder of the sum by 11 gives 0 if
    it is 0 or 1, else 11 minus the remainder. One in ten other numbers fits as well.

    Source: 平成26年総務省令第85号 第5条 (個人番号の検査用数字を算出する算式).
    """
    if len(digits) != LENGTH or not (digits.isascii() and digits.isdigit()):
        raise ValueError("twelve ASCII digits are needed")
    rest = sum(map(mul, _WEIGHTS, map(int, digits[:-1]))) % 11
    return int(digits[-1]) == (0 if rest <= 1 else 11 - rest)


def fold_widths(text: str) -> str:
    """Return ``text`` with wide and styled letters and digits as plain ones.

    Every character stays one character, so that places in the result are places in
    ``text``; kanji digits stay, since they also build words.
    """
    if text.isascii():
        return text
    return "".join(char if char.isascii() else _plain(char) for char in text)


def find_twelve_digits(folded: str) -> Iterator[TwelveDigits]:
    """Yield the places of ``folded`` where twelve digits may be an Individual Number.

    Left out are telephone numbers (a leading +, or Japanese grouping), dates followed by
    other digits, numbers that are longer, and UUIDs.
    """
    masked = _UUID.sub(lambda found: "x" * len(found[0]), folded)
    for run in _runs(masked):
        for part in _without_phones_and_dates(masked, run):
            yield from _candidates(masked, part)


@lru_cache(maxsize=8192)
def _plain(char: str) -> str:
    folded = unicodedata.normalize("NFKC", char)
    if len(folded) == 1 and folded.isascii():
        return folded
    digit = unicodedata.digit(char, None)
    return char if digit is None else str(digit)


def _runs(text: str) -> Iterator[list[_Group]]:
    """Yield rows of digit groups that only separators divide."""
    run: list[_Group] = []
    for found in _GROUP.finditer(text):
        group = _Group(found.start(), found.end(), found[0].translate(_KANJI_DIGITS))
        if run and not _joined(text, run[-1], group):
            yield from _unless_foreign(text, run)
            run = []
        run.append(group)
    if run:
        yield from _unless_foreign(text, run)


def _joined(text: str, left: _Group, right: _Group) -> bool:
    gap = right.start - left.end
    return 0 < gap <= _LONGEST_GAP and _SEPARATORS.issuperset(text[left.end : right.start])


def _unless_foreign(text: str, run: list[_Group]) -> Iterator[list[_Group]]:
    # A plus is how an international number begins: +81 90 1234 5678 also has twelve digits.
    before = text[max(0, run[0].start - 2) : run[0].start].rstrip("( ")
    if not before.endswith("+"):
        yield run
        return
    taken, total = 0, 0
    while taken < len(run) and total < _INTERNATIONAL:
        total += len(run[taken].digits)
        taken += 1
    if taken < len(run):
        yield run[taken:]


def _without_phones_and_dates(text: str, run: list[_Group]) -> Iterator[list[_Group]]:
    part: list[_Group] = []
    place = 0
    while place < len(run):
        if _fits_as_on_card(run[place : place + 3]):
            # Before a telephone number: in 6214 9832 0257 090 ... 0257 begins none.
            part.extend(run[place : place + 3])
            place += 3
            continue
        skip = _phone_length(text, run[place : place + 3]) or _date_length(run, place)
        if not skip:
            part.append(run[place])
            place += 1
            continue
        if part:
            yield part
        part = []
        place += skip
    if part:
        yield part


def _fits_as_on_card(groups: list[_Group]) -> bool:
    return [len(group.digits) for group in groups] == [4, 4, 4] and check_digit_fits(
        "".join(group.digits for group in groups)
    )


def _phone_length(text: str, groups: list[_Group]) -> int:
    """Return how many groups from the first are a Japanese telephone number, 0 if none."""
    first = groups[0].digits
    if not first.startswith("0"):
        return 0
    if len(first) in (10, 11):
        return 1
    if len({text[one.end : two.start] for one, two in pairwise(groups)}) != 1:
        return 0
    shape = tuple(len(group.digits) for group in groups)
    fits = len(shape) == 3 and 2 <= shape[0] <= 5 and 1 <= shape[1] <= 4 and 3 <= shape[2] <= 4
    return 3 if fits and sum(shape) in (10, 11) else 0


def _date_length(run: list[_Group], place: int) -> int:
    """Return how many groups from ``place`` are a date, 0 if none."""
    if len(run[place].digits) == 8 and _is_date(run[place].digits):
        return 1
    three = [group.digits for group in run[place : place + 3]]
    if len(three) == 3 and len(three[0]) == 4 and max(map(len, three[1:])) <= 2:
        return 3 if _is_date(three[0] + three[1].zfill(2) + three[2].zfill(2)) else 0
    return 0


def _is_date(digits: str) -> bool:
    year, month, day = int(digits[:4]), int(digits[4:6]), int(digits[6:8])
    if not 1868 <= year <= 2100:
        return False
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _candidates(text: str, part: list[_Group]) -> Iterator[TwelveDigits]:
    if sum(len(group.digits) for group in part) == LENGTH:
        grouped = [len(group.digits) for group in part] == [4, 4, 4]
        yield _found(text, part, Shape.GROUPED if grouped else Shape.ALONE)
        return
    first, total = 0, 0
    for last, group in enumerate(part):
        total += len(group.digits)
        while total > LENGTH:
            total -= len(part[first].digits)
            first += 1
        if total != LENGTH or not _could_be(part, first, last):
            continue
        yield _found(text, part[first : last + 1], _shape(text, part, first, last))
        first, total = last + 1, 0


def _could_be(part: list[_Group], first: int, last: int) -> bool:
    """Tell whether groups of twelve digits are of one length and, if several, fit."""
    size = len(part[first].digits)
    if any(len(part[place].digits) != size for place in range(first + 1, last + 1)):
        return False
    return first == last or check_digit_fits(
        "".join(part[place].digits for place in range(first, last + 1))
    )


def _shape(text: str, part: list[_Group], first: int, last: int) -> Shape:
    """Return how a window of equal groups stands in its row."""
    if first == last:
        return Shape.ALONE
    gaps = [
        text[one.end : two.start] for one, two in pairwise(part[max(0, first - 1) : last + 2])
    ]
    inner = set(gaps[bool(first) : bool(first) + last - first])
    outer = gaps[: bool(first)] + gaps[bool(first) + last - first :]
    # 6214-9832-0257 2026: other separators around it say where the number ends.
    apart = len(inner) == 1 and inner.isdisjoint(outer)
    return Shape.GROUPED if apart and last - first == 2 else Shape.WITHIN


def _found(text: str, groups: list[_Group], shape: Shape) -> TwelveDigits:
    digits = "".join(group.digits for group in groups)
    start, end = groups[0].start, groups[-1].end
    around = text[max(0, start - 1) : start] + text[end : end + 1]
    return TwelveDigits(
        start=start,
        end=end,
        shape=shape,
        check_digit_fits=check_digit_fits(digits),
        time_like=(
            len(groups) == 1
            and _is_date(digits[:8])
            and int(digits[8:10]) < 24
            and int(digits[10:]) < 60
        ),
        in_word=bool(_LETTER.search(around)),
    )
