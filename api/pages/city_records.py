"""What the city did on a day, on a page, and what somebody begins there.

Here: the day and its forms. Not here: the steps afterwards, which are taken on the page of the
case; a letter about a case begins there as well.
"""

from datetime import date

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.access.auth import CurrentPerson, TheDoor
from api.access.door import Person
from api.cases import Reader
from api.citywork import city_records
from api.deps import Desk, TheDesk
from api.pages.desk.sending import Failed, Posted, failed, see_other
from api.pages.rendering import page
from domain.calendars.hours import local
from domain.citywork.city_record import BEGINS, STAGE_TEXT, WHAT_TEXT, What
from domain.errors import DomainError, FieldMissing
from domain.parties import allowed
from store import city_records as stored
from store.scope import scope

router = APIRouter(prefix="/city-records", include_in_schema=False)


@router.get("")
def show(request: Request, person: Reader, desk: TheDesk) -> Response:
    """Show a day of the city's own work."""
    return _day_page(request, person, desk)


@router.post("")
def begin(
    request: Request, person: CurrentPerson, desk: TheDesk, door: TheDoor, posted: Posted
) -> Response:
    """Begin a record, and go to its case."""
    loaded = desk.book.current(person.municipality)
    try:
        if posted.text("what") not in set(What):
            raise FieldMissing("記録するものを選んでください。")
        what = What(posted.text("what"))
        body = city_records.CityRecordRequest(
            what=what,
            about=posted.text("about")[:200],
            count=_number(posted.text("count"), "数"),
            amount_jpy=_number(posted.text("amount_jpy"), "金額"),
            reply_due=posted.text("reply_due")[:10],
        )
        opened = city_records.begin_record(
            loaded, person, desk, door, posted.key, request, body
        )
    except DomainError as refused:
        return _day_page(request, person, desk, failed(posted.text("what"), posted, refused))
    return see_other(f"/cases/{opened.case_id}?done={BEGINS[what][1]}")


def _day_page(
    request: Request, person: Person, desk: Desk, failed: Failed | None = None
) -> Response:
    contract = desk.book.current(person.municipality).contract
    today = local(desk.clock()).date()
    day = _day(request.query_params.get("day", ""), today)
    with scope(desk.engine, person.municipality) as connection:
        letters = stored.letters_open(connection, person.municipality, contract.slug)
    known = city_records.kinds_of(contract)
    return page(
        request,
        person,
        "city_records",
        status=failed.told.status if failed else 200,
        day=city_records.day_of(desk, person, contract, day),
        today=today,
        letters=letters,
        mine=[each for each in known if allowed(person.role, BEGINS[each][1])],
        what_text=WHAT_TEXT,
        stage_text=STAGE_TEXT,
        failed=failed,
    )


def _number(text: str, label: str) -> int:
    if not text.strip():
        return 0
    if not (text.isascii() and text.strip().isdecimal()):
        raise FieldMissing(f"「{label}」は0以上の数で入力してください。")
    return int(text.strip()[:8])


def _day(text: str, default: date) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return default
