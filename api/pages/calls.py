"""What calls end in, on pages: an entry into the city's system, and an inquiry.

Here: the two forms and the lists of what waits. Not here: the steps afterwards, which are
taken on the page of the case.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from api.access.auth import require_action
from api.access.door import Person
from api.calls import external_entries, inquiries
from api.catalogue.catalogue import offered_today
from api.deps import Desk, TheDesk
from api.knowledge.shelf import terms_of
from api.pages.catalogue.notes import asked_groups
from api.pages.desk.sending import Failed, Posted, failed, see_other
from api.pages.rendering import page
from domain.calendars.hours import local
from domain.calls.external_entry import KIND_TEXT, EntryKind
from domain.calls.inquiry import CHANNEL_TEXT, Category, Channel
from domain.case import CaseKind
from domain.catalogue.catalogue import OfferKind
from domain.errors import DomainError, FieldMissing
from domain.parties import Action, allowed
from domain.procedures.procedure_parts import Group
from store import calls, cases
from store.cases import Wanted
from store.scope import scope

router = APIRouter(include_in_schema=False)

Asker = Annotated[Person, Depends(require_action(Action.REQUEST_ENTRY))]
Recorder = Annotated[Person, Depends(require_action(Action.RECORD_INQUIRY))]
Reader = Annotated[Person, Depends(require_action(Action.SEE_INQUIRIES))]

_SHOWN = 100
_ASKED = ("kana", "name", "address", "phone")


@router.get("/external-entries")
def show_entries(request: Request, person: Asker, desk: TheDesk) -> Response:
    """Show what waits to be entered, and ask what is to be entered next."""
    return _entries_page(request, person, desk)


@router.post("/external-entries")
def request_entry(request: Request, person: Asker, desk: TheDesk, posted: Posted) -> Response:
    """Open the case of what is to be entered."""
    loaded = desk.book.current(person.municipality)
    try:
        if posted.text("what") not in set(EntryKind):
            raise FieldMissing("「入力するもの」を選んでください。")
        body = external_entries.EntryRequest(
            what=EntryKind(posted.text("what")),
            **{name: posted.text(name)[:100] for name in _ASKED},
        )
        opened = external_entries.request_entry(loaded, person, desk, posted.key, body)
    except DomainError as refused:
        return _entries_page(request, person, desk, failed("entry", posted, refused))
    return see_other(f"/cases/{opened.case_id}?done=entry_requested")


@router.get("/inquiries")
def show_inquiries(request: Request, person: Reader, desk: TheDesk) -> Response:
    """Show which inquiries wait, and ask what somebody has asked."""
    return _inquiries_page(request, person, desk)


@router.post("/inquiries")
def record_inquiry(
    request: Request, person: Recorder, desk: TheDesk, posted: Posted
) -> Response:
    """Open the case of an inquiry; what was done about it is recorded on its page."""
    loaded = desk.book.current(person.municipality)
    try:
        if posted.text("category") not in set(Category):
            raise FieldMissing("「分類」を選んでください。")
        if posted.text("channel") not in set(Channel):
            raise FieldMissing("「経路」を選んでください。")
        body = inquiries.InquiryRequest(
            category=Category(posted.text("category")),
            channel=Channel(posted.text("channel")),
            question=posted.text("question")[:2000],
            confirmed=posted.text("confirmed") == "yes",
            group=Group(posted.text("group")) if posted.text("group") in set(Group) else None,
        )
        opened = inquiries.record_inquiry(loaded, person, desk, posted.key, body)
    except DomainError as refused:
        return _inquiries_page(request, person, desk, failed("inquiry", posted, refused))
    return see_other(f"/cases/{opened.case_id}?done=inquiry_received")


def _entries_page(
    request: Request, person: Person, desk: Desk, failed: Failed | None = None
) -> Response:
    contract = desk.book.current(person.municipality).contract
    today = local(desk.clock()).date()
    known = external_entries.kinds_of(contract)
    city, slug = person.municipality, contract.slug
    wanted = Wanted(kind=CaseKind.EXTERNAL_ENTRY)
    with scope(desk.engine, city) as connection:
        waiting = cases.list_cases(connection, city, wanted, limit=_SHOWN)
        counts = [
            (KIND_TEXT[kind], calls.count_entries(connection, city, slug, kind, today))
            for kind in known
        ]
    return page(
        request,
        person,
        "external_entries",
        status=failed.told.status if failed else 200,
        kinds=[(kind, KIND_TEXT[kind]) for kind in known],
        waiting=waiting,
        counts=counts,
        failed=failed,
    )


def _inquiries_page(
    request: Request, person: Person, desk: Desk, failed: Failed | None = None
) -> Response:
    contract = desk.book.current(person.municipality).contract
    today = local(desk.clock()).date()
    city = person.municipality
    wanted = Wanted(kind=CaseKind.INQUIRY)
    with scope(desk.engine, city) as connection:
        waiting = cases.list_cases(connection, city, wanted, limit=_SHOWN)
        asked = calls.count_inquiries(connection, city, contract.slug, today)
        through = calls.count_transfers(connection, city, contract.slug, today)
    return page(
        request,
        person,
        "inquiries",
        status=failed.told.status if failed else 200,
        categories={
            entry.code: entry.label
            for entry in offered_today(desk, person, contract).selectable(OfferKind.CATEGORY)
        },
        groups=asked_groups(contract),
        channels=CHANNEL_TEXT,
        may_record=allowed(person.role, Action.RECORD_INQUIRY),
        waiting=waiting,
        asked=asked,
        through=through,
        category=request.query_params.get("category", ""),
        has_articles=terms_of(contract) is not None,
        month=f"{today:%Y-%m}",
        file=f"/api/v1/contracts/{contract.slug}/inquiries/csv",
        failed=failed,
    )
