"""The counts of a month as a page.

Belongs here: choosing a month and showing its tables. Does not belong here: counting
(``api.catalogue.counts``).
"""

import re
from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from api.access.auth import require_action
from api.access.door import Person
from api.calls.external_entries import MONTH
from api.catalogue import counts as routes
from api.counter import applications
from api.deps import TheDesk
from api.pages.rendering import page
from domain.applications.application_parts import APPLIED_FOR_TEXT
from domain.calendars.hours import local
from domain.parties import Action

router = APIRouter(prefix="/counts", include_in_schema=False)

Seer = Annotated[Person, Depends(require_action(Action.SEE_CALENDAR))]


_AT_WINDOW = ("visits", "served", "handed_over", "left", "procedures", "done", "referred")
_NOTED = ("guidance", "questions", "consultations", "referred")
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "groups": tuple(routes.HEADS),
    "procedures": ("cases", *_AT_WINDOW),
    "subjects": ("cases", *_NOTED),
    "places": tuple(routes.HEADS),
    "residents": ("cases", *_AT_WINDOW),
}
"""What each section can have; the rest would be noughts."""


@router.get("")
def show(request: Request, person: Seer, desk: TheDesk) -> Response:
    """Show this month, or the one that was chosen."""
    loaded = desk.book.current(person.municipality)
    wanted = request.query_params.get("month", "")
    month = wanted if re.fullmatch(MONTH, wanted) else f"{local(desk.clock()):%Y-%m}"
    found = routes.show_counts(loaded, person, desk, month)
    return page(
        request,
        person,
        "counts",
        found=found,
        month=month,
        year=int(month[:4]),
        number=int(month[5:]),
        heads=routes.HEADS,
        sections=[
            (name, getattr(found, key), _COLUMNS[key]) for key, name in routes.SECTIONS.items()
        ],
        applications=applications.counted(desk, person, loaded.contract, month),
        applied_for=APPLIED_FOR_TEXT,
        file=f"/api/v1/contracts/{loaded.contract.slug}/counts/csv",
    )
