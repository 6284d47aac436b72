"""Applications that came back, on pages: who is called next, and what came back this month.

Here: the list, the form that opens a follow-up by itself, what its own page shows beside
that of every case. Not here: its steps, which are taken on the page of the case.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from api.access.auth import require_action
from api.access.door import Person
from api.calls.external_entries import first_of
from api.cases import Reader
from api.defects import follow_ups
from api.deps import Desk, TheDesk
from api.pages.desk.sending import Failed, Posted, failed, see_other
from api.pages.rendering import page
from domain.applications.defect_kinds import DEFECT_TEXT, DefectKind
from domain.calendars.hours import local
from domain.calls.contact import MEANS_TEXT, OUTCOME_TEXT
from domain.case import CaseKind
from domain.defects.defect import Defect
from domain.errors import DomainError, FieldMissing
from domain.parties import Action, allowed
from store import cases, defects
from store.cases import CaseFile, Wanted
from store.scope import scope
from store.values import value_of

router = APIRouter(include_in_schema=False)

Reporter = Annotated[Person, Depends(require_action(Action.REPORT_DEFECT))]

_SHOWN = 100
_ASKED = ("kana", "name", "address", "phone")


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpLine:
    """One open follow-up in a list."""

    file: CaseFile
    value: Defect
    kind: str
    last: str
    """How the last attempt ended; empty before the first."""


@router.get("/defects")
def show_defects(request: Request, person: Reader, desk: TheDesk) -> Response:
    """Show who is to be called next, and what came back in a month."""
    return _page(request, person, desk)


@router.post("/defects")
def report(request: Request, person: Reporter, desk: TheDesk, posted: Posted) -> Response:
    """Open the follow-up of an application that was made elsewhere."""
    loaded = desk.book.current(person.municipality)
    try:
        if posted.text("kind") not in set(DefectKind):
            raise FieldMissing("「不備の内容」を選んでください。")
        body = follow_ups.DefectRequest(
            kind=DefectKind(posted.text("kind")),
            note=posted.text("note")[:1000],
            confirmed=posted.text("confirmed") == "yes",
            **{name: posted.text(name)[:100] for name in _ASKED},
        )
        opened = follow_ups.report(loaded, person, desk, posted.key, body)
    except DomainError as refused:
        return _page(request, person, desk, failed("defect", posted, refused))
    return see_other(f"/cases/{opened.case_id}?done=defect_reported")


def lines_of(files: Sequence[CaseFile]) -> list[FollowUpLine]:
    """Return follow-ups as a list shows them."""
    return [_line(file) for file in files]


def of_defect(value: Defect) -> dict[str, Any]:
    """Return what the page of a follow-up shows beside what every case shows."""
    return {"defect": DEFECT_TEXT[value.kind], "last": last_words(value)}


def last_words(value: Defect) -> str:
    """Return how the last attempt ended: ``電話：応答なし``."""
    last = value.last_attempt
    return f"{MEANS_TEXT[last.means]}：{OUTCOME_TEXT[last.outcome]}" if last else ""


def _line(file: CaseFile) -> FollowUpLine:
    value = value_of(file)
    assert isinstance(value, Defect)
    return FollowUpLine(
        file=file, value=value, kind=DEFECT_TEXT[value.kind], last=last_words(value)
    )


def _page(
    request: Request, person: Person, desk: Desk, failed: Failed | None = None
) -> Response:
    contract = desk.book.current(person.municipality).contract
    city, slug = person.municipality, contract.slug
    month = request.query_params.get("month", "") or f"{local(desk.clock()):%Y-%m}"
    wrong = ""
    try:
        first = first_of(month)
    except FieldMissing as refused:
        wrong, first = str(refused), local(desk.clock()).date()
    with scope(desk.engine, city) as connection:
        open_now = cases.list_cases(
            connection, city, Wanted(kind=CaseKind.DEFECT), limit=_SHOWN
        )
        counted = defects.counts(connection, city, slug, first)
    return page(
        request,
        person,
        "defects",
        status=failed.told.status if failed else 200,
        lines=lines_of(open_now),
        rules=contract.defects,
        may_report=contract.defects is not None and allowed(person.role, Action.REPORT_DEFECT),
        kinds=DEFECT_TEXT,
        counted=counted,
        month=f"{first:%Y-%m}",
        wrong=wrong,
        failed=failed,
    )
