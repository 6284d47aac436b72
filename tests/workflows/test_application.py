"""Applications: a few minutes at the window, and then however long it takes."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from domain.applications.application import Application
from domain.applications.application_parts import Settlement, StepKind, Variant
from domain.parties import Party, Role
from domain.procedures.visit import Visit
from tests.applications.at_hand import NEWER, TERMS, an_application, told
from tests.builders import (
    CALL_AGENT,
    CLERK,
    OFFICIAL,
    OPERATOR,
    SITE_MANAGER,
    SUPPORT_STAFF,
    a_visit,
    at,
    today,
)
from tests.procedures_at_hand import a_procedure
from tests.workflows.office import Course, Office, refusal, refusals
from tests.workflows.scenarios_of_applications import ID, step, supported
from workflows.application_messages import DefectSettled
from workflows.messages import Act

AGREED = {"consenter": "applicant", "answer": "agreed", "means": "screen"}


async def settle(office: Office, course: Course, settlement: Settlement, receipt: str) -> None:
    """Tell the application how its follow-up ended."""
    told = DefectSettled(
        case_id=office.value(ID, Application).follow_up, settlement=settlement, receipt=receipt
    )
    await course.signal("defect_settled", told)
    await office.record.until(ID, "defect_settled")


@pytest.mark.parametrize("waited", [timedelta(days=20), timedelta(days=183)])
async def test_a_defect_stops_an_application_however_late_it_comes(
    closed_office: Office, threads: ThreadPoolExecutor, waited: timedelta
) -> None:
    """
    Three weeks or half a year, and another worker than the one that began it.
    """
    office = closed_office
    async with office.staffed(threads):
        await office.visit()
        course = await office.application(an_application())
        await supported(course, an_application())
        await course.reach(course.now + waited)
    async with office.staffed(threads):
        reported = await course.act("report_defect", CALL_AGENT, defect="photo_size")
        stopped = await refusals(
            [
                course.act("record_card_arrival", CLERK),
                course.act("report_defect", CLERK, defect="other"),
            ]
        )
        await settle(office, course, Settlement.RESUBMITTED, "R-2")
        ended = await course.act("record_card_arrival", CLERK)
        await course.ended()
        office.let_go()

    assert ("defective", ["WrongStage", "WrongStage"]) == (reported.stage, stopped)
    assert ("card_arrived", True) == (ended.stage, ended.closed)
    value = office.value(ID, Application)
    assert ("R-2", 1, "") == (value.receipt, len(value.defects), value.follow_up)


@pytest.mark.parametrize(
    ("settlement", "stage"),
    [(Settlement.WITHDRAWN, "withdrawn"), (Settlement.TAKEN_OVER, "taken_over")],
)
async def test_what_is_not_sent_again_ends_once_the_city_has_given_back(
    office: Office, settlement: Settlement, stage: str
) -> None:
    """
    An end never runs over a hand-off, nor does it break the course.
    """
    await office.visit()
    course = await office.application(an_application())
    await supported(course, an_application())
    await course.act("report_defect", OFFICIAL, defect="moved_out")
    await course.act("offer_handoff", CALL_AGENT, "転出", section="citizens")
    handoff = await office.offered()
    told = DefectSettled(case_id=office.value(ID, Application).follow_up, settlement=settlement)
    await course.signal("defect_settled", told)
    await asyncio.sleep(0)
    still = await course.view()
    await handoff.act("accept_handoff", OFFICIAL)
    await handoff.act("complete_handoff", OFFICIAL)
    await office.record.until(ID, "defect_settled")

    assert ("defective", stage) == (still.stage, (await course.ended()).stage)


@pytest.mark.req("OTA-11")
async def test_a_city_s_way_to_apply_is_refused_to_us_in_the_course(office: Office) -> None:
    """
    Whatever is sent: neither begun in a visit nor carried on, and the other way about.
    """
    visit = await office.visit()
    citys = an_application(Variant.EXPRESS, party=Party.CITY, planned=(StepKind.RECEIVE_FORM,))
    left_out = an_application(except_roles=(Role.SUPPORT_STAFF,))
    begun = await refusals(
        [
            visit.begin_application(citys, OPERATOR),
            visit.begin_application(citys, SITE_MANAGER),
            visit.begin_application(an_application(), OFFICIAL),
            visit.begin_application(left_out, SUPPORT_STAFF),
        ]
    )
    course = await office.application(citys)
    taken = await refusals(
        [
            course.act("receive_form", OPERATOR),
            course.act("report_defect", OPERATOR, defect="other"),
            course.act("withdraw_application", SITE_MANAGER, "取りやめ"),
            course.act("take_over_application", OPERATOR, "引取り"),
        ]
    )

    assert ["NotYourDuty"] * 4 == begun == taken
    assert "waiting" == (await course.act("receive_form", OFFICIAL)).stage


async def test_a_photo_is_deleted_when_its_day_ends_or_it_has_served(office: Office) -> None:
    """
    The record says so with each; what would come back was never taken.
    """
    await office.visit()
    course = await office.application(an_application())
    value = await step(course, an_application())
    bad = await refusal(
        course.act("accept_photo", OPERATOR, document="photo-0", verdict="likely_refused")
    )
    await step(course, value)
    await course.reach(at(today() + timedelta(days=1), "00:00"))
    await office.record.until(ID, "photo_deleted")
    again = (await course.view()).stage
    for number in (2, 3):
        fields = told(StepKind.PHOTO) | {"document": f"photo-{number}"}
        await course.act("accept_photo", OPERATOR, **fields)
    early = await refusal(course.act("record_submission", OPERATOR))
    form = await refusal(
        course.act("record_submission", OPERATOR, receipt="1234 5678 9012 3456 7890 123")
    )
    await course.act("record_submission", OPERATOR, receipt="R-1")

    assert ("PhotoLikelyRefused", "photo") == (bad, again)
    assert ("FieldMissing", "FieldMissing") == (early, form)
    erased = [(each.event.action, each.erases) for each in office.record.recorded[ID]]
    assert [
        ("photo_deleted", ("photo-1",)),
        ("accept_photo", ("photo-2",)),
        ("record_submission", ("photo-3",)),
    ] == [each for each in erased if each[1]]


@pytest.mark.req("URASOE-28")
async def test_a_newer_version_needs_a_new_consent(office: Office) -> None:
    """
    What was agreed to before it counts no more; a refusal ends the visit.
    """
    visit = await office.visit(a_visit(asks_consent=True))
    procedure = Act(
        action="add_procedure", by=OPERATOR, procedure=a_procedure(), consents=TERMS
    )
    none = await refusals(
        [
            visit.begin_application(an_application(), OPERATOR, consents=TERMS),
            visit.ask(procedure),
        ]
    )
    proxy = await refusal(visit.consent(TERMS, OPERATOR, **AGREED | {"consenter": "proxy"}))
    await visit.consent(TERMS, OPERATOR, **AGREED)
    newer = await refusal(visit.begin_application(an_application(), OPERATOR, consents=NEWER))
    await visit.consent(NEWER, OPERATOR, **AGREED)
    await visit.begin_application(an_application(), OPERATOR, consents=NEWER)
    course = await office.begun()
    open_case = await refusal(visit.consent(NEWER, OPERATOR, **AGREED | {"answer": "refused"}))
    await course.act("withdraw_application", OPERATOR, "同意の取りやめ")
    await office.record.until("visit-1", "procedure_ended")
    ended = await visit.consent(NEWER, OPERATOR, **AGREED | {"answer": "refused"})

    assert ["ConsentMissing", "ConsentMissing"] == none
    assert ("ConsentByProxy", "ConsentMissing") == (proxy, newer)
    assert ("ProceduresOpen", "left", True) == (open_case, ended.stage, ended.closed)
    assert "consent_refused" == office.value("visit-1", Visit).result
