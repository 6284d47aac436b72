"""The list of cases: what is due and what is stuck, the most urgent first.

Every filter stands in the address, so that a count is a link and a link can be passed on.
"""

import csv
import io
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.cases import CLOSED_STAGES, Reader
from api.deps import TheDesk
from api.pages.rendering import page
from api.pages.status import role_words, status_of
from api.pages.times import end_of_day
from api.paging import after_cursor, cursor_after
from domain.actions import STAGE_TEXT
from domain.calendars.hours import local
from domain.case import KIND_TEXT, CaseKind
from domain.errors import FieldMissing
from domain.parties import Role
from store import cases
from store.cases import CaseFile, Wanted
from store.scope import scope

router = APIRouter(include_in_schema=False)

PER_PAGE: Final = 50
MOST_EXPORTED: Final = 5000
DUE_TEXT: Final[Mapping[str, str]] = {
    "late": "期限超過",
    "today": "本日まで",
    "week": "7日以内",
}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_FILTERS = ("kind", "stage", "owner", "due", "stuck", "parent", "closed")


@router.get("/cases")
def show_list(request: Request, person: Reader, desk: TheDesk) -> Response:
    """Show the cases that the address asks for."""
    query = _known(request.query_params)
    after = _after(request.query_params.get("cursor"))
    wanted = wanted_of(query, desk.clock())
    with scope(desk.engine, person.municipality) as connection:
        found = cases.list_cases(
            connection, person.municipality, wanted, limit=PER_PAGE + 1, after=after
        )
        total = cases.count_cases(connection, person.municipality, wanted)
        parent = _parent(connection, query)
    shown = found[:PER_PAGE]
    more = cursor_after(shown[-1]) if len(found) > PER_PAGE else None
    return page(
        request,
        person,
        "cases",
        files=shown,
        total=total,
        query={name: query.get(name, "") for name in _FILTERS},
        narrowed=bool(query),
        parent=parent,
        stages=_stages(query.get("kind")),
        due_text=DUE_TEXT,
        kinds=KIND_TEXT,
        more=f"/cases?{urlencode({**query, 'cursor': more})}" if more else None,
        first=f"/cases?{urlencode(query)}" if after else None,
        export=f"/cases.csv?{urlencode(query)}",
        most_exported=MOST_EXPORTED,
    )


@router.get("/cases.csv")
def export_list(request: Request, person: Reader, desk: TheDesk) -> Response:
    """Return the whole list that the page shows, for a spreadsheet."""
    now = desk.clock()
    wanted = wanted_of(_known(request.query_params), now)
    with scope(desk.engine, person.municipality) as connection:
        found = cases.list_cases(connection, person.municipality, wanted, limit=MOST_EXPORTED)
    return Response(
        csv_of(found, now).encode("utf-8-sig"),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="cases-{now:%Y%m%d-%H%M}.csv"'},
    )


def wanted_of(query: Mapping[str, str], now: datetime) -> Wanted:
    """Return which cases a list shows; what the address asks wrongly is not asked."""
    stage = query.get("stage")
    return Wanted(
        kind=CaseKind(query["kind"]) if "kind" in query else None,
        stage=stage,
        parent_id=query.get("parent"),
        owner=query.get("owner"),
        stuck=True if query.get("stuck") else None,
        due_before=_due_before(query.get("due"), now),
        closed=bool(query.get("closed")) or stage in CLOSED_STAGES,
    )


def csv_of(files: list[CaseFile], now: datetime) -> str:
    """Return cases as CSV; no cell can be taken for a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("案件番号", "種類", "状況", "段階", "期限", "担当", "止まっている理由"))
    for file in files:
        status = status_of(file, now)
        due = f"{local(file.due_at):%Y-%m-%d %H:%M}" if file.due_at else ""
        row = (
            file.case_number,
            KIND_TEXT[file.kind],
            status.word.value,
            STAGE_TEXT[file.kind].get(file.stage, file.stage),
            due,
            role_words(file.owner) if file.owner else "",
            status.reason,
        )
        writer.writerow([_harmless(cell) for cell in row])
    return out.getvalue()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _known(query: Mapping[str, str]) -> dict[str, str]:
    """Return the filters that mean something; an old or broken link shows more, not less."""
    found = {name: query[name] for name in _FILTERS if query.get(name)}
    allowed: dict[str, Any] = {
        "kind": {kind.value for kind in CaseKind},
        "owner": {role.value for role in Role},
        "due": set(DUE_TEXT),
        "stage": {stage for stages in STAGE_TEXT.values() for stage in stages},
    }
    return {
        name: value
        for name, value in found.items()
        if name not in allowed or value in allowed[name]
    }


def _due_before(due: str | None, now: datetime) -> datetime | None:
    match due:
        case "late":
            return now
        case "today":
            return end_of_day(now)
        case "week":
            return end_of_day(now) + timedelta(days=7)
    return None


def _stages(kind: str | None) -> dict[str, str]:
    if kind is not None:
        return dict(STAGE_TEXT[CaseKind(kind)])
    return {stage: text for stages in STAGE_TEXT.values() for stage, text in stages.items()}


def _after(cursor: str | None) -> cases.After | None:
    try:
        return after_cursor(cursor)
    except FieldMissing:
        return None


def _parent(connection: Any, query: Mapping[str, str]) -> CaseFile | None:
    return cases.one_case(connection, query["parent"]) if "parent" in query else None
