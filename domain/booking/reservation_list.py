"""The reservation list (予約受付一覧): who comes when, as everybody reads it.

One value for page, table and paper, so that all of them show the same. Belongs here: what a
row holds, its columns and their words, the order. Does not belong here: reading reservations
(``store.day_lists``), the shape of files (``domain.writing.csv_files``,
``activities.list_files``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from domain.booking.booking_rules import BookingChannel
from domain.booking.reservation_parts import STAGE_TEXT, Stage
from domain.calendars.day_rules import day_ja
from domain.calendars.hours import clock, local

LISTED = (
    Stage.CONFIRMED,
    Stage.TO_ENTER,
    Stage.DISPLACED,
    Stage.ARRIVED,
    Stage.NO_SHOW,
    Stage.CANCELLED,
)
"""What is a reservation, or was one; a hold that nobody confirmed never became any."""

COLUMNS: Mapping[str, str] = {
    "day": "来場日",
    "time": "時間",
    "venue": "会場",
    "line": "受付",
    "number": "予約番号",
    "kana": "氏名（カナ）",
    "name": "氏名",
    "people": "人数",
    "phone": "電話番号",
    "channel": "予約方法",
    "state": "状態",
    "guided": "案内",
}
"""Every column with its head, in their order."""

HIDDEN = "（表示できません）"
"""In place of a person whom this reader may not see."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRow:
    """One reservation; texts of people stand as they were typed."""

    case_id: str
    starts_at: datetime
    ends_at: datetime
    venue: str
    line: str
    number: str
    kana: str
    name: str
    people: int
    phone: str
    channel: BookingChannel
    stage: Stage
    guided: bool
    must_phone: bool = False
    late: bool = False

    @property
    def open(self) -> bool:
        """Tell whether it is confirmed and nothing proves that its people were guided."""
        return self.stage is Stage.CONFIRMED and not self.guided

    @property
    def cancelled(self) -> bool:
        """Tell whether nobody comes any more."""
        return self.stage is Stage.CANCELLED

    @property
    def day(self) -> date:
        """The day of the visit."""
        return local(self.starts_at).date()

    @property
    def time_text(self) -> str:
        """From when until when."""
        starts, ends = local(self.starts_at), local(self.ends_at)
        return f"{clock(starts.time())}～{clock(ends.time())}"

    @property
    def state_text(self) -> str:
        """How it stands, with what somebody has to do."""
        words = STAGE_TEXT[self.stage]
        if self.late:
            words += "（遅れ）"
        return f"{words}（要電話）" if self.must_phone else words

    @property
    def guided_text(self) -> str:
        """Whether it is proved that the people know what to bring."""
        if self.guided:
            return "済"
        return "未" if self.open else ""

    def cells(self) -> tuple[str, ...]:
        """Return its texts in the order of ``COLUMNS``."""
        return (
            self.day.isoformat(),
            self.time_text,
            self.venue,
            self.line,
            self.number,
            self.kana,
            self.name,
            str(self.people),
            self.phone,
            self.channel.ja,
            self.state_text,
            self.guided_text,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservationList:
    """The rows of one day, or of a day and all that follow, as of a moment."""

    city_name: str
    first: date
    last: date | None
    """``None``: every day after it, as far as there are reservations."""

    as_of: datetime
    rows: tuple[ListRow, ...]
    venue: str = ""
    """Name of the place; empty for all of them."""

    line: str = ""
    only_open: bool = False

    def __post_init__(self) -> None:
        moments = [row.starts_at for row in self.rows]
        if moments != sorted(moments):
            raise ValueError("a reservation list is in the order of time")

    @property
    def days_text(self) -> str:
        """Which days it is about."""
        first = day_ja(self.first, year=True)
        if self.last is None:
            return f"{first}以後"
        return first if self.last == self.first else f"{first}～{day_ja(self.last, year=True)}"

    @property
    def as_of_text(self) -> str:
        """The moment at which it was so."""
        moment = local(self.as_of)
        return f"{day_ja(moment.date(), year=True)} {clock(moment.time())}"

    @property
    def title(self) -> str:
        """What stands above it."""
        return f"予約受付一覧 {self.days_text}"

    @property
    def bookings(self) -> int:
        """How many reservations, without the cancelled ones."""
        return sum(not row.cancelled for row in self.rows)

    @property
    def people(self) -> int:
        """How many people they are."""
        return sum(row.people for row in self.rows if not row.cancelled)

    @property
    def cancelled(self) -> int:
        """How many were cancelled."""
        return len(self.rows) - self.bookings

    @property
    def open(self) -> int:
        """How many are confirmed without proof of guidance."""
        return sum(row.open for row in self.rows)
