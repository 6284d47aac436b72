"""Entries into a city's system, and inquiries, from what somebody asked to its end."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.calls.external_entry import ExternalEntry
from domain.calls.inquiry import Inquiry
from tests.builders import CALL_AGENT, OFFICIAL, OTHER_CLERK, an_acceptance, at, today
from tests.calls.at_hand import an_entry, an_inquiry
from tests.workflows.office import Office, refusal, refusals


@pytest.mark.req("AGEO-35")
async def test_an_entry_that_is_not_made_in_time_escalates_and_can_still_be_made(
    office: Office,
) -> None:
    """
    Warned, late, told to one and then another; what is entered late is entered.
    """
    day = today() + timedelta(days=1)
    course = await office.entry(an_entry(), an_acceptance(at(day, "10:00")))

    await course.reach(at(day, "12:31"))
    await office.record.until("entry-1", "escalated", times=2)
    stuck = office.record.shown["entry-1"].stuck
    await course.act("record_external_entry", CALL_AGENT, reference="D-1")
    await course.ended()

    assert "deadline_breached" == stuck
    assert ["site_manager", "operations_manager"] == [
        to for action, _, to in course.rung if action == "escalated"
    ]
    value = office.value("entry-1", ExternalEntry)
    assert ("entered", "D-1") == (value.stage, value.reference)
    assert None is office.record.shown["entry-1"].stuck


async def test_an_entry_is_neither_the_citys_nor_given_up_without_a_reason(
    office: Office,
) -> None:
    """
    A refusal leaves it as it was; so does a mistake of a program.
    """
    course = await office.entry(an_entry())

    found = await refusals(
        [
            course.act("record_external_entry", OFFICIAL, reference="D-1"),
            course.act("withdraw_entry", CALL_AGENT),
            course.act("record_external_entry", CALL_AGENT),
            course.act("close_visit", CALL_AGENT),
        ]
    )

    assert ["NotYourDuty", "ReasonMissing", None] == found[:3]
    assert found[3] in {"ActionUnknown", "NotYourDuty"}
    assert ("to_enter", []) == ((await course.view()).stage, course.actions)


async def test_who_is_to_be_called_back_is_not_forgotten(office: Office) -> None:
    """
    The inquiry stays open until somebody has answered or referred it.
    """
    course = await office.inquiry(an_inquiry())

    later = await course.act("close_inquiry", CALL_AGENT, "確認します", outcome="call_back")
    nowhere = await refusal(course.act("close_inquiry", CALL_AGENT, "市へ", outcome="referred"))
    silent = await refusal(course.act("close_inquiry", CALL_AGENT, outcome="answered"))
    done = await course.act("close_inquiry", CALL_AGENT, "案内した", outcome="answered")
    await course.ended()

    assert ("call_back", False) == (later.stage, later.closed)
    assert ["FieldMissing", "ReasonMissing"] == [nowhere, silent]
    assert ("answered", True) == (done.stage, done.closed)
    assert "" == office.value("inquiry-1", Inquiry).destination


async def test_a_call_that_nobody_takes_is_open_until_the_city_has_called_back(
    office: Office,
) -> None:
    """
    The clock runs on once an official has taken it on: what is due is the call.
    """
    day = today() + timedelta(days=1)
    course = await office.inquiry(an_inquiry())
    silent = await refusal(
        course.act("transfer_call", CALL_AGENT, target="市民課", result="callback")
    )
    waiting = await course.act(
        "transfer_call",
        CALL_AGENT,
        "折り返し先は内線",
        target="市民課",
        result="callback",
        deadline=an_acceptance(at(day, "10:00")),
    )
    task = await office.offered()
    await task.act("accept_handoff", OFFICIAL)
    await task.reach(at(day, "10:31"))
    await office.record.until(task.case_id, "deadline_breached")
    early = await refusal(
        course.act("close_inquiry", CALL_AGENT, "回答済み", outcome="answered")
    )
    await task.act("complete_handoff", OFFICIAL)
    await course.ended()

    assert ["ReasonMissing", "HandoffOpen"] == [silent, early]
    assert ("call_back", task.case_id) == (waiting.stage, waiting.opened)
    assert ("transferred", "市民課") == (
        office.value("inquiry-1", Inquiry).stage,
        office.value("inquiry-1", Inquiry).destination,
    )


async def test_what_was_entered_is_checked_by_somebody_else_in_time(office: Office) -> None:
    """
    Who entered it is refused; what nobody looks at is stuck; what is wrong is entered again.
    """
    day = today() + timedelta(days=1)
    course = await office.entry(replace(an_entry(), second_person=True))
    await course.act(
        "record_external_entry",
        CALL_AGENT,
        reference="D-1",
        deadline=an_acceptance(at(day, "10:00")),
    )
    own = await refusals(
        [
            course.act("check_entry", CALL_AGENT),
            course.act("send_back_entry", CALL_AGENT, "誤り"),
            course.act("send_back_entry", OTHER_CLERK),
        ]
    )
    await course.reach(at(day, "10:31"))
    await office.record.until("entry-1", "deadline_breached")
    stuck = office.record.shown["entry-1"].stuck
    again = await course.act("send_back_entry", OTHER_CLERK, "番号が違う")
    await course.act("record_external_entry", OTHER_CLERK, reference="D-2")
    still_own = await refusal(course.act("check_entry", OTHER_CLERK))
    done = await course.act("check_entry", CALL_AGENT)
    await course.ended()

    assert ["EnteredBySelf", "EnteredBySelf", "ReasonMissing"] == own
    assert ("deadline_breached", "to_enter") == (stuck, again.stage)
    assert ("EnteredBySelf", "checked", True) == (still_own, done.stage, done.closed)
    assert "D-2" == office.value("entry-1", ExternalEntry).reference
