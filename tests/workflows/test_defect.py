"""The course of an application that came back: called again and again until it is settled."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from temporalio import workflow
from temporalio.workflow import NondeterminismError

from domain.defects.defect import Defect
from domain.defects.defect_errors import NotReachableThen
from domain.defects.defect_parts import RetakeState
from domain.parties import Role
from tests.builders import CALL_AGENT, OFFICIAL, OPERATOR, TOKYO, an_acceptance
from tests.defects.at_hand import ID, a_defect, called, found, handed_to_city, start
from tests.workflows.office import Office, refusal, refusals
from tests.workflows.test_replay import HISTORIES, load, replayer
from workflows.defect import DefectWorkflow
from workflows.defect_messages import OpenDefect
from workflows.messages import CaseView

DAY = timedelta(days=1)


def value(office: Office) -> Defect:
    """Return the follow-up as its record has it."""
    return office.value(ID, Defect)


async def test_it_outlives_its_worker_and_ends_only_with_a_contact(
    closed_office: Office, threads: ThreadPoolExecutor
) -> None:
    """
    Nobody called while the worker was away; what was refused left no trace.
    """
    office = closed_office
    async with office.staffed(threads):
        course = await start(office, deadline=an_acceptance(datetime.now(TOKYO)))
        early = await refusals(
            [
                course.act("record_resubmission", OPERATOR, receipt="A-1"),
                course.act("record_giving_up", OPERATOR, "不要"),
                course.act("offer_handoff", CALL_AGENT, "連絡前", section="市民課"),
            ]
        )
    async with office.staffed(threads):
        await called(course, "reached")
        silent = await refusal(course.act("record_giving_up", OPERATOR))
        await course.act("record_resubmission", OPERATOR, receipt="A-1")
        ended = await course.ended()

    assert ["ContactOutcomeMissing"] * 3 == early
    assert "ReasonMissing" == silent
    assert ("resubmitted", True, "A-1") == (ended.stage, ended.closed, value(office).receipt)
    assert ["record_contact_attempt", "record_resubmission"] == course.actions


async def test_a_missed_try_is_stuck_until_somebody_calls(office: Office) -> None:
    """
    The next one is due a day later and two hours long; then the site manager is told.
    """
    course = await start(office, a_defect(tries=3))
    await called(course)
    planned = value(office).next_try
    assert planned is not None

    await course.reach(planned + timedelta(hours=2, minutes=1))
    await office.record.until(ID, "deadline_breached")
    stuck = office.record.shown[ID].stuck
    await called(course, "message_left")

    assert "deadline_breached" == stuck
    assert None is office.record.shown[ID].stuck
    assert planned + DAY < (value(office).next_try or planned)
    await course.reach(planned + 3 * DAY)
    await office.record.until(ID, "escalated")
    assert Role.SITE_MANAGER in [to for action, _, to in course.rung if action == "escalated"]


async def test_who_is_not_reached_gets_a_letter_and_then_the_city_is_asked(
    office: Office,
) -> None:
    """
    What the city gives back is called again; what it takes is over.
    """
    course = await start(office)
    stages = [await called(course), await called(course)]
    stages.append(await called(course, "sent", "letter"))
    until = value(office).waits_until
    assert until is not None
    await course.reach(until)
    await office.record.until(ID, "letter_unanswered")
    due = office.record.deadlines[ID]

    await handed_to_city(course, "withdrawn")
    await office.record.until(ID, "handoff_ended")
    again = (value(office).stage, value(office).next_try is not None)
    await handed_to_city(course, "completed")
    ended = await course.ended()

    assert ["contacting", "letter_due", "letter_sent"] == stages
    assert due is not None
    assert ("contacting", True) == again
    assert "taken_over" == ended.stage
    lines = office.record.recorded[ID]
    told = [each.event.detail.get("stage") for each in lines]
    assert ["unreachable", "with_city", "contacting", "with_city", "taken_over"] == told[3:]
    assert [Role.OFFICIAL, Role.CALL_AGENT] == [each.change.owner for each in lines[4:6]]


async def test_a_visit_for_a_new_photo_is_followed(office: Office) -> None:
    """
    Moved, then missed: somebody calls again; the second time the person comes.
    """
    course = await start(office)
    await called(course, "reached")
    visit = course.now.replace(hour=10, minute=0, second=0, microsecond=0) + 3 * DAY
    unknown = await refusal(course.act("link_retake", OPERATOR, reservation="OTA-R26-9"))
    office.defects.retake = found(moment=visit)
    await course.act("link_retake", OPERATOR, reservation="OTA-R26-1")

    office.defects.retake = found(moment=visit + DAY)
    await course.reach(course.now + DAY)
    await office.record.until(ID, "retake_moved")
    looks = office.defects.looks
    office.defects.retake = found(RetakeState.NOBODY_CAME, visit + DAY)
    await course.reach(visit + DAY + timedelta(hours=1))
    await office.record.until(ID, "retake_missed")
    missed = value(office)
    office.defects.retake = found(moment=visit + 3 * DAY)
    await course.act("link_retake", OPERATOR, reservation="OTA-R26-1")
    office.defects.retake = found(RetakeState.CAME, visit + 3 * DAY)
    await course.reach(visit + 3 * DAY + timedelta(hours=1))
    await office.record.until(ID, "retake_came")

    assert "RetakeNotBooked" == unknown
    assert ("contacting", None, 3) == (missed.stage, missed.retake, looks)
    assert missed.next_try is not None
    assert "retaken" == value(office).stage


async def test_what_cannot_be_is_refused_and_leaves_it_as_it_was(office: Office) -> None:
    """
    A wish at night, a letter without an answer at once, a step of another kind or party.
    """
    course = await start(office)
    office.defects.refuses = NotReachableThen("20時まで")
    at_night = await refusal(
        course.act(
            *("record_contact_attempt", CALL_AGENT),
            means="phone",
            outcome="no_answer",
            next_at="20:30",
        )
    )
    office.defects.refuses = None

    others = await refusals(
        [
            course.act(
                *("record_contact_attempt", CALL_AGENT), means="letter", outcome="no_answer"
            ),
            course.act("record_contact_attempt", OFFICIAL, means="phone", outcome="reached"),
            course.act("close_visit", OPERATOR),
        ]
    )

    assert ["NotReachableThen", "FieldMissing", "NotYourDuty"] == [at_night, *others[:2]]
    assert others[2] in {"ActionUnknown", "NotYourDuty"}
    assert ("to_contact", []) == ((await course.view()).stage, course.actions)


class _Changed(DefectWorkflow):
    """A change of what the course asks of the engine, before everything else."""

    gated = True

    async def _changed(self) -> None:
        if not self.gated or workflow.patched("look-first"):
            await workflow.sleep(timedelta(seconds=1))


@workflow.defn(name="Defect", sandboxed=False)
class _Gated(_Changed):
    @workflow.init
    def __init__(self, start: OpenDefect) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: OpenDefect) -> CaseView:
        await self._changed()
        return await super().run(start)


@workflow.defn(name="Defect", sandboxed=False)
class _Ungated(_Changed):
    gated = False

    @workflow.init
    def __init__(self, start: OpenDefect) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: OpenDefect) -> CaseView:
        await self._changed()
        return await super().run(start)


async def test_a_case_of_months_outlives_a_change_of_the_code() -> None:
    """
    Gated by a patch it replays; without the gate it would hang.
    """
    history = load(HISTORIES / "defect-unreachable.json")

    await replayer(_Gated).replay_workflow(history)
    with pytest.raises(NondeterminismError):
        await replayer(_Ungated).replay_workflow(history)
