"""The demo's visitors who came to apply for a card, with applications just begun.

Belongs here: what the demo pretends of applications. Does not belong here: accounts and lots
(``ops.seed``), bookings (``ops.demo_bookings``). Everybody in it is invented.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from pydantic_core import to_jsonable_python

from api.access.door import Person
from api.deps import Desk, new_case_id
from contracts.loader import LoadedContract
from domain.applications.application import Application, begin
from domain.applications.application_lines import ApplicationLine
from domain.case import Actor, CaseChange, CaseEvent, CaseKind, CaseRef
from domain.procedures.visit import Visit
from store import contract_state, opening
from store.cases import month_of
from store.opening import NewCase
from store.scope import scope
from workflows.application_messages import OpenApplication
from workflows.messages import OpenVisit

_PEOPLE = (
    {"kana": "ミホン　タロウ", "phone": "+81312345678", "reachable": "平日の夕方"},
    {"kana": "カクウ　ハナコ", "phone": "+81487755111", "reachable": ""},
    {"kana": "レイジ　ミノル", "phone": "+81432455111", "reachable": "午前中"},
)


def seed(desk: Desk, takers: Mapping[str, Person], *, now: datetime) -> None:
    """Let somebody apply in each way that a contract gives to the provider."""
    for slug, taker in takers.items():
        loaded = desk.book.current(slug)
        if loaded.contract.consents:
            continue  # nothing begins before somebody has agreed
        _visitor(desk, loaded, taker, now)


def _visitor(desk: Desk, loaded: LoadedContract, taker: Person, now: datetime) -> None:
    ours = [each for each in loaded.contract.applications if each.open_to(taker.role)]
    if not ours:
        return
    by = Actor(account_id=taker.account_id, role=taker.role)
    ids = [new_case_id(now, place) for place in range(len(ours) + 1)]
    children = list(_applications(ours, ids[1:], taker))
    visit = Visit(
        case_id=ids[0],
        procedure=ours[0].procedure,
        received_by=taker.role,
        procedures=tuple(ids[1:]),
    )
    ref = CaseRef(
        case_id=ids[0],
        municipality=taker.municipality,
        contract=loaded.contract.slug,
        contract_version=loaded.version,
        opened_on=month_of(now),
    )
    told: dict[str, Any] = {"procedure": visit.procedure}
    row = loaded.contract.procedure(visit.procedure)
    told |= {"channel": row.channels[0]} if row and row.channels else {}
    new = [_new(ref, CaseKind.VISIT, visit, "visitor_received", by, now, told)]
    for number, value in enumerate(children):
        child = replace(ref, case_id=value.case_id, parent_id=ref.case_id)
        told = {
            "variant": str(value.variant),
            "applied_for": str(value.applied_for),
            "procedure": value.procedure,
        }
        begun = _new(child, CaseKind.APPLICATION, value, "application_begun", by, now, told)
        new.append(replace(begun, person=_PEOPLE[number % len(_PEOPLE)]))
    _keep(desk, loaded, taker, new, now)


def _keep(
    desk: Desk, loaded: LoadedContract, taker: Person, new: Sequence[NewCase], now: datetime
) -> None:
    with scope(desk.engine, taker.municipality) as connection:
        opening.open_cases(connection, desk.keys, taker.municipality, new, recorded_at=now)
        contract_state.keep_version(
            connection,
            taker.municipality,
            loaded.contract.slug,
            loaded.version,
            desk.book.document(loaded),
            at=now,
        )


def _applications(
    lines: Sequence[ApplicationLine], ids: Sequence[str], taker: Person
) -> Iterator[Application]:
    for number, (line, case_id) in enumerate(zip(lines, ids, strict=True)):
        applied_for = line.applied_for[number % len(line.applied_for)]
        yield replace(begin(line, applied_for, taker.role), case_id=case_id)


def _new(
    ref: CaseRef,
    kind: CaseKind,
    value: Visit | Application,
    action: str,
    by: Actor,
    now: datetime,
    told: dict[str, Any],
) -> NewCase:
    start = (
        OpenVisit(case=ref, visit=value)
        if isinstance(value, Visit)
        else OpenApplication(case=ref, application=value)
    )
    return NewCase(
        case=ref,
        kind=kind,
        change=CaseChange(
            stage=value.stage,
            state={"value": asdict(value), "open_handoffs": []},
            closed=False,
            owner=value.owner,
        ),
        event=CaseEvent(action=action, at=now, actor=by, detail=told),
        start=to_jsonable_python(start),
    )
