"""When somebody is tried again: on days and at hours at which somebody calls."""

from datetime import date, datetime, time

import pytest

from contracts.loader import load
from domain.calendars.hours import TOKYO, Closure
from domain.contract import calendar_of
from domain.defects.defect_errors import NotReachableThen
from domain.defects.next_try import TryTimes, Wish, next_look, next_try, wished_try

FRIDAY = date(2026, 9, 18)
"""Before Monday to Wednesday that are holidays."""

STORM = Closure(day=date(2026, 9, 19), cause="台風")


def times(city: str, *closures: Closure) -> TryTimes:
    contract = load(city).contract
    rules = contract.defects
    assert rules is not None
    return TryTimes(calendar=calendar_of(contract, rules.calendar, closures), at=rules.try_at)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=TOKYO)


@pytest.mark.parametrize(
    ("now", "tries", "expected"),
    [
        # Ageo: 10:00, 18:00, 14:00 in turn, every day of the year
        ("09-18T10:10", 1, "09-18T18:00"),
        ("09-18T18:05", 2, "09-19T14:00"),
        ("09-19T14:01", 3, "09-20T10:00"),
        ("09-18T16:30", 1, "09-19T18:00"),
        ("12-31T18:01", 3, "01-01T10:00"),
    ],
)
def test_the_time_of_day_changes_from_try_to_try(now: str, tries: int, expected: str) -> None:
    """
    Who is out in the morning may be there in the evening; nobody is called again at once.
    """
    found = next_try(times("ageo"), moment(now), tries=tries)

    assert expected == f"{found:%m-%dT%H:%M}"


def test_a_closed_day_is_left_out() -> None:
    """
    A storm closes Ageo's Saturday; Chiba calls on working days only.
    """
    stormy = next_try(times("ageo", STORM), moment("09-18T18:05"), tries=2)
    chiba = times("chiba")
    weekend = next_try(chiba, datetime(2022, 9, 16, 16, 30, tzinfo=TOKYO), tries=2)

    assert moment("09-20T14:00") == stormy
    # The 19th was a holiday.
    assert datetime(2022, 9, 20, 13, 0, tzinfo=TOKYO) == weekend


@pytest.mark.parametrize(
    ("on", "at", "expected"),
    [
        (date(2026, 9, 20), time(19, 30), "09-20T19:30"),
        (date(2026, 9, 20), None, "09-20T10:00"),
        (FRIDAY, None, "09-18T14:00"),
        (None, time(9, 30), "09-19T09:30"),
        (FRIDAY, time(9, 30), None),
        (date(2026, 9, 20), time(20, 30), None),
        (date(2026, 9, 17), None, None),
        (None, time(20, 30), None),
    ],
)
def test_a_wish_holds_where_somebody_calls_then(
    on: date | None, at: time | None, expected: str | None
) -> None:
    """
    It is now Friday at noon; what is over or closed is refused, and nothing else taken for it.
    """
    wish, now = Wish(on=on, at=at), moment("09-18T12:00")
    if expected is not None:
        assert moment(expected) == wished_try(times("ageo"), now, wish)
        return
    with pytest.raises(NotReachableThen):
        wished_try(times("ageo"), now, wish)


def test_a_visit_is_followed_by_the_next_time_of_any_kind() -> None:
    """
    Not by that which would be its turn.
    """
    assert moment("09-18T14:00") == next_look(times("ageo"), moment("09-18T11:00"))


def test_after_the_calendar_has_ended_it_comes_up_all_the_same() -> None:
    """
    Ageo's calls end with the contract; a case that is left goes on.
    """
    after_the_term = datetime(2027, 6, 1, 12, tzinfo=TOKYO)

    found = next_try(times("ageo"), after_the_term, tries=1)

    assert datetime(2027, 6, 2, 10, tzinfo=TOKYO) == found
