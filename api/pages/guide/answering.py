"""Articles beside a step of a guide: those of its procedure, or what somebody looks for.

Here: which ones. Not here: the shelf they are taken from (``api.knowledge.shelf``), their own
pages (``api.pages.knowledge``).
"""

from typing import Any

from fastapi import Request

from api.deps import Desk
from api.knowledge.shelf import Wanted, shelf_of
from domain.procedures.procedure import Procedure
from domain.procedures.visit import Visit
from store.cases import CaseFile
from store.values import value_of

_LONGEST = 200
_MOST = 8
"""More than somebody reads while a resident waits."""


def found_for(request: Request, desk: Desk, file: CaseFile) -> dict[str, Any]:
    """Return what the page beside a step is drawn from."""
    contract = desk.book.current(file.ref.municipality).contract
    shelf, words = shelf_of(desk, contract), request.query_params.get("faq", "")[:_LONGEST]
    if words.strip():
        found = shelf.find(Wanted(words=words))
    else:
        code = _procedure(file)
        found = [each for each in shelf.articles() if code and each.content.procedure == code]
    return {"shelf": shelf, "faq": found[:_MOST], "faq_words": words}


def _procedure(file: CaseFile) -> str:
    value = value_of(file)
    if isinstance(value, Procedure):
        return value.plan.procedure
    return value.procedure if isinstance(value, Visit) else ""
