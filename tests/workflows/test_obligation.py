"""What a contract promises while it runs: by when, who approves, what is told if not."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.contract import calendar_of, due_rule
from domain.deadlines.deadline import Deadline, compute
from domain.obligations.obligation import Obligation, VersionState
from tests.builders import CLERK, OFFICIAL, SITE_MANAGER, a_deadline, at, today
from tests.contracts.cities import city
from tests.obligations_at_hand import a_promise
from tests.workflows.office import Office, refusals
from tests.workflows.scenarios_of_obligations import MANAGER, promised


def go_live() -> Deadline:
    """Return Ageo's milestone, its day moved to the next one on which the city is open."""
    ageo = city("ageo")
    rule = due_rule(ageo, "go_live")
    calendar = calendar_of(ageo, rule.calendar)
    found = compute(replace(rule, on=calendar.next_open_day(today())), today(), calendar)
    assert isinstance(found, Deadline)
    return found


@pytest.mark.req("AGEO-18")
async def test_a_missing_go_live_signal_is_a_breach_at_half_past_eight(office: Office) -> None:
    """
    At 8:30 it is still in time; a second later the breach stands, and the manager hears.
    """
    value = a_promise("ageo", "go_live", counted_from=today())
    due = go_live()
    course = await promised(office, value, due)

    await course.reach(at(due.due_day, "08:29"))
    before = list(course.actions)
    await course.reach(at(due.due_day, "09:31"))
    await office.record.until(value.case_id, "deadline_breached")
    done = await course.act("record_evidence", SITE_MANAGER, evidence="回線試験 B-1")
    await course.ended()

    assert [] == before
    assert at(due.due_day, "08:30").replace(second=1) == next(
        when for action, when, _ in course.rung if action == "deadline_breached"
    )
    assert ("met", True) == (done.stage, done.closed)
    assert office.value(value.case_id, Obligation).late


@pytest.mark.req("CHIBA-65")
async def test_what_is_only_submitted_by_the_day_is_late_all_the_same(office: Office) -> None:
    """
    The manual has to be approved seven days before bookings begin; submitting does not count.
    """
    begins = today() + timedelta(days=9)
    due = a_deadline(begins, amount=-7, warnings=(), ladder=())
    value = a_promise("chiba", "manual_qa")
    course = await promised(office, value)
    await course.act("agree_day", MANAGER, deadline=due, day=str(begins), agreement="協議1")
    await course.act("save_version", CLERK, reference="第1版")

    submitted = await course.act("submit_version", MANAGER)
    await course.reach(at(begins - timedelta(days=6), "00:01"))
    await office.record.until(value.case_id, "deadline_breached")
    approved = await course.act("approve_version", OFFICIAL)

    assert (due.due_at, "submitted") == (submitted.due_at, submitted.stage)
    assert begins - timedelta(days=7) == due.due_day
    assert (None, "in_force") == (approved.due_at, approved.stage)
    assert office.value(value.case_id, Obligation).late


async def test_the_provider_approves_nothing_and_the_city_writes_nothing(
    office: Office,
) -> None:
    """
    And nobody submits what lacks a section.
    """
    value = a_promise("chiba", "work_plan", counted_from=today())
    course = await promised(office, value, a_deadline())
    await course.act("save_version", CLERK, reference="第1版", sections="1 2 3 4 5 6 7")

    found = await refusals(
        [
            course.act("submit_version", MANAGER),
            course.act("submit_version", OFFICIAL),
            course.act("approve_version", OFFICIAL),
            course.act("save_version", CLERK, reference="第1版", sections="1 x"),
        ]
    )
    await course.act("save_version", CLERK, reference="第1版", sections="1 2 3 4 5 6 7 8")
    await course.act("submit_version", MANAGER)
    late = await refusals(
        [course.act("approve_version", MANAGER), course.act("return_version", OFFICIAL)]
    )
    returned = await course.act("return_version", OFFICIAL, "体制を直す", deadline=a_deadline())

    assert ["SectionsMissing", "NotYourDuty", "NotYourDuty", "FieldMissing"] == found
    assert ["NotYourDuty", "ReasonMissing"] == late
    assert ("owed", a_deadline().due_at) == (returned.stage, returned.due_at)
    kept = office.value(value.case_id, Obligation)
    assert [VersionState.RETURNED] == [each.state for each in kept.versions]
