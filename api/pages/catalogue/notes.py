"""Quick notes of what was said at a desk: where, what was wanted, what about.

Belongs here: a note in three touches, and the slip for whoever is sent to the city's window.
Does not belong here: inquiries that wait for an answer (``api.pages.calls``), counts of a
month (``api.pages.catalogue.counts``). Sources: Ageo specification §5(2)①②; Urasoe §8(2)ウ.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from api.access.auth import require_action
from api.access.door import Person
from api.calls import inquiries, taking_back
from api.catalogue.catalogue import offered_today
from api.catalogue.counts import lines_of_today
from api.deps import AccessedCase, Desk, TheDesk
from api.pages.desk.sending import Failed, Posted, Sent, failed, see_other
from api.pages.rendering import page
from domain.calendars.hours import local
from domain.calls.inquiry import CATEGORY_TEXT, NATURE_TEXT, Category, Inquiry, Nature, Outcome
from domain.case import CaseKind
from domain.catalogue.catalogue import OfferKind, groups_of
from domain.catalogue.counts import by
from domain.contract import Contract
from domain.contract_parts import ChannelKind
from domain.errors import CaseUnknown, DomainError, FieldMissing
from domain.parties import Action
from domain.procedures.procedure_parts import GROUP_TEXT, Group
from store import cases, counts
from store import notes as own_notes
from store.notes import OwnNote
from store.scope import scope
from store.values import value_of

router = APIRouter(prefix="/notes", include_in_schema=False)

Recorder = Annotated[Person, Depends(require_action(Action.RECORD_INQUIRY))]

_COME_FIRST: Final = (
    ChannelKind.DESK,
    ChannelKind.COUNTER,
    ChannelKind.BOOTH,
    ChannelKind.OUTREACH,
    ChannelKind.PHONE,
)
"""Where notes are made; who stands at a desk finds it chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """What was noted a moment ago."""

    words: str
    number: str
    at: datetime
    destination: str
    """Where somebody was sent on to; then there is a slip to take along."""


@router.get("")
def show_notes(request: Request, person: Recorder, desk: TheDesk) -> Response:
    """Ask where, what was wanted and what about; the heading counts today."""
    return _page(request, person, desk)


@router.post("")
def note(request: Request, person: Recorder, desk: TheDesk, posted: Posted) -> Response:
    """Record a note that is over as soon as it begins."""
    loaded = desk.book.current(person.municipality)
    try:
        body = _request(posted)
        opened = inquiries.record_inquiry(loaded, person, desk, posted.key, body)
    except DomainError as refused:
        return _page(request, person, desk, failed("note", posted, refused))
    return see_other(f"/notes?place={body.place}&done={opened.case_id}")


@router.post("/{case_id}/take-back")
def take_back(
    request: Request, file: AccessedCase, person: Recorder, desk: TheDesk, posted: Posted
) -> Response:
    """Take back what one noted oneself today; it counts no longer."""
    try:
        taking_back.take_back(desk, person, file)
    except DomainError as refused:
        return _page(request, person, desk, failed("note", posted, refused))
    return see_other(f"/notes?place={quote(posted.text('place')[:80])}&back=1")


def places(contract: Contract) -> list[tuple[str, str]]:
    """Return where notes are made, desks first."""
    return [
        (channel.id, channel.label)
        for kind in _COME_FIRST
        for channel in contract.channels
        if channel.kind is kind
    ]


def asked_groups(contract: Contract) -> Mapping[str, str]:
    """Return the groups to choose from; none where a note belongs to "other"."""
    known = groups_of(contract)
    return {} if Group.OTHER in known else {str(each): GROUP_TEXT[each] for each in known}


def _request(posted: Sent) -> inquiries.InquiryRequest:
    if posted.text("nature") not in set(Nature):
        raise FieldMissing("「内容」を選んでください。")
    if posted.text("category") not in set(Category):
        raise FieldMissing("「分類」を選んでください。")
    group, category = posted.text("group"), Category(posted.text("category"))
    sent_on = category is Category.CITY_WINDOW
    return inquiries.InquiryRequest(
        category=category,
        nature=Nature(posted.text("nature")),
        place=posted.text("place")[:80],
        group=Group(group) if group in set(Group) else None,
        outcome=Outcome.REFERRED if sent_on else Outcome.ANSWERED,
    )


def _page(
    request: Request, person: Person, desk: Desk, failed: Failed | None = None
) -> Response:
    contract = desk.book.current(person.municipality).contract
    known = places(contract)
    wanted = failed.typed.get("place") if failed else request.query_params.get("place")
    subjects = offered_today(desk, person, contract).selectable(OfferKind.CATEGORY)
    lines = [
        line for line in lines_of_today(desk, person, contract) if line.kind is CaseKind.INQUIRY
    ]
    counted = by(lines, lambda line: line.place)
    return page(
        request,
        person,
        "notes",
        status=failed.told.status if failed else 200,
        places=known,
        here=wanted if wanted in dict(known) else next((id_ for id_, _ in known), ""),
        groups=asked_groups(contract),
        natures=NATURE_TEXT,
        subjects=subjects,
        today=[(label, counted[id_].notes) for id_, label in known if id_ in counted],
        total=sum(found.notes for found in counted.values()),
        own=_own(desk, person, contract, dict(known)),
        back="back" in request.query_params,
        noted=_noted(desk, person, request.query_params.get("done", ""), dict(known)),
        failed=failed,
    )


def _own(
    desk: Desk, person: Person, contract: Contract, known: Mapping[str, str]
) -> list[tuple[OwnNote, str]]:
    """Return what this person noted today, with words, to be taken back."""
    begins = counts.midnight(local(desk.clock()).date())
    with scope(desk.engine, person.municipality) as connection:
        found = own_notes.of_today(
            connection, person.municipality, contract.slug, person.account_id, begins
        )
    return [(each, _words(each.inquiry, known)) for each in found]


def _words(value: Inquiry, known: Mapping[str, str]) -> str:
    parts = (
        known.get(value.place, ""),
        NATURE_TEXT[value.nature],
        CATEGORY_TEXT[value.category],
    )
    return "・".join(filter(None, parts))


def _noted(desk: Desk, person: Person, case_id: str, known: Mapping[str, str]) -> Noted | None:
    try:
        with scope(desk.engine, person.municipality) as connection:
            file = cases.one_case(connection, case_id)
    except CaseUnknown:
        return None
    value = value_of(file)
    if not isinstance(value, Inquiry):
        return None
    return Noted(
        words=_words(value, known),
        number=file.case_number,
        at=file.opened_at,
        destination=value.destination,
    )
