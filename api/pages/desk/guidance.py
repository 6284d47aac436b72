"""What people are told before they come, as a page: every version, and a form for the next.

What a text may hold stands in ``api.booking.guidance_texts``.
"""

from itertools import groupby
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from api.access.auth import require_action
from api.access.door import Person
from api.booking import guidance_texts as routes
from api.deps import TheDesk
from api.pages.desk.desk_frame import City, city_of
from api.pages.desk.sending import Failed, Posted, failed, see_other
from api.pages.rendering import page
from domain.booking.booking_form import Language
from domain.errors import DomainError, FieldMissing
from domain.parties import Action

router = APIRouter(prefix="/reservations/guidance", include_in_schema=False)

Writer = Annotated[Person, Depends(require_action(Action.WRITE_GUIDANCE))]

LANGUAGES: Final = {
    str(Language.JA): "日本語",
    str(Language.EASY): "やさしい日本語",
    str(Language.EN): "英語",
}


@router.get("")
def show(request: Request, person: Writer, desk: TheDesk) -> Response:
    """Show every text with its versions."""
    return _page(request, city_of(desk, person))


@router.post("")
def write(request: Request, person: Writer, desk: TheDesk, posted: Posted) -> Response:
    """Write the next version of a text."""
    city = city_of(desk, person)
    try:
        text = posted.text("text").strip()
        if not 1 <= len(text) <= routes.LONGEST:
            raise FieldMissing(f"「案内の文」を{routes.LONGEST}文字までで入力してください。")
        if posted.text("language") not in LANGUAGES:
            raise FieldMissing("「ことば」を選んでください。")
        body = routes.GuidanceRequest(
            site=posted.text("site")[:80], language=Language(posted.text("language")), text=text
        )
        written = routes.write_guidance(city.loaded, person, desk, posted.key, body)
    except DomainError as refused:
        return _page(request, city, failed("guidance", posted, refused))
    return see_other(f"/reservations/guidance?written={written.number}")


def _page(request: Request, city: City, failed: Failed | None = None) -> Response:
    found = routes.list_guidance(city.loaded, city.person, city.desk).items
    texts = [
        list(versions)
        for _, versions in groupby(found, key=lambda each: (each.site, each.language))
    ]
    return page(
        request,
        city.person,
        "desk/guidance",
        status=failed.told.status if failed else 200,
        city=city,
        texts=texts,
        languages=LANGUAGES,
        written=request.query_params.get("written", ""),
        failed=failed,
    )
