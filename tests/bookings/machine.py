"""Everything that residents, staff, clocks and closures can do to one venue day.

A state machine over the product's own functions on a real database. What the inventory
counts is held against what the reservations say they take, after every single step. Not
here: how long it runs (``test_properties``).
"""

import itertools
from collections import Counter
from dataclasses import asdict
from datetime import date, datetime, time, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
)
from sqlalchemy import text

from activities.records import PostgresRecord
from api.access.door import Person
from api.booking import booking_holds, booking_plan, bookings
from api.booking.booking_access import Booker, value_in
from api.booking.booking_holds import Wanted
from api.deps import Desk, running
from domain.booking.booking_errors import (
    FullyBooked,
    HoldExpired,
    OutsideBookingWindow,
    SlotClosed,
)
from domain.booking.booking_form import Applicant
from domain.booking.booking_rules import BookingChannel
from domain.booking.reservation import Reservation, detail_of, taken
from domain.booking.reservation_clock import Due, next_moment, passed
from domain.calendars.hours import TOKYO, Closure
from domain.case import CLOCK, Actor, CaseChange, CaseEvent
from domain.errors import WrongStage
from domain.parties import Role
from store import cases, contract_state, displacing, venue_days
from store.cases import CaseFile
from store.contract_state import AddedClosure
from store.scope import scope
from store.venue_days import VenueDay
from tests.bookings import venue
from tests.stack import Stack
from workflows.messages import Recording

HOURS = (13, 14, 15)
PARTIES = st.integers(1, 6)
BY = Actor(account_id="a-agent", role=Role.CALL_AGENT)
_serial = itertools.count(1)


class Bookings(RuleBasedStateMachine):
    """One venue on one day, from noon twelve days before."""

    stack: Stack
    desk: Desk

    def __init__(self) -> None:
        super().__init__()
        self.site = f"site-{next(_serial)}"
        self.ids: list[str] = []
        self.closed: dict[str, int | None] = {}
        self.stack.clock.now = venue.NOON
        self.loaded = self.desk.book.current(venue.CITY)
        person = Person(
            account_id=BY.account_id,
            municipality=venue.CITY,
            role=Role.CALL_AGENT,
            login="agent",
            display_name="電田 響",
        )
        self.booker = Booker(
            municipality=venue.CITY, channel=BookingChannel.PHONE, person=person
        )
        planned = VenueDay(
            site=self.site, day=venue.DAY, planned_by="system", planned_at=venue.NOON
        )
        with scope(self.desk.engine, venue.CITY) as connection:
            venue_days.plan(connection, venue.CITY, venue.CITY, planned)
        self._lay_out()

    # What happens.

    @rule(hour=st.sampled_from(HOURS), people=PARTIES)
    def hold(self, hour: int, people: int) -> None:
        room = self._free(hour)
        wanted = Wanted(
            line=venue.LINE,
            venue=self.site,
            starts_at=_at(hour),
            people=people,
            reissue=False,
        )
        try:
            booked = booking_holds.hold(self.desk, self.booker, self.loaded, wanted, key=_key())
        except SlotClosed:
            assert room is None
        except FullyBooked:
            assert room is not None
            assert room < people
        except OutsideBookingWindow:
            assert self._now() >= _at(hour)
        else:
            assert room is not None
            assert people <= room
            self.ids.append(booked.case_id)

    @precondition(lambda self: self.ids)
    @rule(data=st.data())
    def confirm(self, data: st.DataObject) -> None:
        case_id, value = self._one(data)
        try:
            bookings.confirm(
                self.desk,
                self.booker,
                self.loaded,
                case_id,
                key=_key(),
                applicant=_applicant(),
            )
        except HoldExpired:
            assert value.held_until is None or value.held_until <= self._now()
        except WrongStage:
            assert value.stage != "held"
        else:
            assert value.held_until is not None
            assert self._now() < value.held_until

    @precondition(lambda self: self.ids)
    @rule(data=st.data(), hour=st.sampled_from(HOURS))
    def move(self, data: st.DataObject, hour: int) -> None:
        case_id, value = self._one(data)
        room = self._free(hour)
        try:
            bookings.change(
                self.desk,
                self.booker,
                self.loaded,
                case_id,
                key=_key(),
                venue=self.site,
                starts_at=_at(hour),
            )
        except WrongStage:
            assert not value.changeable or value.place.starts_at == _at(hour)
        except (SlotClosed, FullyBooked):
            assert room is None or room < value.places
            assert value == self._value(case_id)

    @precondition(lambda self: self.ids)
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        case_id, value = self._one(data)
        try:
            bookings.cancel(
                self.desk, self.booker, self.loaded, case_id, key=_key(), reason="都合"
            )
        except WrongStage:
            assert value.ended

    @rule(minutes=st.sampled_from((1, 9, 10, 11)))
    def wait(self, minutes: int) -> None:
        self.stack.clock.now = self._now() + timedelta(minutes=minutes)

    @precondition(lambda self: self.ids)
    @rule(data=st.data(), late=st.booleans())
    def let_the_course_act(self, data: st.DataObject, late: bool) -> None:
        """A course that does not know of the last step is refused, whatever is due."""
        case_id, _ = self._one(data)
        file = self._file(case_id)
        if late and file.last_seq > 1:
            assert not self._pass(file, after=file.last_seq - 1)
        else:
            self._pass(file, after=file.last_seq)

    @precondition(lambda self: not self.closed)
    @rule(hour=st.sampled_from((*HOURS, None)))
    def close(self, hour: int | None) -> None:
        name = f"closure-{next(_serial)}"
        closure = Closure(
            day=venue.DAY,
            cause="台風",
            starts=time(hour) if hour else None,
            ends=time(hour + 1) if hour else None,
        )
        added = AddedClosure(
            closure_id=name,
            calendar="venue",
            closure=closure,
            added_by="system",
            added_at=self._now(),
            withdrawn_at=None,
        )
        with scope(self.desk.engine, venue.CITY) as connection:
            contract_state.add_closure(connection, venue.CITY, venue.CITY, added)
        self._lay_out()
        self.closed[name] = hour
        self._displace()

    @precondition(lambda self: self.closed)
    @rule()
    def reopen(self) -> None:
        self._withdraw()

    # What always holds.

    @invariant()
    def the_count_is_what_the_reservations_take(self) -> None:
        expected: Counter[datetime] = Counter()
        for case_id in self.ids:
            for place, places in taken(self._value(case_id)).items():
                assert place.site == self.site
                expected[place.starts_at] += places
        with scope(self.desk.engine, venue.CITY) as connection:
            slots = connection.execute(
                text(
                    "SELECT starts_at, taken, capacity FROM booking_slot"
                    " WHERE line = :line AND site = :site"
                ),
                {"line": venue.LINE, "site": self.site},
            ).all()
            days = connection.execute(
                text(
                    "SELECT taken, capacity FROM booking_day"
                    " WHERE line = :line AND site = :site"
                ),
                {"line": venue.LINE, "site": self.site},
            ).all()
        counted = {row.starts_at: row.taken for row in slots if row.taken}
        assert {at: n for at, n in expected.items() if n} == counted
        assert [sum(counted.values())] == [row.taken for row in days]
        assert all(row.taken <= row.capacity for row in (*slots, *days))

    def teardown(self) -> None:
        """When all have ended and every delay is over, no place is missing."""
        self._withdraw()
        for case_id in self.ids:
            if not self._value(case_id).ended:
                bookings.cancel(
                    self.desk, self.booker, self.loaded, case_id, key=_key(), reason="終了"
                )
        self.stack.clock.now = self._now() + timedelta(hours=1)
        for case_id in self.ids:
            file = self._file(case_id)
            while self._pass(file, after=file.last_seq):
                file = self._file(case_id)
        self.the_count_is_what_the_reservations_take()
        assert [12] * len(HOURS) == [self._free(hour) for hour in HOURS]

    # How it is done.

    def _pass(self, file: CaseFile, *, after: int) -> bool:
        """Record what is due, as the course does; tell whether anything was recorded."""
        value, now = value_in(file), self._now()
        assert isinstance(value, Reservation)
        moment = next_moment(value, now)
        if moment is None or moment.at > now or moment.due is Due.REMIND:
            return False
        then = passed(value, moment.due, now)
        event = CaseEvent(action=str(moment.due), at=now, actor=CLOCK, detail=detail_of(then))
        change = CaseChange(
            stage=then.stage,
            state={**file.state, "value": asdict(then)},
            closed=then.closed,
            owner=then.owner,
        )
        recorded = PostgresRecord(self.desk.engine, self.desk.keys).record(
            Recording(
                case=file.ref,
                key=f"due/{moment.due}/{moment.at.isoformat()}",
                event=event,
                change=change,
                after=after,
            )
        )
        return not recorded.ahead

    def _one(self, data: st.DataObject) -> tuple[str, Reservation]:
        case_id = data.draw(st.sampled_from(self.ids))
        return case_id, self._value(case_id)

    def _file(self, case_id: str) -> CaseFile:
        with scope(self.desk.engine, venue.CITY) as connection:
            return cases.one_case(connection, case_id)

    def _value(self, case_id: str) -> Reservation:
        return value_in(self._file(case_id))

    def _free(self, hour: int) -> int | None:
        """Return what is free at a time; ``None`` if it is closed."""
        with scope(self.desk.engine, venue.CITY) as connection:
            row = connection.execute(
                text(
                    "SELECT least(s.capacity - s.taken, d.capacity - d.taken) AS free,"
                    " coalesce(s.closed_cause, d.closed_cause) AS closed"
                    " FROM booking_slot s JOIN booking_day d"
                    " USING (municipality, contract, line, site, day)"
                    " WHERE line = :line AND site = :site AND starts_at = :at"
                ),
                {"line": venue.LINE, "site": self.site, "at": _at(hour)},
            ).one()
        return None if row.closed else row.free

    def _withdraw(self) -> None:
        with scope(self.desk.engine, venue.CITY) as connection:
            for name in self.closed:
                contract_state.withdraw_closure(
                    connection, venue.CITY, name, by="system", at=self._now()
                )
        self.closed.clear()
        self._lay_out()

    def _lay_out(self) -> None:
        contract = running(self.desk, venue.CITY, self.loaded)
        with scope(self.desk.engine, venue.CITY) as connection:
            booking_plan.lay_out_day(connection, venue.CITY, contract, venue.DAY)

    def _displace(self) -> None:
        displacing.displace(self.desk.engine, self.desk.keys, venue.CITY, by=BY, at=self._now())

    def _now(self) -> datetime:
        return self.stack.clock()


def _at(hour: int, day: date = venue.DAY) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=TOKYO)


def _key() -> str:
    return f"key-{next(_serial)}"


def _applicant() -> Applicant:
    """Return somebody else each time: how many one contact may have is not asked here."""
    return Applicant(
        kana="チバ　ハナコ",
        birth_date=date(1985, 4, 1),
        address="千葉市中央区千葉港1番1号",
        people=1,
        phone=f"+8190{next(_serial):08d}",
    )
