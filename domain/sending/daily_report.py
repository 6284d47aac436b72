"""The daily report (日次報告書): what was asked, and who came, on an operating day.

It stands beside the reservation list and tells nobody's name. Days without operation belong
to the operating day after them, so that every day is counted once. Belongs here: its parts,
its figures, what differs between two versions, the paper. Does not belong here: counting
(``store.daily_figures``), how it reaches the city (``list_sending``). Source: Chiba
specification 第2-3(3)ア, 第2-1(1)エ; what is counted where, is assumed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from domain.booking.booking_rules import BookingChannel
from domain.calendars.day_rules import day_ja
from domain.calendars.hours import clock, local
from domain.calls.inquiry import Channel


class Part(StrEnum):
    """What the city gets of a day."""

    LIST = "list"
    INQUIRIES = "inquiries"
    VISITORS = "visitors"


PART_TEXT: Mapping[Part, str] = {
    Part.LIST: "予約受付一覧",
    Part.INQUIRIES: "問い合わせ件数",
    Part.VISITORS: "来場者数",
}


class Asked(StrEnum):
    """What somebody wanted."""

    BOOKING = "booking"
    CHANGE = "change"
    CANCELLATION = "cancellation"
    OTHER = "other"


ASKED_TEXT: Mapping[Asked, str] = {
    Asked.BOOKING: "予約",
    Asked.CHANGE: "予約の変更",
    Asked.CANCELLATION: "予約の取消",
    Asked.OTHER: "その他の問い合わせ",
}


class Way(StrEnum):
    """How it came."""

    PHONE = "phone"
    WEB = "web"
    ELSEWHERE = "elsewhere"


WAY_TEXT: Mapping[Way, str] = {
    Way.PHONE: "電話",
    Way.WEB: "WEB・メール",
    Way.ELSEWHERE: "窓口ほか",
}
_WAY_OF: Mapping[str, Way] = {
    BookingChannel.PHONE: Way.PHONE,
    BookingChannel.WEB: Way.WEB,
    Channel.MAIL: Way.WEB,
}


def way_of(channel: str) -> Way:
    """Return in which column something stands that came by a channel."""
    return _WAY_OF.get(channel, Way.ELSEWHERE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportTerms:
    """What the report of a day is to be about; settled when the day is over."""

    since: date
    """The first day that it counts: the one after the operating day before."""

    venue: bool
    """Whether a venue was held; without one there is no third part."""

    version: int = 1
    before: "Figures | None" = None
    """What the version before said, once that was sent."""

    @property
    def parts(self) -> tuple[Part, ...]:
        """What the city gets: three parts of a day with a venue, two of any other."""
        return tuple(each for each in Part if each is not Part.VISITORS or self.venue)


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many people wanted the same in the same way."""

    asked: Asked
    way: Way
    number: int
    people: int = 0
    """For how many people; zero where nobody asked how many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitors:
    """Who came to one venue."""

    site: str
    """Empty where nobody recorded at which."""

    booked: int
    walk_ins: int

    @property
    def total(self) -> int:
        """Everybody who came."""
        return self.booked + self.walk_ins


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The numbers of a day, as they were sent."""

    counts: tuple[Count, ...] = ()
    visitors: tuple[Visitors, ...] | None = None
    """``None``: no venue was held, so the report has no such part."""

    def number(self, asked: Asked, way: Way | None = None) -> int:
        """Return how many wanted something, in one way or in any."""
        return sum(
            each.number
            for each in self.counts
            if each.asked is asked and way in {None, each.way}
        )

    def people(self, asked: Asked) -> int:
        """Return for how many people they wanted it."""
        return sum(each.people for each in self.counts if each.asked is asked)

    @property
    def received(self) -> int:
        """受電数: every call after which something was recorded."""
        return sum(self.number(asked, Way.PHONE) for asked in Asked)

    @property
    def changed(self) -> int:
        """予約変更者数: who moved a booking or gave it up."""
        return self.number(Asked.CHANGE) + self.number(Asked.CANCELLATION)

    @property
    def came(self) -> int | None:
        """来場者数; ``None`` where no venue was held."""
        return None if self.visitors is None else sum(each.total for each in self.visitors)

    @property
    def told(self) -> tuple[tuple[str, int | None], ...]:
        """The numbers that the clause names, in its order."""
        return (
            ("受電数", self.received),
            ("予約者数", self.number(Asked.BOOKING)),
            ("予約変更者数", self.changed),
            ("その他問い合わせ数", self.number(Asked.OTHER)),
            ("来場者数", self.came),
        )


def differences(before: Figures, after: Figures) -> tuple[str, ...]:
    """Say which of the named numbers another version has changed, and how."""
    pairs = zip(before.told, after.told, strict=True)
    return tuple(
        f"{name} {_words(was)}→{_words(now)}" for (name, was), (_, now) in pairs if was != now
    )


def _words(number: int | None) -> str:
    return "該当なし" if number is None else f"{number:,}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyReport:
    """The report as paper."""

    city_name: str
    day: date
    terms: ReportTerms
    figures: Figures
    as_of: datetime
    rows: int | None
    """How many reservations stand on the list beside it; ``None``: nothing was made yet."""

    places: tuple[tuple[str, str], ...] = ()
    """The name of each venue that is named, by its id."""

    @property
    def title(self) -> str:
        """What stands above it."""
        again = f"（第{self.terms.version}版）" if self.terms.version > 1 else ""
        return f"日次報告書 {day_ja(self.day, year=True)}{again}"

    @property
    def day_text(self) -> str:
        """The operating day."""
        return day_ja(self.day, year=True)

    @property
    def days_text(self) -> str:
        """The days whose inquiries it counts."""
        last = day_ja(self.day, year=True)
        alone = self.terms.since == self.day
        return last if alone else f"{day_ja(self.terms.since, year=True)}～{day_ja(self.day)}"

    @property
    def as_of_text(self) -> str:
        """The moment at which it was so."""
        moment = local(self.as_of)
        return f"{day_ja(moment.date(), year=True)} {clock(moment.time())}"

    @property
    def table(self) -> tuple[tuple[str, tuple[int, ...], int], ...]:
        """What was wanted, by way, with the sum and for how many people."""
        return tuple(
            (
                ASKED_TEXT[asked],
                (*(self.figures.number(asked, way) for way in Way), self.figures.number(asked)),
                self.figures.people(asked),
            )
            for asked in Asked
        )

    @property
    def by_venue(self) -> tuple[tuple[str, Visitors], ...]:
        """Who came, by the name of the venue."""
        names = dict(self.places)
        return tuple(
            (names.get(each.site, each.site) or "会場の記録なし", each)
            for each in self.figures.visitors or ()
        )

    @property
    def corrections(self) -> tuple[str, ...]:
        """What this version changes of the one before; empty where nothing of it changed."""
        before = self.terms.before
        return () if before is None else differences(before, self.figures)
