"""The reservation list over HTTP: rows, and the same rows as files.

Whose data is shown is recorded at every opening, whichever way it is opened. What stands on
a list: ``domain.booking.reservation_list``; those that wait for staff:
``api.booking.waiting_reservations``.
"""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Self
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from api.access.auth import require_action, route_of
from api.access.door import Person
from api.deps import AccessedContract, Desk, TheDesk
from contracts.loader import LoadedContract
from domain.booking.reservation_list import COLUMNS, ListRow, ReservationList
from domain.calendars.hours import local
from domain.errors import EngineAway
from domain.parties import Action, Role, Standing, allowed
from domain.writing.csv_files import Encoding, to_csv
from store import access, day_lists
from store.day_lists import Asked
from store.scope import scope

router = APIRouter(prefix="/api/v1/contracts/{slug}", tags=["reservations"])

Reader = Annotated[Person, Depends(require_action(Action.SEE_RESERVATIONS))]

SEEN = "予約受付一覧を見る"
TAKEN = "予約受付一覧を出力する"


class Format(StrEnum):
    """As what file a list is wanted; the values are words of addresses."""

    CSV = "csv"
    XLSX = "xlsx"
    PDF = "pdf"


_MEDIA_TYPES: Mapping[Format, str] = {
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.PDF: "application/pdf",
}


class ListRowBody(BaseModel):
    """One reservation; the person only for whom may see them."""

    case_id: str
    case_number: str
    starts_at: datetime
    ends_at: datetime
    venue: str
    line: str
    kana: str
    name: str
    people: int
    phone: str
    channel: str
    stage: str
    state_text: str
    guided: bool
    open: bool

    @classmethod
    def of(cls, row: ListRow) -> Self:
        """Copy a row."""
        return cls(
            case_id=row.case_id,
            case_number=row.number,
            starts_at=local(row.starts_at),
            ends_at=local(row.ends_at),
            venue=row.venue,
            line=row.line,
            kana=row.kana,
            name=row.name,
            people=row.people,
            phone=row.phone,
            channel=row.channel,
            stage=row.stage,
            state_text=row.state_text,
            guided=row.guided,
            open=row.open,
        )


class ListBody(BaseModel):
    """The list of a day, in the order of time."""

    title: str
    day: date
    as_of: datetime
    bookings: int
    people: int
    cancelled: int
    open: int
    items: list[ListRowBody]
    next_cursor: None = None


def asked_for(
    desk: TheDesk,
    day: date | None = None,
    venue: Annotated[str, Query(max_length=80)] = "",
    line: Annotated[str, Query(max_length=80)] = "",
    only_open: Annotated[bool, Query(alias="open")] = False,
) -> Asked:
    """Return which reservations are wanted; today's where no day is named."""
    wanted = day or local(desk.clock()).date()
    return Asked(
        first=wanted, last=wanted, site=venue or None, line=line or None, only_open=only_open
    )


AskedFor = Annotated[Asked, Depends(asked_for)]


@router.get("/reservation-list", summary="Show the reservation list of a day")
def show_list(
    loaded: AccessedContract, person: Reader, desk: TheDesk, asked: AskedFor, request: Request
) -> ListBody:
    """Return the reservations of a day by time; every opening is recorded."""
    paper = read(desk, person, loaded, asked, purpose=SEEN, route=route_of(request))
    return ListBody(
        title=paper.title,
        day=paper.first,
        as_of=local(paper.as_of),
        bookings=paper.bookings,
        people=paper.people,
        cancelled=paper.cancelled,
        open=paper.open,
        items=[ListRowBody.of(row) for row in paper.rows],
    )


@router.get("/reservation-list/{wanted}", summary="Take the list along as a file")
async def take_list(
    wanted: Format,
    loaded: AccessedContract,
    person: Reader,
    desk: TheDesk,
    asked: AskedFor,
    request: Request,
    encoding: Encoding = Encoding.UTF_8,
) -> Response:
    """Return the same rows as CSV, XLSX or PDF."""
    return await file_of(desk, person, loaded, asked, wanted, encoding, route_of(request))


def read(
    desk: Desk,
    person: Person,
    loaded: LoadedContract,
    asked: Asked,
    *,
    purpose: str,
    route: str,
) -> ReservationList:
    """Return a list as this person may see it, after recording whose data it shows."""
    now = desk.clock()
    with scope(desk.engine, person.municipality) as connection:
        found = day_lists.read(
            connection,
            desk.keys,
            loaded.contract,
            asked,
            as_of=now,
            sees=lambda line: may_see(person.role, closed=line.closed),
        )
        access.record_access(
            connection,
            account_id=person.account_id,
            case_ids=found.shown,
            purpose=purpose,
            route=route,
            now=now,
        )
    return found.paper


def may_see(role: Role, *, closed: bool) -> bool:
    """Say whether a role may see whom a reservation is for; fewer may once it is over."""
    standing = Standing.CLOSED if closed else Standing.WITH_PROVIDER
    return allowed(role, Action.SEE_PERSON, standing)


async def file_of(
    desk: Desk,
    person: Person,
    loaded: LoadedContract,
    asked: Asked,
    wanted: Format,
    encoding: Encoding,
    route: str,
) -> Response:
    """Return a list as a file to keep.

    Raises:
        CharactersLost: CP932 cannot hold every name as it is.
        MissingGlyph: No font can draw a name.
    """
    purpose = f"{TAKEN}（{wanted.upper()}）"

    def reading() -> ReservationList:
        return read(desk, person, loaded, asked, purpose=purpose, route=route)

    paper = await run_in_threadpool(reading)
    content = await _content(desk, paper, wanted, encoding)
    name = quote(f"予約受付一覧_{paper.first:%Y%m%d}.{wanted}")
    charset = "shift_jis" if encoding is Encoding.CP932 else "utf-8"
    return Response(
        content,
        media_type=_MEDIA_TYPES.get(wanted, f"text/csv; charset={charset}"),
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
            "Cache-Control": "no-store",
        },
    )


async def _content(
    desk: Desk, paper: ReservationList, wanted: Format, encoding: Encoding
) -> bytes:
    if wanted is Format.CSV:
        rows = {row.number: row.cells() for row in paper.rows}
        return to_csv(tuple(COLUMNS.values()), rows, encoding)
    if desk.files is None:
        raise EngineAway("この処理では、ファイルを作れません。")
    if wanted is Format.XLSX:
        return await desk.files.workbook(paper)
    return await desk.files.paper(paper)
