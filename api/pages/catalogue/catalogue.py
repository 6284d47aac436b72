"""The catalogue as a page: what can be chosen at the windows, and what was agreed about it.

Belongs here: the list with its switches. Does not belong here: checking an agreement
(``api.catalogue.catalogue``).
"""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from api.access.auth import require_action
from api.access.door import Person
from api.catalogue import catalogue as routes
from api.deps import Desk, TheDesk
from api.pages.desk.sending import Failed, Posted, Sent, failed, see_other
from api.pages.rendering import page
from domain.catalogue.catalogue import OFFER_KIND_TEXT, OfferKind
from domain.errors import DomainError, FieldMissing
from domain.parties import Action, allowed
from domain.procedures.procedure_parts import GROUP_TEXT

router = APIRouter(prefix="/catalogue", include_in_schema=False)

Seer = Annotated[Person, Depends(require_action(Action.SEE_CALENDAR))]
Switcher = Annotated[Person, Depends(require_action(Action.SWITCH_CATALOGUE))]

_BETWEEN = "/"


@router.get("")
def show(request: Request, person: Seer, desk: TheDesk) -> Response:
    """Show what can be chosen today, by group, and every agreement."""
    return _page(request, person, desk)


@router.post("")
def switch(request: Request, person: Switcher, desk: TheDesk, posted: Posted) -> Response:
    """Enter what was agreed with the city."""
    loaded = desk.book.current(person.municipality)
    try:
        body = _request(posted)
        routes.switch_entry(loaded, person, desk, posted.key, body)
    except DomainError as refused:
        return _page(request, person, desk, failed("switch", posted, refused))
    return see_other("/catalogue?done=switched")


def _request(posted: Sent) -> routes.SwitchRequest:
    kind, _, code = posted.text("entry").partition(_BETWEEN)
    if kind not in set(OfferKind):
        raise FieldMissing("「手続・分類」を選んでください。")
    if posted.text("on") not in {"yes", "no"}:
        raise FieldMissing("「扱うか」を選んでください。")
    try:
        from_day = date.fromisoformat(posted.text("from_day"))
    except ValueError:
        raise FieldMissing("「扱いが変わる日」を年-月-日で入力してください。") from None
    agreement = posted.text("agreement").strip()
    if not 1 <= len(agreement) <= 200:
        raise FieldMissing("「協議の記録」を200文字までで入力してください。")
    return routes.SwitchRequest(
        kind=OfferKind(kind),
        code=code[:80],
        on=posted.text("on") == "yes",
        from_day=from_day,
        agreement=agreement,
    )


def _page(
    request: Request, person: Person, desk: Desk, failed: Failed | None = None
) -> Response:
    loaded = desk.book.current(person.municipality)
    found = routes.show_catalogue(loaded, person, desk)
    procedures = [each for each in found.items if each.kind is OfferKind.PROCEDURE]
    labels = {(each.kind, each.code): each.label for each in found.items}
    return page(
        request,
        person,
        "catalogue",
        status=failed.told.status if failed else 200,
        found=found,
        slug=loaded.contract.slug,
        sections=[
            (text, [each for each in procedures if each.group == group])
            for group, text in [*GROUP_TEXT.items(), (None, "区分は案件ごとに尋ねる")]
            if any(each.group == group for each in procedures)
        ],
        subjects=[each for each in found.items if each.kind is OfferKind.CATEGORY],
        off=sum(not each.on for each in found.items),
        labels=labels,
        kinds=OFFER_KIND_TEXT,
        may_switch=allowed(person.role, Action.SWITCH_CATALOGUE),
        done=request.query_params.get("done") == "switched",
        failed=failed,
    )
