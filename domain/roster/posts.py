"""Posts that somebody has to hold, and the days and hours on which a contract wants it.

Belongs here: which place needs somebody from when to when. Does not belong here: who holds
it (``domain.roster.coverage``), files (``contracts``). Sources: Yokosuka specification
§15(7); Chiba 第2-2; Ota §8(2)①(ア).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from domain.calendars.calendar import Calendar
from domain.calendars.hours import at_clock, at_end

WHOLE = ""
"""The place of a post that one person holds for all places of a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One responsibility of a contract that is never without a person."""

    id: str
    label: str
    """統括責任者."""
    calendars: tuple[str, ...] = ()
    """Every open day of these wants somebody."""
    venue_calendar: str = ""
    """Hours of the venues, each of whose planned days wants somebody; empty: none does."""
    each_place: bool = False
    """Whether every place wants a person of its own; otherwise one holds them all."""
    apart_from: tuple[str, ...] = ()
    """Posts that somebody else has to hold on the same day."""
    telephone: bool = False
    """Whether the city has to be able to call whoever holds it."""
    seen_days: int
    """How many days before a vacancy becomes an incident."""
    due: str = ""
    """Id of the due rule by which it is filled, counted from the vacant day."""
    clause: str = ""

    def __post_init__(self) -> None:
        if not self.calendars and not self.venue_calendar:
            raise ValueError(f"{self.id}: no day wants anybody")
        if self.id in self.apart_from:
            raise ValueError(f"{self.id}: nobody is apart from themselves")
        if self.seen_days < 0:
            raise ValueError(f"{self.id}: a vacancy is seen before it begins")


@dataclass(frozen=True, slots=True, kw_only=True)
class VenueOpen:
    """A day on which a venue is planned."""

    day: date
    site: str
    label: str
    planned_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One day on which one place wants somebody, and during which hours."""

    post: str
    place: str
    place_label: str
    day: date
    starts: datetime
    ends: datetime

    @property
    def key(self) -> tuple[str, str, date]:
        """What makes it the same need."""
        return self.post, self.place, self.day


@dataclass(frozen=True, slots=True)
class _At:
    """A place that is worked at on a day."""

    place: str
    label: str
    starts: datetime
    ends: datetime


def must_differ(one: Post, other: Post) -> bool:
    """Say whether two posts have to be held by different persons on the same day."""
    return other.id in one.apart_from or one.id in other.apart_from


def needs(
    posts: Iterable[Post],
    calendars: Mapping[str, Calendar],
    venues: Iterable[VenueOpen],
    first: date,
    last: date,
) -> tuple[Need, ...]:
    """Return every need of some days, both included, in the order of days and posts.

    Args:
        posts: Of the contract.
        calendars: Those that the posts name, with their closures.
        venues: Days of venues as planned, withdrawn ones left out.
        first: From here on.
        last: Up to here.

    Raises:
        CalendarNotKnown: The holidays of such a year are not at hand.
    """
    posts, planned = tuple(posts), tuple(venues)
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return tuple(
        need
        for day in days
        for post in posts
        for need in _of(post, list(_worked_at(post, calendars, planned, day)), day)
    )


def _of(post: Post, places: list[_At], day: date) -> Iterator[Need]:
    if places and not post.each_place:
        starts, ends = min(at.starts for at in places), max(at.ends for at in places)
        places = [_At(WHOLE, "", starts, ends)]
    for at in places:
        yield Need(
            post=post.id,
            place=at.place,
            place_label=at.label,
            day=day,
            starts=at.starts,
            ends=at.ends,
        )


def _worked_at(
    post: Post, calendars: Mapping[str, Calendar], venues: tuple[VenueOpen, ...], day: date
) -> Iterator[_At]:
    for name in post.calendars:
        calendar = calendars[name]
        hours = _hours(calendar, day)
        if hours is not None:
            yield _At(name, calendar.label, *hours)
    if not post.venue_calendar:
        return
    hours = _hours(calendars[post.venue_calendar], day)
    for venue in venues:
        if hours is not None and venue.day == day:
            # Nobody was missing before anybody knew that the venue would be open.
            starts = max(hours[0], venue.planned_at)
            yield _At(f"venue/{venue.site}", venue.label, starts, max(starts, hours[1]))


def _hours(calendar: Calendar, day: date) -> tuple[datetime, datetime] | None:
    """Return from when to when staff is there; ``None`` on a closed day."""
    hours = calendar.day(day).hours
    if hours is None:
        return None
    starts = hours.staff_from or hours.ready_by or hours.opens
    return at_clock(day, starts), at_end(day, hours.staff_to or hours.closes)
