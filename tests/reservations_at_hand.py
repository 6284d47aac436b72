"""Reservations put straight into the record, and what is claimed there, as the API does it.

Belongs here: beginning one, claiming, finding its course. Does not belong here: what comes in
over HTTP (`tests.stack`), courses with stand-ins for the world (`tests.workflows.office`).
"""

from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any

from pydantic_core import to_jsonable_python
from temporalio.client import WorkflowHandle

from contracts.loader import load
from domain.booking.reservation import Reservation, detail_of
from domain.case import RESIDENT, CaseChange, CaseEvent, CaseKind
from domain.records.replay import CLAIMED
from store import cases, opening, record
from store.displacing import inform
from store.scope import scope
from tests.builders import a_case
from tests.stack import Stack
from workflows.messages import CaseView, OpenReservation
from workflows.names import workflow_id


def open_reservation(stack: Stack, value: Reservation, city: str = "ota") -> Reservation:
    """Begin a reservation; its course begins when a relay comes by."""
    ref = replace(
        a_case(value.case_id, city), contract=city, contract_version=load(city).version
    )
    new = opening.NewCase(
        case=ref,
        kind=CaseKind.RESERVATION,
        change=_change(value),
        event=_event("reservation_held", value),
        start=to_jsonable_python(OpenReservation(case=ref, reservation=value)),
    )
    with scope(stack.engine, city) as connection:
        opening.open_cases(connection, stack.keys, city, [new], recorded_at=datetime.now(UTC))
    return value


def claim(stack: Stack, after: Reservation, action: str) -> Reservation:
    """Change a reservation in its record, and owe its course the news."""
    event, change = _event(action, after), _change(after)
    with scope(stack.engine, "ota") as connection:
        file = cases.one_case(connection, after.case_id, lock=True)
        key, at = f"{CLAIMED}{action}", datetime.now(UTC)
        record.append(connection, stack.keys, file.ref, event, change, key=key, recorded_at=at)
        inform(connection, file)
    return after


def course_of(stack: Stack, value: Reservation) -> WorkflowHandle[Any, CaseView]:
    """Return the course of a reservation."""
    course = workflow_id("ota", CaseKind.RESERVATION, value.case_id)
    return stack.temporal.get_workflow_handle(course, result_type=CaseView)


def _event(action: str, value: Reservation) -> CaseEvent:
    now = datetime.now(UTC)
    return CaseEvent(action=action, at=now, actor=RESIDENT, detail=detail_of(value))


def _change(value: Reservation) -> CaseChange:
    return CaseChange(
        stage=value.stage,
        state={"value": asdict(value), "open_handoffs": []},
        closed=value.closed,
        owner=value.owner,
    )
