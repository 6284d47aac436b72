"""Every view of a case is recorded; when the term is over, only the city and auditors look."""

from datetime import datetime

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from api.deps import VIEWED
from domain.calendars.hours import TOKYO
from domain.parties import Party, Role
from tests.lots import work
from tests.stack import Stack
from tests.visits_at_hand import open_visit

LAST = datetime(2027, 3, 31, 23, 59, tzinfo=TOKYO)
OVER = datetime(2027, 4, 1, 0, 0, tzinfo=TOKYO)

NOT_A_VIEW = {
    # Progress without a name, again and again; who looks has opened the page before.
    "/cases/{case_id}/live",
    "/guide/{case_id}/live",
    # Who looked at the case, not the case.
    "/cases/{case_id}/accesses",
    # A venue is a place and nobody's case.
    "/api/v1/contracts/{slug}/venues/{case_id}/report",
}


async def seen(stack: Stack, case_id: str) -> list[tuple[str, str]]:
    """Return who looked at a case through what, as the auditor sees it, oldest first."""
    log = await stack.as_(Role.AUDITOR).get("/api/v1/audit/accesses", case_id=case_id)
    return [(each["role"], each["route"]) for each in reversed(log.json()["items"])]


@pytest.mark.req("AGEO-60", "CHIBA-78", "YOKOSUKA-72")
async def test_the_auditor_sees_every_view_of_a_case(stack: Stack) -> None:
    """
    Route by route, pages and programs: what shows a case leaves a line with who and when.
    """
    ref = open_visit(stack.engine, stack.keys)
    app: FastAPI = stack.http._transport.app  # type: ignore[attr-defined]
    routes = {
        route.path
        for route in app.routes
        if isinstance(route, APIRoute) and "GET" in route.methods and "{case_id}" in route.path
    }
    silent = []
    official = stack.as_(Role.OFFICIAL)
    for path in sorted(routes - NOT_A_VIEW):
        before = len(await seen(stack, ref.case_id))
        address = path.format(case_id=ref.case_id, document_id="none", slug="ota")
        answer = await official.get(address, purpose="点検・監査")
        looked = answer.status_code == 200
        if looked and len(await seen(stack, ref.case_id)) == before:
            silent.append(path)

    assert [] == silent
    assert NOT_A_VIEW <= routes
    assert ("official", "GET /cases/{case_id}") in await seen(stack, ref.case_id)
    assert ("official", "GET /api/v1/cases/{case_id}/timeline") in await seen(
        stack, ref.case_id
    )


async def test_a_route_that_records_nothing_would_be_noticed(stack: Stack) -> None:
    """
    The control: a case nobody opened has no line, and one route in a hurry leaves none.
    """
    ref = open_visit(stack.engine, stack.keys)
    await stack.as_(Role.OFFICIAL).get("/api/v1/cases")
    await stack.as_(Role.OFFICIAL).get(f"/cases/{ref.case_id}/live")

    assert [] == await seen(stack, ref.case_id)
    await stack.as_(Role.CLERK).get(f"/api/v1/cases/{ref.case_id}")
    log = (await stack.as_(Role.AUDITOR).get("/api/v1/audit/accesses")).json()["items"]
    assert [VIEWED] == [each["purpose"] for each in log if each["case_id"] == ref.case_id]


async def look(stack: Stack, role: Role, case_id: str) -> tuple[set[int], httpx.Response]:
    """Return the statuses of what somebody can open of a case, and the last answer."""
    caller = stack.as_(role)
    paths = (
        f"/api/v1/cases/{case_id}",
        f"/api/v1/cases/{case_id}/timeline",
        "/api/v1/cases",
        f"/cases/{case_id}",
        "/",
    )
    answers = [await caller.get(path) for path in paths]
    return {each.status_code for each in answers}, answers[0]


@pytest.mark.req("AGEO-60", "CHIBA-78", "YOKOSUKA-72")
async def test_after_the_term_operators_see_nothing_and_auditors_everything(
    stack: Stack,
) -> None:
    """
    At midnight; a minute before, the control, everybody still works. Who renders account
    for the provider stays, without ever seeing a person; the city stays as it was.
    """
    lot = await work.take_over(stack, work.small_lot(3, seed=7))
    card = (await stack.as_(Role.CLERK).get("/api/v1/cases", parent=lot["case_id"])).json()
    case_id = card["items"][0]["case_id"]
    whole = {"purpose": "点検・監査"}

    stack.clock.now = LAST
    before = {role: (await look(stack, role, case_id))[0] for role in Role}
    stack.clock.now = OVER
    after = {role: await look(stack, role, case_id) for role in Role}
    persons = {
        role: await stack.as_(role).get(f"/api/v1/cases/{case_id}/person", **whole)
        for role in Role
    }

    out = {role for role in Role if role.party is Party.PROVIDER} - {Role.OPERATIONS_MANAGER}
    assert {frozenset({200})} == {frozenset(each) for each in before.values()}
    for role in Role:
        statuses, answer = after[role]
        assert ({403} if role in out else {200}) == statuses, role
        if role in out:
            assert "TermOver" == answer.json()["code"]
    reads = {role for role in Role if persons[role].status_code == 200}
    assert {Role.OFFICIAL, Role.AUDITOR} == reads
