"""Rosters: which days want somebody, who may be entered, and when nobody was there."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from domain.calendars.hours import TOKYO
from domain.contract import calendar_of
from domain.errors import DomainError, FieldMissing, ReasonMissing
from domain.roster.coverage import ChangeReason, Entry, Line, Wanted, changes, lines
from domain.roster.posts import Need, Post, VenueOpen, needs
from domain.roster.roster_errors import DutyOver, NobodyNeeded, SamePersonTwice
from tests.contracts.cities import city

WEDNESDAY = date(2026, 9, 16)
"""The centre of Yokosuka is closed, the city works."""

LONG_AGO = datetime(2022, 1, 1, tzinfo=UTC)


def clock(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=TOKYO)


def needed(slug: str, first: date, last: date, *venues: VenueOpen) -> tuple[Need, ...]:
    contract = city(slug)
    calendars = {each.name: calendar_of(contract, each.name) for each in contract.calendars}
    return needs(contract.roster, calendars, venues, first, last)


def entry(
    need: Need, who: str | None, at: datetime = LONG_AGO, number: int = 1, **more: Any
) -> Entry:
    return Entry(
        post=need.post,
        place=need.place,
        day=need.day,
        number=number,
        account_id=who,
        set_by="manager-1",
        set_at=at,
        **more,
    )


def one_day(*entries: tuple[str | None, datetime]) -> Line:
    (need,) = needed("yokosuka", WEDNESDAY, WEDNESDAY)
    made = (entry(need, who, at, number) for number, (who, at) in enumerate(entries, 1))
    return Line(need=need, entries=tuple(made))


@pytest.mark.parametrize(
    ("day", "wanted"),
    [
        (date(2026, 9, 15), True),
        (WEDNESDAY, True),
        (date(2026, 9, 17), True),
        (date(2026, 9, 19), False),
        (date(2026, 9, 20), False),
        (date(2026, 9, 21), False),
        (date(2026, 9, 23), False),
        (date(2026, 12, 29), True),
        (date(2026, 12, 31), True),
        (date(2027, 1, 1), False),
    ],
)
def test_yokosuka_is_reachable_on_every_working_day_of_the_city(
    day: date, wanted: bool
) -> None:
    """
    Also while the centre is closed and at the year's end; not on Saturdays and holidays.
    """
    found = needed("yokosuka", day, day)

    assert [wanted] == [bool(found)]
    hours = [(clock(day, 8, 30), clock(day, 17, 15))] if wanted else []
    assert hours == [(each.starts, each.ends) for each in found]


def test_a_day_without_a_person_is_a_gap_from_its_first_minute() -> None:
    """
    Asked at any later time, also after the day, it is the same moment; not a minute before.
    """
    line = one_day()

    assert line.vacant
    assert line.gap(clock(WEDNESDAY, 8, 29)) is None
    for later in (clock(WEDNESDAY, 8, 30), clock(WEDNESDAY, 12), clock(date(2026, 10, 1), 9)):
        assert clock(WEDNESDAY, 8, 30) == line.gap(later)


@pytest.mark.parametrize(
    ("entries", "gap"),
    [
        ([("a", (8, 0))], None),
        ([("a", (8, 30))], None),
        ([("a", (9, 10))], (8, 30)),
        ([("a", (8, 0)), ("b", (11, 0))], None),
        ([("a", (8, 0)), (None, (11, 0))], (11, 0)),
        ([("a", (8, 0)), (None, (11, 0)), ("b", (11, 20))], (11, 0)),
        ([("a", (8, 0)), (None, (8, 10)), ("b", (8, 20))], None),
        ([("a", (8, 0)), (None, (17, 15))], None),
        ([("a", (8, 0)), (None, (18, 0))], None),
    ],
)
def test_somebody_is_there_at_all_times(
    entries: list[tuple[str | None, tuple[int, int]]], gap: tuple[int, int] | None
) -> None:
    """
    Replaced at short notice there is no gap; taken off there is, until somebody follows.
    """
    line = one_day(*((who, clock(WEDNESDAY, *at)) for who, at in entries))

    expected = None if gap is None else clock(WEDNESDAY, *gap)
    assert expected == line.gap(clock(date(2026, 9, 30), 9))


def test_who_has_left_holds_nothing() -> None:
    """
    An account that ended is a person who does not come.
    """
    (need,) = needed("yokosuka", WEDNESDAY, WEDNESDAY)
    gone = entry(need, "a", left_at=clock(WEDNESDAY, 10))
    line = Line(need=need, entries=(gone,))
    followed = replace(line, entries=(gone, entry(need, "b", clock(WEDNESDAY, 9), 2)))

    assert line.vacant
    assert clock(WEDNESDAY, 10) == line.gap(clock(WEDNESDAY, 12))
    assert (False, None) == (followed.vacant, followed.gap(clock(WEDNESDAY, 12)))


SATURDAY = date(2022, 8, 6)
MONDAY = date(2022, 8, 8)
MALL = VenueOpen(day=SATURDAY, site="mall", label="中央モール", planned_at=LONG_AGO)
HALL = VenueOpen(day=MONDAY, site="hall", label="区民館", planned_at=LONG_AGO)


def test_chiba_wants_somebody_at_every_venue_and_at_the_call_centre() -> None:
    """
    One who leads it all on every day of work, and at each place one of its own; a day
    without work wants nobody.
    """
    found = needed("chiba", SATURDAY, MONDAY, MALL, HALL)

    assert [
        (SATURDAY, "overall_manager", "", "9:30-17:30"),
        (SATURDAY, "responsible_person", "venue/mall", "9:30-17:30"),
        (MONDAY, "overall_manager", "", "8:30-20:30"),
        (MONDAY, "responsible_person", "call_centre", "8:30-17:00"),
        (MONDAY, "responsible_person", "venue/hall", "12:30-20:30"),
    ] == [
        (each.day, each.post, each.place, f"{each.starts:%-H:%M}-{each.ends:%-H:%M}")
        for each in found
    ]


def asked(post: Post, first: date, last: date, who: str | None = "a", **more: Any) -> Wanted:
    return Wanted(post=post, place="", first=first, last=last, account_id=who, **more)


def entered(wanted: Wanted, known: Iterable[Line], now: datetime, slug: str) -> list[Entry]:
    return [*changes(wanted, known, city(slug).roster, by="manager-1", now=now)]


def test_a_range_is_entered_at_once_and_only_where_somebody_is_wanted() -> None:
    """
    Two weeks with two holidays and two weekends; asked again nothing changes.
    """
    (post,) = city("yokosuka").roster
    first, last = date(2026, 9, 14), date(2026, 9, 27)
    wanted = asked(post, first, last, telephone="046-822-4000")
    known = lines(needed("yokosuka", first, last), (), {})

    made = entered(wanted, known, LONG_AGO, "yokosuka")
    again = entered(
        wanted, lines([line.need for line in known], made, {}), LONG_AGO, "yokosuka"
    )
    wednesdays = replace(wanted, weekdays=frozenset({2}))

    assert [14, 15, 16, 17, 18, 24, 25] == [each.day.day for each in made]
    assert [] == again
    assert [16] == [each.day.day for each in entered(wednesdays, known, LONG_AGO, "yokosuka")]


@pytest.mark.parametrize("turned", [False, True], ids=["overall first", "responsible first"])
def test_the_same_person_in_both_is_refused(turned: bool) -> None:
    """
    Whichever was entered first, at whichever place; another day does not matter.
    """
    overall, responsible = city("chiba").roster
    known = lines(needed("chiba", SATURDAY, MONDAY, MALL, HALL), (), {})
    at_mall = replace(asked(responsible, SATURDAY, SATURDAY), place="venue/mall")
    both = [asked(overall, SATURDAY, SATURDAY), at_mall]
    one, other = reversed(both) if turned else both
    made = entered(one, known, LONG_AGO, "chiba")
    after = lines([line.need for line in known], made, {})

    with pytest.raises(SamePersonTwice):
        entered(other, after, LONG_AGO, "chiba")
    somebody_else = entered(replace(other, account_id="b"), after, LONG_AGO, "chiba")
    next_day = replace(at_mall, place="venue/hall", first=MONDAY, last=MONDAY)

    assert [SATURDAY] == [each.day for each in somebody_else]
    assert [MONDAY] == [each.day for each in entered(next_day, after, LONG_AGO, "chiba")]


@pytest.mark.parametrize(
    ("change", "now", "refused"),
    [
        ({}, clock(WEDNESDAY, 9), ReasonMissing),
        ({"account_id": None}, clock(WEDNESDAY, 9), ReasonMissing),
        ({"telephone": ""}, clock(WEDNESDAY, 9), FieldMissing),
        ({"reason": ChangeReason.ABSENCE}, clock(WEDNESDAY, 17, 15), DutyOver),
        ({"place": "venue/none"}, clock(WEDNESDAY, 9), NobodyNeeded),
        ({"first": date(2026, 9, 19), "last": date(2026, 9, 20)}, LONG_AGO, NobodyNeeded),
    ],
    ids=["no reason", "taken off", "no number", "over", "no such place", "weekend"],
)
def test_what_cannot_be_entered(
    change: dict[str, Any], now: datetime, refused: type[DomainError]
) -> None:
    """
    Somebody stands there already: whoever replaces them says why, and passed days stay.
    """
    (post,) = city("yokosuka").roster
    line = one_day(("a", LONG_AGO))
    wanted = asked(post, WEDNESDAY, WEDNESDAY, "b", telephone="046-822-4000")

    with pytest.raises(refused):
        entered(replace(wanted, **change), [line], now, "yokosuka")


def test_a_replacement_keeps_who_was_there_before() -> None:
    """
    With its reason, as one more entry.
    """
    (post,) = city("yokosuka").roster
    line, now = one_day(("a", LONG_AGO)), clock(WEDNESDAY, 10)
    wanted = asked(
        post, WEDNESDAY, WEDNESDAY, "b", telephone="046-1", reason=ChangeReason.ABSENCE
    )

    (made,) = entered(wanted, [line], now, "yokosuka")
    (after,) = lines([line.need], [made, *line.entries], {})

    assert (2, "b", "absence", "manager-1", now) == (
        made.number,
        made.account_id,
        made.reason,
        made.set_by,
        made.set_at,
    )
    assert ["a", "b"] == [each.account_id for each in after.entries]
    assert after.gap(now + timedelta(days=1)) is None


@pytest.mark.parametrize(
    "more",
    [{}, {"calendars": ("a",), "apart_from": ("x",)}, {"calendars": ("a",), "seen_days": -1}],
)
def test_a_post_that_makes_no_sense_is_a_bug(more: dict[str, Any]) -> None:
    """
    A day, somebody else, a length.
    """
    with pytest.raises(ValueError, match="x: "):
        Post(**{"id": "x", "label": "x", "seen_days": 1, **more})


def test_ota_wants_its_responsible_person_on_every_open_day() -> None:
    """
    From when its staff is ready.
    """
    found = needed("ota", date(2026, 9, 14), date(2026, 9, 27))

    assert [14, 15, 16, 17, 18, 24, 25] == [each.day.day for each in found]
    assert {"8:20"} == {f"{each.starts:%-H:%M}" for each in found}
