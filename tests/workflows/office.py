"""Courses of cases on a queue of their own, with moved clocks and stand-ins for the world.

Belongs here: opening cases, acting on them, letting days pass. Does not belong here: what
a test expects.
"""

import secrets
from collections.abc import Awaitable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

import pytest
from pydantic import TypeAdapter
from pydantic_core import to_jsonable_python
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowHandle, WorkflowUpdateFailedError
from temporalio.testing import TimeSkipper
from temporalio.worker import Worker

from api.problems import root_refusal
from domain.applications.application import Application
from domain.booking.reservation import Reservation, detail_of
from domain.booking.venue_case import Venue
from domain.calls.external_entry import ExternalEntry
from domain.calls.inquiry import Inquiry
from domain.case import RESIDENT, Actor, CaseEvent, CaseKind
from domain.deadlines.deadline import Deadline
from domain.handoff import Handoff
from domain.lots.card import Card
from domain.lots.custody import Holder, ItemKind, item_id
from domain.lots.lot import Lot
from domain.lots.returned_mail import ReturnedMail
from domain.procedures.consent import ConsentDocument
from domain.procedures.procedure import Procedure
from domain.procedures.visit import Visit
from domain.sending.list_sending import ListSending
from tests.builders import (
    TOKYO,
    a_card,
    a_case,
    a_lot,
    a_reservation,
    a_visit,
    returned_mail,
)
from tests.fakes import (
    InMemoryRecord,
    ScriptedDefects,
    ScriptedLists,
    ScriptedLots,
    ScriptedMessages,
    ScriptedNotices,
    ScriptedPhotos,
)
from tests.stack import eventually
from worker import build_worker
from workflows.application_messages import OpenApplication
from workflows.call_messages import OpenExternalEntry, OpenInquiry
from workflows.keeping import change_of
from workflows.list_messages import OpenListSending
from workflows.messages import (
    Act,
    CaseView,
    OpenCard,
    OpenHandoff,
    OpenLot,
    OpenReservation,
    OpenReturnedMail,
    OpenVisit,
    Recording,
)
from workflows.names import workflow_id
from workflows.procedure_messages import OpenProcedure
from workflows.venue_messages import OpenVenue

Found = TypeVar("Found")
Consents = tuple[ConsentDocument, ...]

_A_MOMENT = timedelta(seconds=1)


@dataclass
class Course:
    """One case that runs, as the people around it deal with it."""

    skipper: TimeSkipper
    record: InMemoryRecord
    handle: WorkflowHandle[Any, CaseView]
    case_id: str
    skipped: timedelta = timedelta()

    @property
    def now(self) -> datetime:
        """Return the case's own time."""
        return datetime.now(TOKYO) + self.skipped

    async def act(
        self,
        action: str,
        by: Actor,
        reason: str | None = None,
        *,
        key: str | None = None,
        deadline: Deadline | None = None,
        **fields: Any,
    ) -> CaseView:
        """Take a step."""
        return await self.ask(
            Act(action=action, by=by, reason=reason, fields=fields, deadline=deadline), key
        )

    async def begin_procedure(
        self, value: Procedure, by: Actor, *, key: str | None = None
    ) -> CaseView:
        """Begin a procedure for the visitor, with its plan."""
        return await self.ask(Act(action="add_procedure", by=by, procedure=value), key)

    async def begin_application(
        self, value: Application, by: Actor, consents: Consents = ()
    ) -> CaseView:
        """Begin an application for the visitor."""
        return await self.ask(
            Act(action="add_application", by=by, application=value, consents=consents)
        )

    async def consent(self, consents: Consents, by: Actor, **fields: Any) -> CaseView:
        """Record what the applicant said to documents."""
        return await self.ask(
            Act(action="record_consent", by=by, consents=consents, fields=fields)
        )

    async def ask(self, act: Act, key: str | None = None) -> CaseView:
        """Ask for a step that comes with more than fields."""
        answer: CaseView = await self.handle.execute_update(
            "act", act, id=key or secrets.token_hex(8), result_type=CaseView
        )
        return answer

    async def view(self) -> CaseView:
        """Ask how it stands."""
        seen: CaseView = await self.handle.query("view", result_type=CaseView)
        return seen

    async def signal(self, name: str, message: object) -> None:
        """Tell it something."""
        await self.handle.signal(name, message)

    async def reach(self, moment: datetime) -> None:
        """Let time pass for this case until just after ``moment``."""
        way = moment - self.now + _A_MOMENT
        await self.skipper.fast_forward(self.handle, way)
        self.skipped += way

    async def ended(self) -> CaseView:
        """Wait for its end."""
        return await self.handle.result()

    @property
    def actions(self) -> list[str]:
        """Return what its record says happened."""
        return self.record.actions(self.case_id)

    @property
    def rung(self) -> list[tuple[str, datetime, str | None]]:
        """Return the alarms in its record: what, when due, whom it reached."""
        return [
            (
                each.event.action,
                datetime.fromisoformat(str(each.event.detail["alarm_at"])),
                None if each.event.detail["to"] is None else str(each.event.detail["to"]),
            )
            for each in self.record.recorded[self.case_id]
            if "alarm_at" in each.event.detail
        ]

    async def updates_in_history(self) -> int:
        """Return how many updates its history knows of."""
        accepted = EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED
        events = [each async for each in self.handle.fetch_history_events()]
        return sum(each.event_type == accepted for each in events)


@dataclass
class Office:
    """One office with its own queue, record and back room."""

    skipper: TimeSkipper
    queue: str
    city: str
    record: InMemoryRecord = field(default_factory=InMemoryRecord)
    lots: ScriptedLots = field(default_factory=ScriptedLots)
    notices: ScriptedNotices = field(default_factory=ScriptedNotices)
    messages: ScriptedMessages = field(default_factory=ScriptedMessages)
    lists: ScriptedLists = field(default_factory=ScriptedLists)
    defects: ScriptedDefects = field(default_factory=ScriptedDefects)
    photos: ScriptedPhotos = field(default_factory=ScriptedPhotos)

    def staffed(self, threads: ThreadPoolExecutor) -> Worker:
        """Return a worker as production builds it, with stand-ins for the world."""
        return build_worker(
            self.skipper.client,
            self.record,
            self.lots,
            self.notices,
            self.messages,
            self.lists,
            self.defects,
            self.photos,
            threads=threads,
            task_queue=self.queue,
        )

    async def start(
        self,
        name: str,
        kind: CaseKind,
        message: Any,
        *,
        task_timeout: timedelta | None = None,
    ) -> Course:
        """Start the course of a case, as the relay does."""
        case_id = message.case.case_id
        self.record.deadlines[case_id] = message.deadline
        handle: WorkflowHandle[Any, CaseView] = await self.skipper.client.start_workflow(
            name,
            message,
            id=workflow_id(self.city, kind, case_id),
            task_queue=self.queue,
            result_type=CaseView,
            task_timeout=task_timeout,
        )
        return Course(self.skipper, self.record, handle, case_id)

    async def card(
        self, deadline: Deadline, card: Card | None = None, *, lot: str | None = None
    ) -> Course:
        """Start a card; it lies where its value says."""
        value = card or a_card()
        thing = item_id(value.case_id, ItemKind.CARD)
        if value.card_at is not Holder.OUTSIDE:
            self.record.holders[thing] = value.card_at
        case = a_case(value.case_id, self.city, lot)
        message = OpenCard(case=case, card=value, deadline=deadline)
        return await self.start("Card", CaseKind.CARD, message)

    async def lot(
        self,
        value: Lot | None = None,
        deadline: Deadline | None = None,
        *,
        task_timeout: timedelta | None = None,
    ) -> Course:
        """Start a lot."""
        lot = value or a_lot()
        case = a_case(lot.case_id, self.city)
        message = OpenLot(case=case, lot=lot, deadline=deadline)
        return await self.start("Lot", CaseKind.LOT, message, task_timeout=task_timeout)

    async def mail(
        self, value: ReturnedMail | None = None, deadline: Deadline | None = None
    ) -> Course:
        """Start a returned item; it lies with the provider."""
        mail = value or returned_mail()
        self.record.holders[item_id(mail.case_id, ItemKind.RETURNED_MAIL)] = Holder.PROVIDER
        case = a_case(mail.case_id, self.city, "card-1")
        message = OpenReturnedMail(case=case, mail=mail, deadline=deadline)
        return await self.start("ReturnedMail", CaseKind.RETURNED_MAIL, message)

    async def visit(self, value: Visit | None = None) -> Course:
        """Start a visit."""
        value = value or a_visit()
        message = OpenVisit(case=a_case(value.case_id, self.city), visit=value)
        return await self.start("Visit", CaseKind.VISIT, message)

    async def reservation(
        self, value: Reservation | None = None, deadline: Deadline | None = None
    ) -> Course:
        """Start a reservation."""
        held = value or a_reservation()
        case = a_case(held.case_id, self.city)
        message = OpenReservation(case=case, reservation=held, deadline=deadline)
        return await self.start("Reservation", CaseKind.RESERVATION, message)

    def claim(
        self,
        after: Reservation,
        action: str,
        moment: datetime,
        deadline: Deadline | None = None,
    ) -> None:
        """Record a step in which places are claimed, as the API does without the course."""
        recorded = len(self.record.recorded[after.case_id])
        event = CaseEvent(action=action, at=moment, actor=RESIDENT, detail=detail_of(after))
        change = change_of(after, deadline)
        case = a_case(after.case_id, self.city)
        key = f"claim/{recorded}"
        self.record.record(Recording(case=case, key=key, event=event, change=change))

    async def claimed(
        self, course: Course, after: Reservation, action: str, due: Deadline | None = None
    ) -> None:
        """Claim, tell the course, and wait until it knows."""
        self.claim(after, action, course.now, due)
        await course.handle.signal("catch_up")
        await eventually(course.view, lambda view: view.stage == after.stage)

    async def list_sending(
        self, value: ListSending, deadline: Deadline | None = None
    ) -> Course:
        """Start the list of an operating day."""
        case = a_case(value.case_id, self.city)
        message = OpenListSending(case=case, sending=value, deadline=deadline)
        return await self.start("ListSending", CaseKind.LIST_SENDING, message)

    async def entry(self, value: ExternalEntry, deadline: Deadline | None = None) -> Course:
        """Start what is to be entered into a city's system."""
        case = a_case(value.case_id, self.city)
        message = OpenExternalEntry(case=case, entry=value, deadline=deadline)
        return await self.start("ExternalEntry", CaseKind.EXTERNAL_ENTRY, message)

    async def inquiry(self, value: Inquiry) -> Course:
        """Start an inquiry."""
        message = OpenInquiry(case=a_case(value.case_id, self.city), inquiry=value)
        return await self.start("Inquiry", CaseKind.INQUIRY, message)

    async def venue(self, value: Venue) -> Course:
        """Start a venue."""
        message = OpenVenue(case=a_case(value.case_id, self.city), venue=value)
        return await self.start("Venue", CaseKind.VENUE, message)

    async def handoff(
        self, value: Handoff, parent_kind: CaseKind, deadline: Deadline | None = None
    ) -> Course:
        """Start a hand-off by itself."""
        message = OpenHandoff(
            case=a_case(value.case_id, self.city, "parent-1"),
            handoff=value,
            parent_kind=parent_kind,
            deadline=deadline,
        )
        return await self.start("Handoff", CaseKind.HANDOFF, message)

    async def offered(self) -> Course:
        """Start the hand-off that a case offered last."""
        message = self.record.opened[-1].start
        return await self.start("Handoff", CaseKind.HANDOFF, message)

    async def procedure(self, value: Procedure, deadline: Deadline | None = None) -> Course:
        """Start a procedure by itself."""
        case = a_case(value.case_id, self.city, "visit-1")
        message = OpenProcedure(case=case, procedure=value, deadline=deadline)
        return await self.start("Procedure", CaseKind.PROCEDURE, message)

    async def application(self, value: Application) -> Course:
        """Start an application by itself."""
        case = a_case(value.case_id, self.city, "visit-1")
        message = OpenApplication(case=case, application=value)
        return await self.start("Application", CaseKind.APPLICATION, message)

    async def begun(self) -> Course:
        """Start the procedure or the application that a visit began last."""
        opened = self.record.opened[-1]
        return await self.start(opened.kind.title(), CaseKind(opened.kind), opened.start)

    def value(self, case_id: str, kind: type[Found]) -> Found:
        """Return a case as its record has it."""
        kept = to_jsonable_python(self.record.shown[case_id].state["value"])
        return TypeAdapter(kind).validate_python(kept)

    def let_go(self) -> None:
        """Hold nothing back any longer: a worker cannot stop while something is under way."""
        self.record.may_record.set()
        self.lots.may_advance.set()
        self.notices.may_make.set()
        self.messages.may_send.set()
        self.lists.may_send.set()

    def paths_of(self, case_id: str, kind: ItemKind) -> list[tuple[str, Holder, Holder]]:
        """Return how the things of a case went from hand to hand."""
        return [
            (move.item_id, move.source, move.target)
            for each in self.record.recorded[case_id]
            for move in each.movements
            if move.kind is kind
        ]


async def refusal(attempt: Awaitable[object]) -> str | None:
    """Return the name under which a step was refused; ``None`` if it failed otherwise."""
    with pytest.raises(WorkflowUpdateFailedError) as caught:
        await attempt
    refused = root_refusal(caught.value.cause)
    return refused.type if refused else None


async def refusals(attempts: Sequence[Awaitable[object]]) -> list[str | None]:
    """Return how each of several steps was refused."""
    return [await refusal(attempt) for attempt in attempts]
