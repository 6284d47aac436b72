"""The contract as it was agreed: every value with its clause, and what is not settled.

Also what happens to it while it runs (the day it was signed, places added) and how much
work comes, month by month, against the years the clause gives as a reference.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from api import contracts as routes
from api.access.auth import address_of, require_action
from api.access.door import Person
from api.calls import call_centre_places, contact_numbers
from api.deps import Desk, TheDesk
from api.lots.volumes import VolumesBody, show_volumes
from api.pages.desk.sending import Failed, Posted, Sent, failed, see_other
from api.pages.rendering import page
from domain.calendars.hours import local
from domain.contract import Contract, Fact
from domain.errors import DomainError, FieldMissing
from domain.parties import Action, allowed
from domain.places import call_centre_site, needs_approval_document, plans_venues
from store import contact_numbers as numbers
from store import contract_state
from store.scope import scope

router = APIRouter(prefix="/contract", include_in_schema=False)

Seer = Annotated[Person, Depends(require_action(Action.SEE_CALENDAR))]
Activator = Annotated[Person, Depends(require_action(Action.ACTIVATE_CONTRACT))]
Proposer = Annotated[Person, Depends(require_action(Action.PROPOSE_PLACE))]
Approver = Annotated[Person, Depends(require_action(Action.APPROVE_PLACE))]
Writer = Annotated[Person, Depends(require_action(Action.WRITE_GUIDANCE))]
SiteAdder = Annotated[Person, Depends(require_action(Action.ADD_SITE))]

_MONTHS: Final = 12
_COUNTRY: Final = 2
_PLACE, _BAR, _HEIGHT = 48, 28, 160
"""Width for a month, of its bar, and height of the drawing, in its own units."""

SECTIONS: Final = {
    "version": "版",
    "municipality": "自治体",
    "contract": "契約",
    "term": "期間",
    "milestones": "節目",
    "sites": "場所",
    "channels": "窓口",
    "calendars": "暦",
    "due": "期限",
    "due_rules": "期限",
    "deadlines": "期限",
    "procedures": "手続",
    "bookings": "予約の受付",
    "duties": "分担",
    "deliverables": "提出物",
    "obligations": "契約の約束",
    "reports": "報告",
    "lists": "一覧表",
    "notice": "交付通知書",
    "parameters": "定め",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the profile."""

    id: str
    label: str
    facts: tuple[Fact, ...]

    @property
    def open(self) -> int:
        """How many of its values are assumed or not settled."""
        return sum(fact.assumed or fact.unset for fact in self.facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One month of the drawing."""

    month: int
    cards: int
    x: int
    y: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A year of reference, as a mean month."""

    label: str
    a_year: int
    a_month: float
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Cards delivered per month, with the years of reference."""

    bars: tuple[Bar, ...]
    lines: tuple[Line, ...]
    width: int
    height: int = _HEIGHT
    bar: int = _BAR


@router.get("")
def show(request: Request, person: Seer, desk: TheDesk) -> Response:
    """Show the contract of the caller's municipality."""
    return contract_page(request, person, desk)


@router.post("/activation")
def activate(request: Request, person: Activator, desk: TheDesk, posted: Posted) -> Response:
    """Enter the day the contract was signed."""
    try:
        body = routes.ActivationRequest(contract_date=_day(posted.text("contract_date")))
        loaded = desk.book.current(person.municipality)
        routes.activate(loaded, person, desk, body)
    except DomainError as refused:
        return contract_page(request, person, desk, failed("activation", posted, refused))
    return see_other("/contract")


@router.post("/sites")
def add_site(request: Request, person: SiteAdder, desk: TheDesk, posted: Posted) -> Response:
    """Add a place for some days."""
    try:
        body = routes.SiteRequest(
            name=_words(posted, "name", "場所"),
            address=posted.text("address").strip()[:200],
            directions=posted.text("directions").strip()[:500],
            from_day=_day(posted.text("from_day")),
            to_day=_day(posted.text("to_day")),
            agreement=_words(posted, "agreement", "協議の記録"),
            designated=posted.text("designated") == "yes",
        )
        loaded = desk.book.current(person.municipality)
        routes.add_site(loaded, person, desk, posted.key, body)
    except DomainError as refused:
        return contract_page(request, person, desk, failed("site", posted, refused))
    return see_other("/contract")


@router.post("/call-centre-places")
def propose(request: Request, person: Proposer, desk: TheDesk, posted: Posted) -> Response:
    """Propose where the call centre works."""
    try:
        country = posted.text("country").strip().upper()
        if not (len(country) == _COUNTRY and country.isascii() and country.isalpha()):
            raise FieldMissing("「国」を2文字で入力してください（日本はJP）。")
        body = call_centre_places.PlaceRequest(
            name=_words(posted, "name", "場所"),
            address=_words(posted, "address", "所在地"),
            country=country,
        )
        loaded = desk.book.current(person.municipality)
        call_centre_places.propose_place(loaded, person, desk, posted.key, body)
    except DomainError as refused:
        return contract_page(request, person, desk, failed("place", posted, refused))
    return see_other("/contract")


@router.post("/call-centre-places/{number}/approve")
def approve(
    number: int, request: Request, person: Approver, desk: TheDesk, posted: Posted
) -> Response:
    """Approve where the call centre works."""
    try:
        loaded = desk.book.current(person.municipality)
        document = posted.text("document").strip()[:200]
        body = call_centre_places.ApprovalRequest(document=document)
        call_centre_places.approve_place(number, loaded, person, desk, body)
    except DomainError as refused:
        return contract_page(request, person, desk, failed("place", posted, refused))
    return see_other("/contract")


@router.post("/telephone")
def enter_telephone(
    request: Request, person: Writer, desk: TheDesk, posted: Posted
) -> Response:
    """Enter the telephone number that residents are told."""
    try:
        body = contact_numbers.ContactNumberRequest(
            telephone=_words(posted, "telephone", "電話番号")[:40],
            agreement=_words(posted, "agreement", "条項または協議の記録"),
        )
        loaded = desk.book.current(person.municipality)
        contact_numbers.enter_number(loaded, person, desk, posted.key, body)
    except DomainError as refused:
        return contract_page(request, person, desk, failed("telephone", posted, refused))
    return see_other("/contract")


@router.post("/extension")
def extend(request: Request, person: Activator, desk: TheDesk, posted: Posted) -> Response:
    """Let the contract run longer by an amendment."""
    try:
        body = routes.ExtensionRequest(
            until=_day(posted.text("until")), agreement=_words(posted, "agreement", "変更契約")
        )
        loaded = desk.book.current(person.municipality)
        routes.extend(loaded, person, desk, posted.key, body)
    except DomainError as refused:
        return contract_page(request, person, desk, failed("extension", posted, refused))
    return see_other("/contract")


def chart_of(found: VolumesBody) -> Chart:
    """Return cards per month beside the mean months of the years of reference."""
    counts = [month.cards for month in found.months]
    most = max([1.0, *counts, *(line.cards_per_month for line in found.references)])
    scale = (_HEIGHT - 16) / most
    width = _PLACE * len(counts)
    return Chart(
        bars=tuple(
            Bar(
                month=int(month.month[-2:]),
                cards=month.cards,
                x=_PLACE * place + (_PLACE - _BAR) // 2,
                y=round(_HEIGHT - month.cards * scale, 1),
                height=round(month.cards * scale, 1),
            )
            for place, month in enumerate(found.months)
        ),
        lines=tuple(
            Line(
                label=each.label,
                a_year=each.cards,
                a_month=each.cards_per_month,
                path=f"M0 {round(_HEIGHT - each.cards_per_month * scale, 1)}H{width}",
            )
            for each in found.references
        ),
        width=width,
    )


def _a_year_back(today: date) -> date:
    """Return the first of the month with which twelve months end today."""
    if today.month == _MONTHS:
        return today.replace(month=1, day=1)
    return today.replace(year=today.year - 1, month=today.month + 1, day=1)


def contract_page(
    request: Request, person: Person, desk: Desk, failed: Failed | None = None
) -> Response:
    """Return the page of the contract, with what a form was refused for."""
    loaded = desk.book.current(person.municipality)
    contract = loaded.contract
    today = local(desk.clock()).date()
    with scope(desk.engine, person.municipality) as connection:
        signed = contract_state.contract_date(connection, person.municipality, contract.slug)
        sites = contract_state.sites(connection, person.municipality, contract.slug)
        longer = contract_state.extension(connection, person.municipality, contract.slug)
        number = numbers.current(connection, person.municipality, contract.slug)
    return page(
        request,
        person,
        "contract",
        status=failed.told.status if failed else 200,
        contract=contract,
        version=loaded.version,
        signed=signed,
        sites=sites,
        longer=longer,
        number=number,
        in_file=contract.text("call_centre.telephone"),
        planned=plans_venues(contract),
        may_plan=allowed(person.role, Action.PLAN_VENUE_DAY),
        may_write=allowed(person.role, Action.WRITE_GUIDANCE),
        sections=sections_of(contract),
        chart=chart_of(show_volumes(loaded, person, desk, _a_year_back(today), today)),
        may_activate=allowed(person.role, Action.ACTIVATE_CONTRACT),
        centre=call_centre_site(contract),
        needs_document=needs_approval_document(contract),
        bound=bool(contract.flag("call_centre.registered_networks")),
        may_register=allowed(person.role, Action.REGISTER_NETWORK),
        here=address_of(request),
        places=call_centre_places.known(desk, person, loaded),
        may_propose=allowed(person.role, Action.PROPOSE_PLACE),
        may_approve=allowed(person.role, Action.APPROVE_PLACE),
        may_add_site=allowed(person.role, Action.ADD_SITE),
        failed=failed,
    )


def sections_of(contract: Contract) -> list[Section]:
    """Return every value of the profile by the part of the file it stands in."""
    parts: dict[str, list[Fact]] = defaultdict(list)
    for fact in contract.facts:
        if fact.path == "schema":
            continue
        parts[fact.path.partition(".")[0]].append(fact)
    return [
        Section(id=name, label=SECTIONS.get(name, name), facts=tuple(facts))
        for name, facts in parts.items()
    ]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise FieldMissing("日付は年-月-日で入力してください。") from None


def _words(posted: Sent, name: str, label: str) -> str:
    text = posted.text(name).strip()
    if not 1 <= len(text) <= 200:
        raise FieldMissing(f"「{label}」を200文字までで入力してください。")
    return text
