"""The list of an operating day while time passes: sent by itself, or seen to, or late."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from pydantic import TypeAdapter

from domain.lots.list_errors import ListRecipientUnset
from domain.sending.list_sending import ListSending, Means, Stage, begin
from tests.builders import CLERK, OFFICIAL, OPERATOR, SITE_MANAGER, a_deadline, today
from tests.workflows.office import Course, Office, refusal
from tests.workflows.scenarios_of_lists import ID, a_list

DAY = timedelta(days=1)


def of(office: Office) -> ListSending:
    """Return the case as the record has it."""
    return office.value(ID, ListSending)


def last_detail(office: Office, action: str) -> dict[str, Any]:
    """Return what the record says of the last event of a kind."""
    found = [each.event for each in office.record.recorded[ID] if each.event.action == action]
    return dict(found[-1].detail)


async def overdue(office: Office, *, by_itself: bool = False) -> Course:
    """Start the list of a day that was due long ago, and wait until it was told."""
    course = await office.list_sending(
        a_list(by_itself=by_itself), a_deadline(today() - 20 * DAY)
    )
    await office.record.until(ID, "escalated", times=3)
    return course


@pytest.mark.req("CHIBA-29")
async def test_a_list_goes_to_the_city_by_itself(office: Office) -> None:
    """
    With what tells later which file it was, how many stood on it and that it was in time.
    """
    course = await office.list_sending(a_list(), a_deadline())

    ended = await course.ended()

    assert ("sent", True, ["list_sent"]) == (ended.stage, ended.closed, course.actions)
    assert {
        "stage": "sent",
        "means": "mail",
        "document": f"{ID}-mail-1",
        "sha256": f"{1:064x}",
        "rows": 2,
        "people": 3,
        "printed": True,
    } == last_detail(office, "list_sent")
    (recorded,) = office.record.recorded[ID]
    assert (Means.MAIL, False, recorded.event.at) == (
        of(office).means,
        of(office).late,
        of(office).sent_at,
    )


async def test_a_server_that_is_away_is_tried_until_it_is_back(office: Office) -> None:
    """
    One file, one key: the city gets it once.
    """
    office.lists.failures = 1
    course = await office.list_sending(a_list(), a_deadline())

    await course.ended()

    assert (2, 1, 1) == (
        len(office.lists.tried),
        len(office.lists.made),
        len(office.lists.sent),
    )


async def test_a_mail_that_is_refused_comes_back_to_staff(office: Office) -> None:
    """
    With the reason; who mends it orders it again, and the list as of then is sent.
    """
    office.lists.refuses_to_send = "recipient_refused"
    course = await office.list_sending(a_list(), a_deadline())
    await office.record.until(ID, "list_not_sent")
    waiting = of(office)
    told = last_detail(office, "list_not_sent")
    office.lists.refuses_to_send = ""

    await course.act("send_list", CLERK)
    await course.ended()

    assert (Stage.TO_SEND, "recipient_refused") == (waiting.stage, waiting.trouble)
    assert {"stage": "to_send", "trouble": "recipient_refused"} == told
    assert [f"{ID}-mail-1", f"{ID}-mail-2"] == [m.document_id for m in office.lists.made]
    assert ["list_not_sent", "send_list", "list_sent"] == course.actions


async def test_without_a_recipient_nothing_leaves_and_somebody_is_told(office: Office) -> None:
    """
    Whether it goes by itself or a file is asked for.
    """
    office.lists.refuses_to_make = ListRecipientUnset("未登録")
    course = await office.list_sending(a_list(), a_deadline())
    await office.record.until(ID, "list_not_sent")

    refused = await refusal(course.act("make_list_file", CLERK))

    assert "ListRecipientUnset" == refused == of(office).trouble
    assert [] == office.lists.tried


@pytest.mark.req("CHIBA-29")
async def test_a_list_that_nobody_sends_warns_is_breached_and_climbs(office: Office) -> None:
    """
    The ladder of every case; at the due second, and not before.
    """
    deadline = a_deadline()
    course = await office.list_sending(a_list(by_itself=False), deadline)

    await course.reach(deadline.late_from - timedelta(seconds=10))
    await office.record.until(ID, "deadline_warned", times=2)
    before = list(course.actions)
    await course.reach(deadline.late_from + 10 * DAY)
    await office.record.until(ID, "escalated", times=3)

    assert "deadline_breached" not in before
    assert 1 == course.actions.count("deadline_breached")


@pytest.mark.req("CHIBA-29")
async def test_what_is_sent_late_is_recorded_as_late(office: Office) -> None:
    """
    The breach stands in the record before it, and the delivery says so itself.
    """
    course = await overdue(office)

    await course.act("send_list", CLERK)
    await course.ended()

    assert ["send_list", "list_sent"] == course.actions[-2:]
    assert "deadline_breached" in course.actions
    assert last_detail(office, "list_sent")["late"]
    assert of(office).late


async def test_a_person_can_hand_the_file_over(office: Office) -> None:
    """
    Made, taken there, recorded: who, when, how, and which file.
    """
    course = await office.list_sending(a_list(by_itself=False), a_deadline())

    early = await refusal(course.act("record_list_delivery", CLERK, means="medium"))
    await course.act("make_list_file", CLERK)
    await course.act("record_list_delivery", SITE_MANAGER, "市役所で手渡し", means="system")
    await course.ended()

    delivered = office.record.recorded[ID][-1].event
    assert "WrongStage" == early
    assert (SITE_MANAGER, "市役所で手渡し") == (delivered.actor, delivered.reason)
    assert {
        "stage": "sent",
        "means": "system",
        "document": f"{ID}-file-1",
        "sha256": f"{1:064x}",
        "rows": 2,
        "people": 3,
        "printed": True,
    } == delivered.detail
    assert [] == office.lists.tried


async def test_a_delivery_by_hand_ends_the_trying(office: Office) -> None:
    """
    And if the mail had left all the same, the record says that too.
    """
    office.lists.may_send.clear()
    course = await office.list_sending(a_list(), a_deadline())
    await course.act("make_list_file", CLERK)

    await course.act("record_list_delivery", CLERK, means="medium")
    office.lists.may_send.set()
    await course.ended()

    assert ["make_list_file", "record_list_delivery", "list_sent"] == course.actions
    assert Means.MEDIUM is of(office).means


async def test_only_those_who_send_lists_may(office: Office) -> None:
    """
    Neither the booth nor the city; and nothing that the case does not know.
    """
    course = await office.list_sending(a_list(by_itself=False), a_deadline())

    refused = [
        await refusal(course.act("send_list", OPERATOR)),
        await refusal(course.act("send_list", OFFICIAL)),
        await refusal(course.act("seal", CLERK)),
    ]

    assert ["NotYourDuty", "NotYourDuty", "ActionUnknown"] == refused
    assert 0 == await course.updates_in_history()


async def test_two_who_order_at_once_send_one_list(office: Office) -> None:
    """
    The second is told that it is on its way.
    """
    office.lists.may_send.clear()
    course = await office.list_sending(a_list(by_itself=False), a_deadline())
    await course.act("send_list", CLERK)

    second = await refusal(course.act("send_list", SITE_MANAGER))
    office.lists.may_send.set()
    await course.ended()

    assert ("WrongStage", 1) == (second, len(office.lists.sent))


async def test_a_lost_answer_of_the_record_sends_nothing_twice(office: Office) -> None:
    """
    The record had it; the course learns of it.
    """
    course = await office.list_sending(a_list(by_itself=False), a_deadline())
    office.record.answers_to_lose = 1
    await course.act("send_list", CLERK)
    await course.ended()

    assert (1, ["send_list", "list_sent"]) == (len(office.lists.sent), course.actions)


def test_the_value_survives_the_way_through_the_record() -> None:
    """
    Every field of it, as JSON.
    """
    adapter = TypeAdapter(ListSending)
    sent = replace(begin(ID, today(), by_itself=True), sent_at=datetime.now().astimezone())

    assert sent == adapter.validate_json(adapter.dump_json(sent))
