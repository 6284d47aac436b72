"""Numbers at the windows of four cities: who is next, where, and what becomes of them."""

from dataclasses import replace

import pytest

from contracts.loader import load
from domain.case import CaseKind
from domain.parties import Party, Role
from domain.queue.queue_rules import QueueDesk
from tests.queue.at_hall import OPEN, call, lines, open_hall, path, refused, take, taken
from tests.stack import Stack, eventually


@pytest.mark.req("URASOE-18")
async def test_residents_go_first_and_others_are_taken_with_a_reason_and_counted_apart(
    stack: Stack,
) -> None:
    """
    Who lives elsewhere came first and is called second; the month has both for themselves.
    """
    open_hall(stack, "urasoe")
    unasked = await take(stack, "urasoe", "online")
    without = await take(stack, "urasoe", "online", resident=False)
    other = await taken(stack, "urasoe", "online", resident=False, reason="混んでいない")
    resident = await taken(stack, "urasoe", "online", resident=True)
    seen = await lines(stack, "urasoe")
    first = (await call(stack, "urasoe", "window_1")).json()
    second = (await call(stack, "urasoe", "window_2")).json()
    month = await stack.as_(Role.OFFICIAL, "urasoe").get(
        "/api/v1/contracts/urasoe/counts", month="2026-03"
    )

    assert ["ReasonMissing", "ReasonMissing"] == [refused(unasked), refused(without)]
    assert [("A001", 0), ("A002", 0)] == [(e["label"], e["ahead"]) for e in (other, resident)]
    assert ["A002", "A001"] == [each["label"] for each in seen["tickets"]]
    assert ["A002", "A001"] == [first["label"], second["label"]]
    assert {("online", "resident"): 1, ("online", "other"): 1} == {
        (each["line"], each["residence"]): each["taken"] for each in month.json()["queue"]
    }


@pytest.mark.req("CHIBA-44")
async def test_application_and_delivery_have_a_line_and_a_desk_each(stack: Stack) -> None:
    """
    Neither desk is ever given the other's number, and no contract lets one serve both.
    """
    open_hall(stack, "chiba")
    for line in ("delivery", "delivery"):
        await taken(stack, "chiba", line)
    nobody = await call(stack, "chiba", "application_desk")
    for line in ("application", "application"):
        await taken(stack, "chiba", line)
    applied = (await call(stack, "chiba", "application_desk")).json()
    busy = await call(stack, "chiba", "application_desk")
    handed = (await call(stack, "chiba", "delivery_desk")).json()
    rules = load("chiba").contract.queue
    assert rules is not None
    both = QueueDesk(id="both", label="両方", lines=("application", "delivery"))

    assert [("A001", "application"), ("B001", "delivery")] == [
        (each["label"], each["line"]) for each in (applied, handed)
    ]
    assert ["NobodyWaits", "DeskBusy"] == [refused(nobody), refused(busy)]
    assert [("application",), ("delivery",)] == [desk.lines for desk in rules.desks]
    with pytest.raises(ValueError, match="both"):
        replace(rules, desks=(both,))


@pytest.mark.req("YOKOSUKA-14")
async def test_what_needs_no_booking_has_none_and_takes_a_number(stack: Stack) -> None:
    """
    A certificate cannot be booked; whoever comes for it waits in the line.
    """
    open_hall(stack, "yokosuka")
    body = {"line": "certificate_issue_renewal", "starts_at": OPEN["yokosuka"].isoformat()}
    booked = await stack.as_(Role.OFFICIAL, "yokosuka").post(
        "/api/v1/contracts/yokosuka/reservations",
        json={**body, "people": 1, "channel": "phone"},
    )
    waits = await taken(stack, "yokosuka", "walk_in", procedure="certificate_issue_renewal")

    assert "UnknownLine" == refused(booked)
    assert ["A001"] == [each["label"] for each in (await lines(stack, "yokosuka"))["tickets"]]
    assert 0 == waits["ahead"]


async def test_reception_is_the_providers_and_no_role_of_the_city_has_it(
    stack: Stack,
) -> None:
    """
    Looking, giving out, calling and closing alike.
    """
    open_hall(stack, "yokosuka")
    for role in (role for role in Role if role.party is Party.CITY):
        theirs = stack.as_(role, "yokosuka")
        found = [
            await theirs.get(path("yokosuka")),
            await theirs.post(path("yokosuka", "/tickets"), json={"line": "walk_in"}),
            await theirs.post(path("yokosuka", "/calls"), json={"desk": "counter_1"}),
            await theirs.post(path("yokosuka", "/closings"), json={}),
        ]
        assert [(403, "NotYourDuty")] * 4 == [(e.status_code, refused(e)) for e in found]
    await taken(stack, "yokosuka", "walk_in")


async def test_a_number_goes_its_way_while_the_engine_is_away_and_comes_back(
    stack: Stack,
) -> None:
    """
    Taken and called without a worker; called again and missed, or put back with its place.
    """
    open_hall(stack, "yokosuka")
    staff = stack.as_(Role.OPERATOR, "yokosuka")
    first, second, third = [await taken(stack, "yokosuka", "walk_in") for _ in range(3)]
    await call(stack, "yokosuka", "counter_1", key="a")
    again = await call(stack, "yokosuka", "counter_1", key="a")
    await call(stack, "yokosuka", "counter_2")
    async with stack.staffed():
        early = await staff.act(first["case_id"], "end_ticket", result="no_show")
        for _ in range(2):
            await staff.act(first["case_id"], "recall_ticket")
        missed = await staff.act(first["case_id"], "end_ticket", result="no_show")
        preferred = await staff.act(third["case_id"], "prefer_ticket", reason="体調が悪い")
        back = await staff.act(second["case_id"], "move_ticket", line="walk_in")
        called = (await call(stack, "yokosuka", "counter_1")).json()
        ended = await serve(stack, called["case_id"])
    story = [each["action"] for each in await staff.timeline(called["case_id"])]
    now = await lines(stack, "yokosuka")

    assert first["case_id"] == again.json()["case_id"]
    assert "CalledTooFew" == refused(early)
    assert [200, 200, 200] == [e.status_code for e in (missed, preferred, back)]
    assert (third["case_id"], called["case_id"]) == (called["case_id"], ended)
    assert story == [
        *("ticket_issued", "prefer_ticket", "call_next", "serve_ticket", "visit_ended")
    ]
    assert [("A002", "in_line")] == [(e["label"], e["stage"]) for e in now["tickets"]]
    assert {"no_show": 1, "served": 1} == now["ended"]


async def serve(stack: Stack, ticket: str) -> str:
    """Receive the visit of a number and end it; return the case that the visit is part of."""
    staff = stack.as_(Role.OPERATOR, "yokosuka")
    body = {"procedure": "loss_abolition_return", "channel": "centre", "ticket": ticket}
    visit = await staff.post("/api/v1/contracts/yokosuka/visits", json=body)
    assert 201 == visit.status_code, visit.text

    async def stage() -> str:
        return str((await staff.case(ticket))["stage"])

    async def closed() -> int:
        ended = await staff.act(visit.json()["case_id"], "close_visit", result="served")
        return ended.status_code

    await eventually(closed, lambda status: status == 200)
    await eventually(stage, lambda found: found == "served")
    return str((await staff.case(visit.json()["case_id"]))["parent_id"])


async def test_closing_the_lines_ends_each_number_and_spares_who_is_served(
    stack: Stack,
) -> None:
    """
    Nobody is left in a line overnight; afterwards nobody is called, and late ones are refused.
    """
    open_hall(stack, "yokosuka")
    for line in ("walk_in", "booked", "walk_in"):
        await taken(stack, "yokosuka", line)
    called = (await call(stack, "yokosuka", "counter_1")).json()
    serving = await stack.as_(Role.OPERATOR, "yokosuka").post(
        "/api/v1/contracts/yokosuka/visits",
        json={
            "procedure": "loss_abolition_return",
            "channel": "centre",
            "ticket": called["case_id"],
        },
    )
    closed = await stack.as_(Role.SUPPORT_STAFF, "yokosuka").post(
        path("yokosuka", "/closings"), json={}
    )
    nobody = await call(stack, "yokosuka", "counter_2")
    stack.clock.now = OPEN["yokosuka"].replace(hour=22)
    late = await take(stack, "yokosuka", "walk_in")
    now = await lines(stack, "yokosuka")

    assert (201, 2) == (serving.status_code, closed.json()["ended"])
    assert ["NobodyWaits", "ReceptionClosed"] == [refused(nobody), refused(late)]
    assert [(called["label"], "serving")] == [(e["label"], e["stage"]) for e in now["tickets"]]
    assert {"day_ended": 2} == now["ended"]


async def test_whoever_took_a_number_in_time_is_served_after_closing(stack: Stack) -> None:
    """
    Called a minute before, received an hour after.
    """
    open_hall(stack, "yokosuka")
    await taken(stack, "yokosuka", "walk_in")
    called = (await call(stack, "yokosuka", "counter_1")).json()
    stack.clock.now = OPEN["yokosuka"].replace(hour=20)
    body = {"procedure": "loss_abolition_return", "channel": "centre"}
    staff = stack.as_(Role.OPERATOR, "yokosuka")
    visits = "/api/v1/contracts/yokosuka/visits"
    without = await staff.post(visits, json=body)
    received = await staff.post(visits, json=body | {"ticket": called["case_id"]})

    assert ("ReceptionClosed", 201) == (refused(without), received.status_code)


async def test_the_number_of_a_machine_is_entered_once(stack: Stack) -> None:
    """
    Ageo's visitors hold a number already; elsewhere none can be chosen.
    """
    open_hall(stack, "ageo")
    first = await taken(stack, "ageo", "booth", number=41)
    twice = await take(stack, "ageo", "booth", number=41)
    without = await take(stack, "ageo", "booth")
    listed = await stack.as_(Role.OPERATOR, "ageo").get(
        "/api/v1/cases", kind=str(CaseKind.TICKET)
    )

    assert "041" == first["label"]
    assert ["NumberTaken", "NumberNeeded"] == [refused(twice), refused(without)]
    assert 1 == len(listed.json()["items"])
