"""Beginning a procedure for a visitor, from the page of the visit.

What the page asks stands in ``api.pages.counter.procedure``, what is checked in
``api.counter.procedures``.
"""

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from api.access.auth import CurrentPerson, TheDoor, require_duty
from api.counter import procedures as routes
from api.deps import AccessedCase, TheDesk
from api.pages.case import case_page
from api.pages.counter.procedure import FORM
from api.pages.desk.sending import REFUSALS, Posted, failed, see_other
from domain.errors import FieldMissing
from domain.parties import Action
from domain.procedures.eligibility import Question
from domain.procedures.procedure_parts import Receiver

router = APIRouter(prefix="/cases", include_in_schema=False)


@router.post("/{case_id}/procedures")
async def add(
    request: Request,
    file: AccessedCase,
    person: CurrentPerson,
    desk: TheDesk,
    door: TheDoor,
    posted: Posted,
) -> Response:
    """Begin a procedure for the visitor; a refusal shows the visit again."""
    try:
        if posted.text("receiver") not in set(Receiver):
            raise FieldMissing("「来た人」を選んでください。")
        body = routes.ProcedureRequest(
            procedure=posted.text("procedure")[:80],
            receiver=Receiver(posted.text("receiver")),
            reservation=posted.text("reservation").strip()[:80],
            answers={
                question: posted.text(question) == "yes"
                for question in Question
                if posted.text(question) in {"yes", "no"}
            },
        )
        await run_in_threadpool(
            require_duty, door, person, Action.ADD_PROCEDURE, request=request
        )
        opened = await routes.add_procedure(file, person, desk, door, posted.key, request, body)
    except REFUSALS as refused:
        again = failed(FORM, posted, refused)
        return await run_in_threadpool(case_page, request, file, person, desk, door, again)
    return see_other(f"/cases/{opened.case_id}?done=procedure_begun")
