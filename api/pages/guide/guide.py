"""The pages of a guide: one step, its questions, and straight on to the next one.

Which step it is stands in ``domain.guidance``, what was answered in ``answers``, the words in
``guide_words``, the resident's screen in ``driving`` and ``display``.
"""

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response, StreamingResponse
from starlette.concurrency import run_in_threadpool

from api import cases as case_routes
from api.access.auth import TheDoor, require_action
from api.access.door import Door, Person
from api.deps import AccessedCase, Desk, TheDesk, ViewedCase
from api.pages.desk.sending import REFUSALS, Failed, Posted, Sent, failed, see_other
from api.pages.events import EVERY, LONGEST
from api.pages.guide import answering, driving
from api.pages.guide.answers import Answers, asking
from api.pages.guide.guide_words import MANUAL
from api.pages.guide.guided import Guided, guided, name_of
from api.pages.guide.taking import Taker, take
from api.pages.rendering import fragment, page
from api.pages.words import EVENT_TEXT
from domain.case import CaseKind
from domain.guidance.progress import after_this, count
from domain.guidance.questions import next_question, questions_of
from domain.guidance.steps import GUIDED, Scene
from domain.parties import Action
from domain.procedures.eligibility import EligibilityRule
from domain.procedures.visit import Result
from store import cases, worklists
from store.cases import CaseFile
from store.scope import scope

router = APIRouter(prefix="/guide", include_in_schema=False)

Follower = Annotated[Person, Depends(require_action(Action.FOLLOW_GUIDE))]

FORM: Final = "guide"
DISPLAY_FORM: Final = "display"
_REFERRING: Final = "visit/refer"
_NOTED_EVERY: Final = 20
"""Looks between two notes that the page is still there."""


@router.get("/{case_id}")
def show(
    request: Request, person: Follower, file: ViewedCase, desk: TheDesk, door: TheDoor
) -> Response:
    """Show the one step that is due, or the one that was asked for."""
    if file.kind not in GUIDED:
        return see_other(f"/cases/{file.ref.case_id}")
    if request.headers.get("HX-Request"):
        found = answering.found_for(request, desk, file)
        return HTMLResponse(fragment(request, "guide/_faq_found", **found))
    wanted = request.query_params.get("do", "")
    answers = Answers(action=Action(wanted)) if wanted in set(Action) else Answers()
    return _page(request, person, desk, door, guided(desk, person, file), answers)


@router.post("/{case_id}")
async def answer(
    request: Request,
    file: AccessedCase,
    person: Follower,
    desk: TheDesk,
    door: TheDoor,
    posted: Posted,
) -> Response:
    """Take an answer: ask the next question, or take the step and go on to the next one."""
    try:
        return await _answer(request, file, person, desk, door, posted)
    except REFUSALS as refused:
        again = failed(FORM, posted, refused)
        return await run_in_threadpool(
            _again, request, person, desk, door, file.ref.case_id, again, posted
        )


@router.post("/{case_id}/display")
async def drive_display(
    request: Request,
    file: AccessedCase,
    person: Follower,
    desk: TheDesk,
    door: TheDoor,
    posted: Posted,
) -> Response:
    """Open the resident's screen, take over who sits before it, end it, or turn away."""
    seen = await run_in_threadpool(guided, desk, person, file)
    try:
        if driving.changes_hands(person, seen, posted):
            await _take_charge(request, seen.root, person, desk, door, posted)
        await run_in_threadpool(driving.act, desk, door, person, seen, posted)
    except REFUSALS as refused:
        again = failed(DISPLAY_FORM, posted, refused)
        return await run_in_threadpool(
            partial(_page, request, person, desk, door, seen, Answers(), again=again)
        )
    if posted.text("act") == driving.Act.AWAY:
        return Response(status_code=204)
    return see_other(f"/guide/{file.ref.case_id}")


@router.get("/{case_id}/live")
async def live(
    request: Request, file: AccessedCase, person: Follower, desk: TheDesk, door: TheDoor
) -> StreamingResponse:
    """Tell when the case has moved; meanwhile whoever looks is taken to be there."""
    return StreamingResponse(
        _moves(request, file, person, desk, door),
        media_type="text/event-stream",
        headers={"X-Accel-Buffering": "no"},
    )


async def _answer(
    request: Request, file: CaseFile, person: Person, desk: Desk, door: Door, posted: Sent
) -> Response:
    seen = await run_in_threadpool(guided, desk, person, file)
    answers = Answers.of(posted)
    action = answers.action
    assert action is not None, "what is posted names its action"
    if answers.back:
        return await run_in_threadpool(
            _page, request, person, desk, door, seen, answers.returned()
        )
    answers = answers.forward(seen.form(action, answers.given))
    if action is Action.ADD_PROCEDURE:
        sent_on = seen.beginning(answers.given).referred
        if sent_on is not None:
            return await run_in_threadpool(
                _page, request, person, desk, door, seen, _closing(), sent_on=sent_on
            )
    form = seen.form(action, answers.given)
    if next_question(questions_of(form), answers.seen) is not None:
        return await run_in_threadpool(_page, request, person, desk, door, seen, answers)
    taker = Taker(
        request=request, file=file, person=person, desk=desk, door=door, key=posted.key
    )
    return see_other(await take(taker, action, answers, form))


async def _take_charge(
    request: Request, visit: CaseFile, person: Person, desk: Desk, door: Door, posted: Sent
) -> None:
    """Let the record of the visit say who is in charge from now on."""
    await case_routes.act_on(
        Action.TAKE_CHARGE,
        *(visit, person, desk, door, posted.key, request, {}),
        guide=MANUAL.version,
    )


def _closing() -> Answers:
    return Answers(action=Action.CLOSE_VISIT, given={"result": str(Result.REFERRED)})


def _again(
    request: Request,
    person: Person,
    desk: Desk,
    door: Door,
    case_id: str,
    again: Failed,
    posted: Sent,
) -> Response:
    # Read anew: somebody else may have moved the case, which is why it was refused.
    with scope(desk.engine, person.municipality) as connection:
        file = cases.one_case(connection, case_id)
    known = posted.text("do") in set(Action)
    answers = Answers.of(posted) if known else Answers()
    return _page(request, person, desk, door, guided(desk, person, file), answers, again=again)


def _page(
    request: Request,
    person: Person,
    desk: Desk,
    door: Door,
    seen: Guided,
    answers: Answers,
    *,
    again: Failed | None = None,
    sent_on: EligibilityRule | None = None,
) -> HTMLResponse:
    action = answers.action if answers.action in seen.possible else seen.step.action
    if action is not answers.action:
        answers = Answers()
    name = _REFERRING if sent_on else _name(seen, action)
    file, done = seen.file, request.query_params.get("done", "")
    own = again if again and again.form == FORM else None
    return page(
        request,
        person,
        "guide/step",
        status=again.told.status if again else 200,
        file=file,
        name=name_of(file),
        guided=seen,
        words=MANUAL.words.get(name),
        version=MANUAL.version,
        scene=Scene.STEP if action else seen.step.scene,
        scenes=Scene,
        asking=asking(seen, MANUAL.words, name, action, answers, own) if action else None,
        ways=_ways(seen, action),
        due=action is None or action is seen.step.action,
        position=count(seen.points),
        next=after_this(seen.points),
        sent_on=sent_on,
        panel=driving.show(desk, door, person, seen, name),
        failed=again,
        done=EVENT_TEXT.get(done, ""),
        **_of_record(desk, person, seen) | answering.found_for(request, desk, file),
    )


def _name(seen: Guided, action: Action | None) -> str:
    """Return the name of the words that are shown."""
    if action is None:
        return MANUAL.name_of(seen.file.kind, seen.step)
    return MANUAL.name_of_action(seen.file.kind, action)


def _ways(seen: Guided, shown: Action | None) -> list[tuple[str, str, bool]]:
    """Return what else can be done: its words, where it is, and whether it goes back."""
    step, path = seen.step, f"/guide/{seen.file.ref.case_id}"
    found = [
        (seen.label(action), f"{path}?do={action}", action in step.backwards)
        for action in (*step.backwards, *step.others)
        if action is not shown
    ]
    if shown is not None and shown is not step.action:
        found.insert(0, ("いまの手順に戻る", path, True))
    return found


def _of_record(desk: Desk, person: Person, seen: Guided) -> dict[str, Any]:
    """Return since when a case waits, and why it was handed on or came back, line by line."""
    handoff = seen.file.kind is CaseKind.HANDOFF
    if seen.step.scene is not Scene.WAIT and not handoff:
        return {"since": None, "told": []}
    with scope(desk.engine, person.municipality) as connection:
        events = cases.timeline(connection, desk.keys, seen.file.ref)
    reasons = [event.reason for event in events if event.reason] if handoff else []
    return {"since": events[-1].at, "told": reasons[-1].splitlines() if reasons else []}


async def _moves(
    request: Request, file: CaseFile, person: Person, desk: Desk, door: Door
) -> AsyncIterator[str]:
    before = request.query_params.get("since", "")
    yield ": here\n\n"
    for look in range(LONGEST // EVERY):
        if await request.is_disconnected():
            return
        if look % _NOTED_EVERY == 0:
            await run_in_threadpool(driving.note_presence, desk, door, person)
        if await run_in_threadpool(_moved, desk, file) != before:
            yield "event: moved\ndata: .\n\n"
            return
        await asyncio.sleep(EVERY.total_seconds())


def _moved(desk: Desk, file: CaseFile) -> str:
    with scope(desk.engine, file.ref.municipality) as connection:
        found = worklists.last_change(connection, file.ref.municipality, file.ref.case_id)
    return "-".join(str(each) for each in found)
