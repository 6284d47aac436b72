"""A line that left the house holds all days before it, and says which of them was changed."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.records.digests import Day, DayEnd, Digest, chained, contradictions, day_of, read

FIRST = date(2026, 11, 9)
LAST = FIRST + timedelta(days=3)


def day(*hashes: str) -> Day:
    return day_of(DayEnd(case_id=f"case-{n}", seq=n, hash=h) for n, h in enumerate(hashes, 1))


DAYS = {FIRST: day("a", "b"), FIRST + timedelta(days=1): day("c"), LAST: day("d")}


def handed_over() -> list[Digest]:
    return list(chained("ota", DAYS, LAST))


def found(lines: list[Digest], days: dict[date, Day]) -> list[tuple[int, str]]:
    """Return how many days after the first something differs, and what."""
    return [((each.day - FIRST).days, each.problem) for each in contradictions(lines, days)]


def test_every_day_has_a_line_also_one_without_work() -> None:
    """
    A day that is missing from what a city was given is noticed by its date.
    """
    lines = handed_over()

    assert [FIRST + timedelta(days=n) for n in range(4)] == [each.day for each in lines]
    assert [2, 1, 0, 1] == [each.cases for each in lines]
    assert lines == [read(each.line) for each in lines]


def test_what_was_handed_over_fits_a_record_that_only_grew() -> None:
    """
    New days change nothing of the old ones.
    """
    grown = DAYS | {LAST + timedelta(days=1): day("e", "f")}

    assert [] == found(handed_over(), grown)


@pytest.mark.parametrize(
    ("changed", "problems"),
    [
        (DAYS | {FIRST: day("a", "x")}, [(0, "digest_differs")]),
        (DAYS | {FIRST: day("a")}, [(0, "digest_differs")]),
        ({LAST: DAYS[LAST]}, [(0, "digest_differs"), (1, "digest_differs")]),
        (DAYS | {FIRST + timedelta(days=2): day("x")}, [(2, "digest_differs")]),
        (DAYS | {FIRST - timedelta(days=1): day("x")}, [(0, "digest_unlinked")]),
    ],
    ids=["changed", "removed", "days removed", "added", "added before the first"],
)
def test_the_day_that_was_changed_is_named_and_no_other(
    changed: dict[date, Day], problems: list[tuple[int, str]]
) -> None:
    """
    Whoever has to look into it begins with that day.
    """
    assert problems == found(handed_over(), changed)


def test_the_last_line_alone_holds_every_day_before_it() -> None:
    """
    A city that kept one sheet of paper can still tell that something was changed.
    """
    (*_, last) = handed_over()

    assert [] == found([last], DAYS)
    assert [(3, "digest_unlinked")] == found([last], DAYS | {FIRST: day("a", "x")})


def test_a_line_that_was_written_anew_does_not_fit_the_next() -> None:
    """
    Lines hang together as the record does.
    """
    lines = handed_over()
    forged = dict(DAYS) | {FIRST: day("a", "x")}
    (anew, *_) = chained("ota", forged, FIRST)

    assert (1, "digest_unlinked") in found([anew, *lines[1:]], forged)


@pytest.mark.parametrize("line", ["", "ota", "ota 2026-11-09 2 abc abc", "2026-11-09"])
def test_what_is_no_line_is_not_taken_for_one(line: str) -> None:
    """
    A slip of the pen must not pass as a line that was compared.
    """
    with pytest.raises(ValueError, match="a line is"):
        read(line)


def test_a_line_of_another_city_is_another_line() -> None:
    """
    Two cities on which the same was recorded do not share a digest.
    """
    (line, *_) = handed_over()

    assert [(0, "digest_differs")] == found([replace(line, municipality="chiba")], DAYS)
