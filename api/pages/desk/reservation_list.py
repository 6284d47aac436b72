"""The reservation list of a day as a page to look at, to print and to take along.

What stands on it and who may see whom: ``api.booking.reservation_list``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from api import problems
from api.access.auth import route_of
from api.access.door import Person
from api.booking.reservation_list import SEEN, AskedFor, Format, Reader, file_of, read
from api.deps import Desk, TheDesk
from api.pages.rendering import page
from api.problems import Told
from domain.booking.reservation_list import ListRow, ReservationList
from domain.errors import DomainError
from domain.writing.csv_files import Encoding
from store import day_lists, venue_days
from store.day_lists import Asked
from store.scope import scope

router = APIRouter(prefix="/reservations/list", include_in_schema=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """One way to take the list along."""

    label: str
    href: str
    note: str = ""


_FILES: Sequence[tuple[str, Format, Encoding, str]] = (
    ("Excel（XLSX）", Format.XLSX, Encoding.UTF_8, "文字はそのまま"),
    ("CSV（UTF-8）", Format.CSV, Encoding.UTF_8, "文字はそのまま"),
    ("CSV（Shift_JIS）", Format.CSV, Encoding.CP932, "表せない文字があると、出力しません"),
    ("PDF（A4）", Format.PDF, Encoding.UTF_8, ""),
)


@router.get("")
def show(request: Request, person: Reader, desk: TheDesk, asked: AskedFor) -> Response:
    """Show the list of a day; whose data it shows is recorded."""
    return _page(request, person, desk, asked)


@router.get("/{wanted}")
async def take(
    wanted: Format,
    request: Request,
    person: Reader,
    desk: TheDesk,
    asked: AskedFor,
    encoding: Annotated[Encoding, Query()] = Encoding.UTF_8,
) -> Response:
    """Give the list as a file, or say on the page why not and what can be had instead."""
    loaded = desk.book.current(person.municipality)
    try:
        return await file_of(desk, person, loaded, asked, wanted, encoding, route_of(request))
    except DomainError as refused:
        told = problems.told(refused)
        return await run_in_threadpool(_page, request, person, desk, asked, told)


def _page(
    request: Request, person: Person, desk: Desk, asked: Asked, told: Told | None = None
) -> Response:
    loaded = desk.book.current(person.municipality)
    paper = read(desk, person, loaded, asked, purpose=SEEN, route=route_of(request))
    with scope(desk.engine, person.municipality) as connection:
        names = day_lists.place_names(connection, loaded.contract)
        planned = venue_days.between(
            connection, person.municipality, loaded.contract.slug, asked.first, asked.first
        )
    sites = {line.site for line in loaded.contract.bookings if line.site}
    sites |= {day.site for day in planned} | ({asked.site} if asked.site else set())
    return page(
        request,
        person,
        "reservation_list",
        status=told.status if told else 200,
        told=told,
        paper=paper,
        groups=_by_venue(paper),
        asked=asked,
        before=_address(asked, day=(asked.first - timedelta(days=1)).isoformat()),
        after=_address(asked, day=(asked.first + timedelta(days=1)).isoformat()),
        places=sorted((names.get(site, site), site) for site in sites),
        lines=[(line.label, line.id) for line in loaded.contract.bookings if line.is_bookable],
        files=[
            Taken(
                label=label,
                href=_address(asked, f"/{wanted}", encoding=encoding),
                note=note,
            )
            for label, wanted, encoding, note in _FILES
        ],
    )


def _by_venue(paper: ReservationList) -> list[tuple[str, list[ListRow]]]:
    """Return the rows of each place, each in the order of time."""
    ordered = sorted(paper.rows, key=lambda row: row.venue)
    return [(venue, list(rows)) for venue, rows in groupby(ordered, lambda row: row.venue)]


def _address(asked: Asked, file: str = "", **more: str) -> str:
    query = {
        "day": asked.first.isoformat(),
        "venue": asked.site or "",
        "line": asked.line or "",
        "open": "true" if asked.only_open else "",
        **more,
    }
    return f"/reservations/list{file}?{urlencode({k: v for k, v in query.items() if v})}"
