"""What is registered by hand: a desk that is ready, a visitor, mail that came back."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from api.access.auth import require_action
from api.access.door import Person
from api.booking.venue_openings import outside_now
from api.catalogue.catalogue import offered_today
from api.counter import check_ins, visits
from api.deps import Desk, TheDesk
from api.lots import returned_mail
from api.obligations.held_lately import held_lately
from api.pages.desk.sending import Failed, Posted, failed, see_other
from api.pages.rendering import page
from domain.calendars.calendar import Reception
from domain.calendars.hours import local
from domain.catalogue.catalogue import OfferKind, groups_of
from domain.contract import Contract, calendar_of_channel
from domain.contract_parts import Channel, ChannelKind, Procedure
from domain.errors import CalendarNotKnown, DomainError, FieldMissing
from domain.lots.returned_mail import REASON_TEXT, ReturnReason
from domain.obligations.holding import Held
from domain.parties import Action, allowed
from domain.procedures.eligibility import QUESTION_TEXT, Question, questions
from domain.procedures.procedure_parts import GROUP_TEXT, Group
from domain.procedures.terminals import city_terminals, may_support
from store import check_ins as reports
from store import contract_state, venue_days
from store.contract_state import AddedSite
from store.scope import scope

router = APIRouter(include_in_schema=False)

_COME_TO = frozenset(
    {ChannelKind.BOOTH, ChannelKind.COUNTER, ChannelKind.DESK, ChannelKind.OUTREACH}
)

Receiver = Annotated[Person, Depends(require_action(Action.RECEIVE_VISITOR))]
Worker = Annotated[Person, Depends(require_action(Action.CHECK_IN))]
Registrar = Annotated[Person, Depends(require_action(Action.REGISTER_RETURNED_MAIL))]


@router.get("/visits/new")
def show_reception(request: Request, person: Receiver, desk: TheDesk) -> Response:
    """Ask what the visitor came for."""
    return _reception_page(request, person, desk)


@router.post("/visits/new")
def receive(request: Request, person: Receiver, desk: TheDesk, posted: Posted) -> Response:
    """Open a visit; refused outside reception hours with the sentence that says so."""
    loaded = desk.book.current(person.municipality)
    body = visits.VisitRequest(
        procedure=posted.text("procedure")[:80],
        channel=posted.text("channel")[:80],
        reservation=posted.text("reservation").strip()[:80],
        venue=posted.text("venue")[:80],
        ticket=posted.text("ticket")[:64],
        terminal=posted.text("terminal")[:80],
        group=Group(posted.text("group")) if posted.text("group") in set(Group) else None,
        answers={
            question: posted.text(question) == "yes"
            for question in Question
            if posted.text(question) in {"yes", "no"}
        },
    )
    try:
        opened = visits.receive_visitor(loaded, person, desk, posted.key, body)
    except DomainError as refused:
        return _reception_page(request, person, desk, failed("visit", posted, refused))
    return see_other(f"/cases/{opened.case_id}?done=visitor_received")


@router.post("/visits/ready")
def report_ready(request: Request, person: Worker, desk: TheDesk, posted: Posted) -> Response:
    """Record that a desk is ready; the first report of a desk on a day counts."""
    loaded = desk.book.current(person.municipality)
    try:
        if not 1 <= len(posted.text("desk").strip()) <= 40:
            raise FieldMissing("「席」を40文字までで入力してください。")
        body = check_ins.CheckInRequest(
            site=posted.text("site")[:80], desk=posted.text("desk").strip()
        )
        check_ins.check_in(loaded, person, desk, posted.key, body)
    except DomainError as refused:
        return _reception_page(request, person, desk, failed("ready", posted, refused))
    return see_other("/visits/new")


@router.get("/returned-mail/new")
def show_registration(request: Request, person: Registrar) -> Response:
    """Ask what came back and why."""
    return _mail_page(request, person)


@router.post("/returned-mail/new")
def register(request: Request, person: Registrar, desk: TheDesk, posted: Posted) -> Response:
    """Open the case of a returned item."""
    loaded = desk.book.current(person.municipality)
    try:
        if posted.text("reason") not in set(ReturnReason):
            raise FieldMissing("「返戻の理由」を選んでください。")
        body = returned_mail.ReturnedMailRequest(
            case_number=posted.text("case_number")[:40],
            reason=ReturnReason(posted.text("reason")),
            note=posted.text("note")[:1000],
            confirmed=posted.text("confirmed") == "yes",
        )
        opened = returned_mail.register(loaded, person, desk, posted.key, body)
    except DomainError as refused:
        return _mail_page(request, person, failed("mail", posted, refused))
    return see_other(f"/cases/{opened.case_id}?done=mail_returned")


def _reception_page(
    request: Request, person: Person, desk: Desk, failed: Failed | None = None
) -> Response:
    contract = desk.book.current(person.municipality).contract
    held = held_lately(desk, contract)
    today = local(desk.clock()).date()
    with scope(desk.engine, person.municipality) as connection:
        reported = reports.check_ins(
            connection, person.municipality, contract.slug, today, today
        )
        added = contract_state.sites(connection, person.municipality, contract.slug)
        planned = venue_days.between(
            connection, person.municipality, contract.slug, today, today
        )
    open_today = {each.site for each in planned if each.withdrawn_at is None}
    venues = [(s.site_id, s.name) for s in added if s.site_id in open_today]
    return page(
        request,
        person,
        "visit_new",
        status=failed.told.status if failed else 200,
        channels=_channels(desk, person, contract, held),
        procedures=[p for p in _offered(desk, person, contract) if held.allows(p)],
        held=sorted(set(held.by_channel.values())),
        groups=_groups(contract),
        questions=_questions(contract, failed),
        needing=_needing(contract),
        venues=venues,
        outside=[] if planned else outside_now(desk, person),
        terminals=city_terminals(contract),
        bookable=any(line.has_slots for line in contract.bookings),
        may_book=allowed(person.role, Action.SEE_RESERVATIONS),
        asked=request.query_params,
        reported=reported,
        sites=_sites(contract, added, today),
        may_report=allowed(person.role, Action.CHECK_IN),
        failed=failed,
    )


def _channels(
    desk: Desk, person: Person, contract: Contract, held: Held
) -> list[tuple[Channel, Reception]]:
    """Return where people are received, and whether they are now; not what is shut yet."""
    return [
        (channel, _reception(desk, person, contract, channel))
        for channel in contract.channels
        if channel.kind in _COME_TO and channel.id not in held.by_channel
    ]


def _sites(
    contract: Contract, added: Sequence[AddedSite], today: date
) -> list[tuple[str, str]]:
    """Return the places at which somebody may work today, with their names."""
    used = {channel.site for channel in contract.channels}
    own = [(site.id, site.label) for site in contract.sites if site.id in used]
    return own + [(s.site_id, s.name) for s in added if s.from_day <= today <= s.to_day]


def _procedures(contract: Contract) -> list[Procedure]:
    """Return what may be entrusted; the rest is the city's and not received here."""
    return [procedure for procedure in contract.procedures if procedure.delegable]


def _offered(desk: Desk, person: Person, contract: Contract) -> list[Procedure]:
    """Return what may be entrusted, is not switched off, and is this person's to support."""
    entries = offered_today(desk, person, contract).selectable(OfferKind.PROCEDURE)
    codes = {e.code for e in entries if may_support(contract, e.code, person.role)}
    return [procedure for procedure in _procedures(contract) if procedure.code in codes]


def _groups(contract: Contract) -> list[tuple[str, str]]:
    """Return the groups to choose from, where a procedure may be of any."""
    if all(procedure.group for procedure in _procedures(contract)):
        return []
    return [(str(group), GROUP_TEXT[group]) for group in groups_of(contract)]


def _questions(contract: Contract, failed: Failed | None) -> list[tuple[str, str]]:
    """Return what has to be asked before the visitor can be received, with its words."""
    if failed is None or failed.form != "visit":
        return []
    asked = questions(contract.eligibility, failed.typed.get("procedure", ""))
    return [(str(question), QUESTION_TEXT[question]) for question in asked]


def _needing(contract: Contract) -> list[str]:
    """Return the names of what is done only for those who have a booking."""
    needed = {code for line in contract.bookings if line.required for code in line.procedures}
    return [each.label for each in _procedures(contract) if each.code in needed]


def _reception(desk: Desk, person: Person, contract: Contract, channel: Channel) -> Reception:
    with scope(desk.engine, person.municipality) as connection:
        added = contract_state.closures(
            connection, person.municipality, contract.slug, channel.calendar
        )
    calendar = calendar_of_channel(contract, channel.id, [each.closure for each in added])
    try:
        return calendar.reception(local(desk.clock()))
    except CalendarNotKnown as unknown:
        return Reception(accepted=False, reason=str(unknown))


def _mail_page(request: Request, person: Person, failed: Failed | None = None) -> Response:
    return page(
        request,
        person,
        "returned_new",
        status=failed.told.status if failed else 200,
        reasons=REASON_TEXT,
        failed=failed,
    )
