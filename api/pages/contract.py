"""The contract as it was agreed: every value with its clause, and what is not settled.

Also what happens to it while it runs (the day it was signed, places added) and how much
work comes, month by month, against the years the clause gives as a reference.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from api import contracts as routes
from api.auth import require_action
from api.deps import Desk, TheDesk
from api.door import Person
from api.pages.rendering import page
from api.pages.sending import Failed, Posted, Sent, failed, see_other
from domain.contract import Contract, Fact
from domain.errors import DomainError, FieldMissing
from domain.hours import local
from domain.parties import Action, allowed
from store import contract_state, worklists
from store.scope import scope
from store.worklists import MonthOfCards

router = APIRouter(prefix="/contract", include_in_schema=False)

Seer = Annotated[Person, Depends(require_action(Action.SEE_CALENDAR))]
Activator = Annotated[Person, Depends(require_action(Action.ACTIVATE_CONTRACT))]
SiteAdder = Annotated[Person, Depends(require_action(Action.ADD_SITE))]

_MONTHS: Final = 12
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
    "duties": "分担",
    "deliverables": "提出物",
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

    month: date
    cards: int
    x: int
    y: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A year of reference, as a mean month."""

    label: str
    a_year: float
    a_month: float
    y: float
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
    return _page(request, person, desk)


@router.post("/activation")
def activate(request: Request, person: Activator, desk: TheDesk, posted: Posted) -> Response:
    """Enter the day the contract was signed."""
    try:
        body = routes.ActivationRequest(contract_date=_day(posted.text("contract_date")))
        loaded = desk.book.current(person.municipality)
        routes.activate(loaded, person, desk, body)
    except DomainError as refused:
        return _page(request, person, desk, failed("activation", posted, refused))
    return see_other("/contract")


@router.post("/sites")
def add_site(request: Request, person: SiteAdder, desk: TheDesk, posted: Posted) -> Response:
    """Add a place for some days."""
    try:
        body = routes.SiteRequest(
            name=_words(posted, "name", "場所"),
            from_day=_day(posted.text("from_day")),
            to_day=_day(posted.text("to_day")),
            agreement=_words(posted, "agreement", "協議の記録"),
        )
        loaded = desk.book.current(person.municipality)
        routes.add_site(loaded, person, desk, posted.key, body)
    except DomainError as refused:
        return _page(request, person, desk, failed("site", posted, refused))
    return see_other("/contract")


def chart_of(contract: Contract, months: Sequence[MonthOfCards], today: date) -> Chart:
    """Return cards per month beside the mean months of the years of reference."""
    counted: dict[date, int] = defaultdict(int)
    for each in months:
        counted[each.month] += each.cards
    spans = _last_months(today)
    years = _references(contract)
    most = max([1.0, *(counted[m] for m in spans), *(a_year / 12 for _, a_year in years)])
    scale = (_HEIGHT - 16) / most
    width = _PLACE * len(spans)
    lines = []
    for label, a_year in years:
        y = round(_HEIGHT - a_year / 12 * scale, 1)
        lines.append(
            Line(label=label, a_year=a_year, a_month=a_year / 12, y=y, path=f"M0 {y}H{width}")
        )
    return Chart(
        bars=tuple(
            Bar(
                month=month,
                cards=counted[month],
                x=_PLACE * place + (_PLACE - _BAR) // 2,
                y=round(_HEIGHT - counted[month] * scale, 1),
                height=round(counted[month] * scale, 1),
            )
            for place, month in enumerate(spans)
        ),
        lines=tuple(lines),
        width=width,
    )


def _references(contract: Contract) -> list[tuple[str, float]]:
    facts = {fact.path: fact for fact in contract.facts}
    found = []
    for year, label in (("r5", "令和5年度"), ("r6", "令和6年度")):
        fact = facts.get(f"parameters.volumes.cards_{year}")
        value = fact.value if fact else None
        if isinstance(value, int | float) and not isinstance(value, bool):
            found.append((label, float(value)))
    return found


def _last_months(today: date) -> list[date]:
    months = [today.replace(day=1)]
    while len(months) < _MONTHS:
        months.append((months[-1] - timedelta(days=1)).replace(day=1))
    return months[::-1]


def _page(
    request: Request, person: Person, desk: Desk, failed: Failed | None = None
) -> Response:
    loaded = desk.book.current(person.municipality)
    contract = loaded.contract
    today = local(desk.clock()).date()
    first = _last_months(today)[0]
    with scope(desk.engine, person.municipality) as connection:
        signed = contract_state.contract_date(connection, person.municipality, contract.slug)
        sites = contract_state.sites(connection, person.municipality, contract.slug)
        months = worklists.cards_by_month(connection, person.municipality, first, today)
    return page(
        request,
        person,
        "contract",
        status=failed.told.status if failed else 200,
        contract=contract,
        version=loaded.version,
        signed=signed,
        sites=sites,
        sections=sections_of(contract),
        chart=chart_of(contract, months, today),
        may_activate=allowed(person.role, Action.ACTIVATE_CONTRACT),
        may_add_site=allowed(person.role, Action.ADD_SITE),
        failed=failed,
    )


def sections_of(contract: Contract) -> list[Section]:
    """Return every value of the profile by the part of the file it stands in."""
    parts: dict[str, list[Fact]] = defaultdict(list)
    for fact in contract.facts:
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
