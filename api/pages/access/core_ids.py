"""The register of IDs of the core system, as a page: what has to be revoked stands first."""

from datetime import date

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import ValidationError

from api.access import core_ids as routes
from api.access.door import Person
from api.deps import Desk, TheDesk
from api.pages.desk.sending import Failed, Posted, failed, see_other
from api.pages.rendering import page
from domain.calendars.hours import local
from domain.errors import DomainError, FieldMissing
from domain.parties import ROLE_TEXT, Action, Party, allowed
from store import people
from store.scope import scope

router = APIRouter(prefix="/core-ids", include_in_schema=False)


@router.get("")
def show(request: Request, person: routes.Reader, desk: TheDesk) -> Response:
    """Show who holds which ID."""
    return _page(request, person, desk)


@router.post("")
def enter(request: Request, person: routes.Keeper, desk: TheDesk, posted: Posted) -> Response:
    """Enter an ID that somebody was given."""
    try:
        body = routes.CoreIdRequest(
            login=posted.text("login")[:200],
            system=posted.text("system").strip()[:80] or routes.USUAL_SYSTEM,
            core_id=posted.text("core_id").strip(),
            issued_on=_day(posted.text("issued_on")),
        )
        loaded = desk.book.current(person.municipality)
        routes.enter_core_id(loaded, person, desk, posted.key, body)
    except ValidationError:
        wrong = FieldMissing("IDを半角の英数字と記号で、60文字までで入力してください。")
        return _page(request, person, desk, failed("enter", posted, wrong))
    except DomainError as refused:
        return _page(request, person, desk, failed("enter", posted, refused))
    return see_other("/core-ids")


@router.post("/{number}/revoke")
def revoke(
    number: int, request: Request, person: routes.Keeper, desk: TheDesk, posted: Posted
) -> Response:
    """Enter that an ID works no more."""
    loaded = desk.book.current(person.municipality)
    try:
        day = _day(posted.text("revoked_on"))
        if not routes.revoke(desk, person, loaded, number, day):
            raise FieldMissing("失効済みのIDか、発行より前の日です。")
    except DomainError as refused:
        return _page(request, person, desk, failed("revoke", posted, refused))
    return see_other("/core-ids")


def _page(
    request: Request, person: Person, desk: Desk, failed: Failed | None = None
) -> Response:
    loaded = desk.book.current(person.municipality)
    with scope(desk.engine, person.municipality) as connection:
        staff = [
            (each.login, f"{each.display_name}・{ROLE_TEXT[each.role]}")
            for each in people.accounts(connection)
            if each.role.party is Party.PROVIDER and each.disabled_at is None
        ]
    return page(
        request,
        person,
        "access/core_ids",
        status=failed.told.status if failed else 200,
        found=routes.list_core_ids(loaded, person, desk),
        staff=staff,
        today=local(desk.clock()).date(),
        usual=routes.USUAL_SYSTEM,
        may_keep=allowed(person.role, Action.KEEP_CORE_IDS),
        failed=failed,
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise FieldMissing("日付は年-月-日で入力してください。") from None
