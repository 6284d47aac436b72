"""A venue day and everybody who may book there, through the product's own functions.

Here: asking from threads that start together. Not here: what has to come of it.
"""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time
from typing import Any

from pydantic_core import to_jsonable_python
from sqlalchemy import text

from activities.records import PostgresRecord
from api.access.door import Person
from api.booking import booking_holds, bookings
from api.booking.booking_access import Booked, Booker, value_in
from api.booking.booking_holds import Wanted
from api.deps import Desk
from domain.booking.booking_form import Applicant
from domain.booking.booking_rules import BookingChannel
from domain.booking.reservation import detail_of
from domain.calendars.hours import TOKYO
from domain.case import CLOCK, CaseChange, CaseEvent
from domain.errors import DomainError
from domain.parties import Role
from store import cases
from store.scope import scope
from tests.bookings import venue
from tests.stack import Stack
from workflows.messages import Recording

TOGETHER = 20.0
STAFF = {
    BookingChannel.PHONE: Role.CALL_AGENT,
    BookingChannel.WINDOW: Role.CALL_AGENT,
}


def desk_of(stack: Stack) -> Desk:
    found: Desk = stack.app.state.desk
    return found


def at_once(*steps: Callable[[], Any]) -> list[Any]:
    """Take steps in threads that start together; return what each gave or was refused."""
    door = threading.Barrier(len(steps))

    def take(step: Callable[[], Any]) -> Any:
        door.wait(TOGETHER)
        try:
            return step()
        except DomainError as refusal:
            return type(refusal).__name__

    with ThreadPoolExecutor(len(steps)) as threads:
        return list(threads.map(take, steps))


class Counter:
    """One venue day and everybody who may book there."""

    def __init__(
        self, stack: Stack, day: date = venue.DAY, *, now: datetime = venue.NOON
    ) -> None:
        venue.prepare(stack, day, now=now)
        self.stack = stack
        self.desk = desk_of(stack)
        self.loaded = self.desk.book.current(venue.CITY)
        self._serial = iter(range(1, 10_000))

    def booker(self, channel: BookingChannel = BookingChannel.PHONE, token: str = "") -> Booker:
        role = STAFF.get(channel)
        person = (
            None
            if role is None
            else Person(
                account_id=f"a-{channel}",
                municipality=venue.CITY,
                role=role,
                login=str(channel),
                display_name="電田 響",
            )
        )
        return Booker(municipality=venue.CITY, channel=channel, person=person, token=token)

    def hold(
        self,
        hour: int = 13,
        people: int = 1,
        channel: BookingChannel = BookingChannel.PHONE,
        applicant: Applicant | None = None,
        day: date = venue.DAY,
    ) -> Booked:
        wanted = Wanted(
            line=venue.LINE,
            venue=venue.SITE,
            starts_at=at(hour, day),
            people=people,
            reissue=False,
            applicant=applicant,
        )
        return booking_holds.hold(
            self.desk, self.booker(channel), self.loaded, wanted, key=self.key()
        )

    def confirm(self, case_id: str, key: str | None = None, **more: Any) -> Booked:
        asked = {"applicant": somebody(next(self._serial))} | more
        return bookings.confirm(
            self.desk, self.booker(), self.loaded, case_id, key=key or self.key(), **asked
        )

    def book(self, hour: int = 13, people: int = 1) -> str:
        held = self.hold(hour, people)
        return self.confirm(held.case_id).case_id

    def change(self, case_id: str, hour: int) -> Booked:
        return bookings.change(
            self.desk,
            self.booker(),
            self.loaded,
            case_id,
            key=self.key(),
            venue=venue.SITE,
            starts_at=at(hour),
        )

    def cancel(self, case_id: str) -> Booked:
        return bookings.cancel(
            self.desk, self.booker(), self.loaded, case_id, key=self.key(), reason="都合"
        )

    def lapse(self, case_id: str) -> str:
        """Let the hold end as its course does, which knows of its beginning alone."""
        with scope(self.desk.engine, venue.CITY) as connection:
            file = cases.one_case(connection, case_id)
        value, now = value_in(file), self.stack.clock()
        assert value.held_until is not None
        after = value.lapse(value.held_until)
        recorded = PostgresRecord(self.desk.engine, self.desk.keys).record(
            Recording(
                case=file.ref,
                key="due/hold_lapsed",
                event=CaseEvent(
                    action="hold_lapsed", at=now, actor=CLOCK, detail=detail_of(after)
                ),
                change=CaseChange(
                    stage=after.stage,
                    state={**file.state, "value": to_jsonable_python(after)},
                    closed=after.closed,
                    owner=after.owner,
                ),
                after=1,
            )
        )
        return "behind" if recorded.ahead else "lapsed"

    def stage(self, case_id: str) -> str:
        with scope(self.desk.engine, venue.CITY) as connection:
            return cases.one_case(connection, case_id).stage

    def taken(self, hour: int) -> int:
        with scope(self.desk.engine, venue.CITY) as connection:
            found: int = connection.execute(
                text("SELECT taken FROM booking_slot WHERE line = :line AND starts_at = :at"),
                {"line": venue.LINE, "at": at(hour)},
            ).scalar_one()
            return found

    def key(self) -> str:
        return f"key-{next(self._serial)}"


def at(hour: int, day: date = venue.DAY) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=TOKYO)


def somebody(number: int) -> Applicant:
    return Applicant(
        kana="チバ　ハナコ",
        birth_date=date(1985, 4, 1),
        address="千葉市中央区千葉港1番1号",
        people=1,
        phone=f"+8190{number:08d}",
    )
