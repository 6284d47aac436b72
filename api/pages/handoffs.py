"""Hand-offs on pages: what waits for whoever looks, what they took on, and its paper.

Here: the inbox of an official or of a responsible person, and the sheet that goes with a
hand-off. Not here: its steps, which are taken on the page of the case.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from api.access.auth import CurrentPerson, route_of
from api.access.door import Person
from api.cases import Reader
from api.deps import Desk, TheDesk, ViewedCase
from api.pages.rendering import page
from api.pages.words import event_words, who_words
from domain.case import KIND_TEXT, CaseKind
from domain.errors import ActionUnknown, EngineAway
from domain.handoff import LEVEL_TEXT, STAGE_TEXT, Handoff, Level, Stage
from domain.handoff_sheet import HandoffLine, HandoffSheet
from domain.parties import ROLE_TEXT, Action, allowed
from store import access, cases
from store.cases import CaseFile, TimelineEvent, Wanted
from store.scope import scope
from store.values import value_of

router = APIRouter(prefix="/handoffs", include_in_schema=False)

_SHOWN = 200
_PRINTED = "引継ぎ票の印刷"
_TOLD_WITH = frozenset({Action.OFFER_HANDOFF, Action.ESCALATE})


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffRow:
    """One hand-off of a list."""

    file: CaseFile
    value: Handoff

    @property
    def since(self) -> datetime:
        """From when on it has stood as it stands."""
        return self.value.waits[-1].since if self.value.waits else self.file.opened_at

    @property
    def to_text(self) -> str:
        """Whom it goes to."""
        return to_words(self.value)


@router.get("")
def show(request: Request, person: CurrentPerson, desk: TheDesk) -> Response:
    """Show what waits for this person, what they took on, and what others have."""
    with scope(desk.engine, person.municipality) as connection:
        found = cases.list_cases(
            connection, person.municipality, Wanted(kind=CaseKind.HANDOFF), limit=_SHOWN
        )
    rows = [HandoffRow(file=file, value=_handoff(file)) for file in found]
    sections = sorted({row.value.section for row in rows if row.value.section})
    wanted = request.query_params.get("section", "")
    if wanted in sections:
        rows = [row for row in rows if row.value.section == wanted]
    mine = [row for row in rows if _took(row.value, person)]
    waiting = [row for row in rows if row not in mine and _waits_for(row.value, person)]
    return page(
        request,
        person,
        "handoffs",
        waiting=waiting,
        mine=mine,
        others=[row for row in rows if row not in mine and row not in waiting],
        sections=sections,
        section=wanted if wanted in sections else "",
    )


@router.get("/{case_id}/sheet")
async def print_sheet(
    request: Request, file: ViewedCase, person: Reader, desk: TheDesk
) -> Response:
    """Return the paper that goes with a hand-off; who printed it is recorded.

    Raises:
        ActionUnknown: The case is no hand-off.
        SecretOnPaper: Somebody wrote what is never printed.
    """
    if file.kind is not CaseKind.HANDOFF:
        raise ActionUnknown("引継ぎ票は、引継ぎの案件だけにあります。")
    sheet = await run_in_threadpool(_sheet, request, desk, person, file)
    if desk.files is None:
        raise EngineAway("この処理では、ファイルを作れません。")
    content = await desk.files.paper(sheet)
    name = quote(f"引継ぎ票_{file.case_number}.pdf")
    return Response(
        content,
        media_type="application/pdf",
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{name}"},
    )


def to_words(value: Handoff) -> str:
    """Return whom a hand-off goes to."""
    section = f"（{value.section}）" if value.level is Level.CITY and value.section else ""
    return f"{LEVEL_TEXT[value.level]}{section}"


def _handoff(file: CaseFile) -> Handoff:
    value = value_of(file)
    assert isinstance(value, Handoff)
    return value


def _took(value: Handoff, person: Person) -> bool:
    by = {Stage.ACCEPTED: value.official, Stage.TAKEN_ON: value.responsible}
    return by.get(value.stage) == person.account_id


def _waits_for(value: Handoff, person: Person) -> bool:
    taking = {Stage.OFFERED: Action.ACCEPT_HANDOFF, Stage.ESCALATED: Action.TAKE_ON}
    if value.stage in taking:
        return allowed(person.role, taking[value.stage])
    return value.stage is Stage.RETURNED and value.owner is person.role


def _sheet(request: Request, desk: Desk, person: Person, file: CaseFile) -> HandoffSheet:
    with scope(desk.engine, person.municipality) as connection:
        access.record_access(
            connection,
            account_id=person.account_id,
            case_ids=[file.ref.case_id],
            purpose=_PRINTED,
            route=route_of(request),
            now=desk.clock(),
        )
        events = cases.timeline(connection, desk.keys, file.ref)
        parent = cases.one_case(connection, file.ref.parent_id) if file.ref.parent_id else None
    value = _handoff(file)
    return HandoffSheet(
        number=file.case_number,
        city_name=desk.book.current(person.municipality).contract.municipality,
        as_of=desk.clock(),
        case_text=f"{KIND_TEXT[parent.kind]} {parent.case_number}" if parent else "",
        from_text=ROLE_TEXT[value.offered_by],
        to_text=to_words(value),
        stage_text=STAGE_TEXT[value.stage],
        told=_told(events),
        documents=value.documents,
        lines=tuple(_line(event) for event in events),
    )


def _told(events: Sequence[TimelineEvent]) -> tuple[str, ...]:
    said = [event.reason for event in events if event.action in _TOLD_WITH and event.reason]
    return tuple(line for text in said for line in text.splitlines())


def _line(event: TimelineEvent) -> HandoffLine:
    mark, role = who_words(event.role)
    who = f"{event.actor_name or ''}（{role}）" if role else mark
    return HandoffLine(
        at=event.at,
        what=event_words(event.action, CaseKind.HANDOFF, event.detail),
        who=who,
        why="" if event.action in _TOLD_WITH else event.reason or "",
    )
