"""What to bring, as a page that anybody may open and print.

Belongs here: asking for what, who comes and how old. Does not belong here: the answer
(``api.catalogue.required_documents``).
"""

from collections.abc import Mapping
from datetime import date

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.catalogue.required_documents import DocumentsBody, documents_for
from api.deps import SeenContract, TheDesk
from api.pages.rendering import page
from domain.calendars.hours import local
from domain.catalogue.required_documents import OLDEST
from domain.contract import Contract
from domain.errors import DomainError, FieldMissing
from domain.procedures.procedure_parts import RECEIVER_TEXT, Receiver

router = APIRouter(prefix="/required-documents", include_in_schema=False)


@router.get("/{slug}")
async def show(request: Request, loaded: SeenContract, desk: TheDesk) -> Response:
    """Ask, and answer with the list that holds today."""
    contract, asked = loaded.contract, request.query_params
    today = local(desk.clock()).date()
    found, problem = None, ""
    if asked.get("procedure") or asked.get("receiver") or asked.get("age"):
        try:
            found = _found(contract, asked, today=today)
        except DomainError as refused:
            problem = str(refused)
    return page(
        request,
        None,
        "required_documents",
        status=422 if problem else 200,
        contract=contract,
        # Rows that divide a procedure by who comes are one procedure to whoever asks.
        procedures=[row for row in contract.procedures if not row.variant_of],
        receivers=RECEIVER_TEXT,
        asked=asked,
        today=today,
        found=found,
        problem=problem,
    )


def _found(contract: Contract, asked: Mapping[str, str], *, today: date) -> DocumentsBody:
    receiver, age = asked.get("receiver", ""), asked.get("age", "")
    if receiver not in set(Receiver):
        raise FieldMissing("「来る人」を選んでください。")
    if not (age.isdecimal() and len(age) <= 3 and int(age) <= OLDEST):
        raise FieldMissing("「本人の年齢」を数字で入力してください。")
    procedure = asked.get("procedure", "")
    return documents_for(contract, procedure, Receiver(receiver), int(age), today)
