"""Taking a step once everything was answered, and where it goes on from there.

Asking stands in ``answers``; what the steps do, with the routes that programs use as well.
Each is told by which words it was taken.
"""

from dataclasses import dataclass

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from api import cases as case_routes
from api.access.auth import require_duty
from api.access.door import Door, Person
from api.counter import applications, procedures
from api.deps import Desk
from api.knowledge.shelf import manual_words
from api.pages.guide.answers import Answers
from api.pages.guide.guide_words import MANUAL
from domain.applications.application_parts import AppliedFor, Variant
from domain.errors import FieldMissing
from domain.forms import ActionForm
from domain.guidance import beginning
from domain.parties import Action
from domain.procedures.procedure_parts import Receiver
from store.cases import CaseFile

_LONGEST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Taker:
    """Who takes a step of which case, and what it is taken with."""

    request: Request
    file: CaseFile
    person: Person
    desk: Desk
    door: Door
    key: str


async def take(taker: Taker, action: Action, answers: Answers, form: ActionForm) -> str:
    """Take a step; return where it goes on.

    Raises:
        DomainError: It was refused.
    """
    match action:
        case Action.ADD_PROCEDURE:
            opened = await _begin_procedure(taker, answers)
            return f"/guide/{opened}?done=procedure_begun"
        case Action.ADD_APPLICATION:
            opened = await _begin_application(taker, answers)
            return f"/guide/{opened}?done=application_begun"
    done = await case_routes.act_on(
        action,
        taker.file,
        taker.person,
        taker.desk,
        taker.door,
        taker.key,
        taker.request,
        answers.body(form),
        guide=await _words_used(taker),
    )
    ref = taker.file.ref
    on = ref.parent_id if done.closed and ref.parent_id else ref.case_id
    return f"/guide/{on}?done={action}"


async def _words_used(taker: Taker) -> str:
    """Return by which words and which manual a step is taken, as its record names them."""
    contract = taker.desk.book.current(taker.person.municipality).contract
    manual = await run_in_threadpool(manual_words, taker.desk, contract)
    return "・".join(filter(None, (MANUAL.version, manual)))


async def _begin_procedure(taker: Taker, answers: Answers) -> str:
    given = answers.given
    if given.get(beginning.RECEIVER) not in set(Receiver):
        raise FieldMissing("「来た人」を選んでください。")
    await _require(taker, Action.ADD_PROCEDURE)
    body = procedures.ProcedureRequest(
        procedure=given.get(beginning.PROCEDURE, "")[:80],
        receiver=Receiver(given[beginning.RECEIVER]),
        reservation=given.get(beginning.RESERVATION, "").strip()[:80],
        answers=beginning.answers_in(given),
    )
    opened = await procedures.begin(
        taker.file,
        taker.person,
        taker.desk,
        taker.door,
        taker.key,
        taker.request,
        body,
        guide=await _words_used(taker),
    )
    return opened.case_id


async def _begin_application(taker: Taker, answers: Answers) -> str:
    given = answers.given
    if given.get(beginning.VARIANT) not in set(Variant):
        raise FieldMissing("「申請の方法」を選んでください。")
    if given.get(beginning.APPLIED_FOR) not in set(AppliedFor):
        raise FieldMissing("「新規・更新」を選んでください。")
    await _require(taker, Action.ADD_APPLICATION)
    body = applications.ApplicationRequest(
        visit=taker.file.ref.case_id,
        variant=Variant(given[beginning.VARIANT]),
        applied_for=AppliedFor(given[beginning.APPLIED_FOR]),
        kana=given.get(beginning.KANA, "")[:_LONGEST],
        phone=given.get(beginning.PHONE, "")[:100],
        reachable=given.get(beginning.REACHABLE, "")[:100],
        confirmed=answers.confirmed,
    )
    loaded = taker.desk.book.current(taker.person.municipality)
    opened = await applications.begin_in_visit(
        loaded,
        taker.person,
        taker.desk,
        taker.door,
        taker.key,
        taker.request,
        body,
        guide=await _words_used(taker),
    )
    return opened.case_id


async def _require(taker: Taker, action: Action) -> None:
    await run_in_threadpool(
        require_duty, taker.door, taker.person, action, request=taker.request
    )
