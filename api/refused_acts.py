"""Steps that were asked for and are not the asker's, or come too late.

The course of a case judges (``workflows.course``); here the judgement becomes a record of
what was tried, and whoever comes second is told how the case ended. Does not belong here:
how a course is asked (``api.ask``).
"""

from collections.abc import Mapping

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from temporalio.client import WorkflowUpdateFailedError
from temporalio.service import RPCError, RPCStatusCode

from api import ask
from api.access.auth import require_duty, route_of
from api.access.door import Door, Person
from api.deps import Desk
from api.problems import root_refusal
from domain.applications.application import Application
from domain.calendars.hours import clock, local
from domain.case import CaseKind
from domain.errors import AcceptedByOther, DomainError, NotYourDuty, WrongStage
from domain.parties import ROLE_TEXT, Action, Role
from domain.procedures.procedure import Procedure
from domain.procedures.procedure_errors import CheckedByOther
from domain.procedures.procedure_parts import Step
from store import cases, record
from store.cases import CaseFile
from store.scope import scope
from store.values import value_of
from workflows.messages import Act, CaseView

_FASTER: Mapping[str, tuple[type[DomainError], frozenset[str]]] = {
    "AcceptedByOther": (AcceptedByOther, frozenset({Action.ACCEPT_HANDOFF, Action.TAKE_ON})),
    "CheckedByOther": (CheckedByOther, frozenset({Action.PASS_CHECK})),
}
_DONE: Mapping[type[DomainError], str] = {
    AcceptedByOther: "受け付けています",
    CheckedByOther: "照合しています",
}


def require_turn(
    desk: Desk,
    door: Door,
    person: Person,
    file: CaseFile,
    action: Action,
    *,
    key: str,
    request: Request,
) -> None:
    """Return if a step of a procedure or an application is this person's, by its record.

    Asked again with the key of a step that was taken it is theirs, wherever the case stands
    by now: they only want to hear the answer.

    Raises:
        NotYourDuty: It is the other party's; the attempt is recorded.
    """
    if file.kind not in {CaseKind.PROCEDURE, CaseKind.APPLICATION}:
        return
    with scope(desk.engine, person.municipality) as connection:
        if record.recorded_before(connection, file.ref, f"act/{key}"):
            return
    value = value_of(file)
    assert isinstance(value, Procedure | Application)
    standing = value.standing_for(action) if isinstance(value, Procedure) else value.standing
    require_duty(door, person, action, stage=standing, request=request)


async def take(
    desk: Desk,
    door: Door,
    person: Person,
    file: CaseFile,
    act: Act,
    *,
    key: str,
    request: Request,
) -> CaseView:
    """Ask the course of a case to take a step; what it says is not theirs is recorded.

    Raises:
        AcceptedByOther, CheckedByOther: Somebody was faster; it says who, and when.
        CheckedByOther, WrongStage: The case ended meanwhile.
        WorkflowUpdateFailedError: It refused.
    """
    try:
        return await ask.act(desk.temporal, file, act, key=key)
    except WorkflowUpdateFailedError as failed:
        refusal = root_refusal(failed.cause)
        if refusal is not None and refusal.type == NotYourDuty.__name__:
            await run_in_threadpool(
                door.note_refused,
                person,
                Action(act.action),
                case_id=file.ref.case_id,
                route=route_of(request),
            )
        if refusal is not None and refusal.type in _FASTER:
            await run_in_threadpool(_say_who_was_faster, desk, file, str(refusal.type))
        raise
    except (RPCError, WrongStage) as gone:
        if isinstance(gone, RPCError) and gone.status is not RPCStatusCode.NOT_FOUND:
            raise
        await run_in_threadpool(_say_how_it_ended, desk, file, act)
        raise


def _say_how_it_ended(desk: Desk, file: CaseFile, act: Act) -> None:
    """Raise what the case says to the step now, if its course has ended meanwhile."""
    with scope(desk.engine, file.ref.municipality) as connection:
        now = cases.one_case(connection, file.ref.case_id)
    if now.closed_at is None:
        return
    value = value_of(now)
    if isinstance(value, Procedure) and act.action in set(Step):
        try:
            value.take(Step(act.action), act.by, act.fields)
        except CheckedByOther:
            _say_who_was_faster(desk, file, CheckedByOther.__name__)
            raise
    raise WrongStage("終わった案件ではできない操作です。")


def _say_who_was_faster(desk: Desk, file: CaseFile, refused: str) -> None:
    """Raise the refusal with the name of whoever took the step, going by the record."""
    faster, actions = _FASTER[refused]
    with scope(desk.engine, file.ref.municipality) as connection:
        events = cases.timeline(connection, desk.keys, file.ref)
    taken = next((each for each in reversed(events) if each.action in actions), None)
    if taken is None:
        return
    who = taken.actor_name or "別の担当者"
    role = f"（{ROLE_TEXT[Role(taken.role)]}）" if taken.role else ""
    at = clock(local(taken.at).time())
    raise faster(f"{who}{role}が{at}に{_DONE[faster]}。")
