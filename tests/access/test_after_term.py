"""Every view of a case is recorded; when the term is over, only the city and auditors look."""

from datetime import datetime

import httpx
import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from api.deps import VIEWED, access_case, view_case
from domain.calendars.hours import TOKYO
from domain.parties import Party, Role
from tests.lots import work
from tests.stack import Stack
from tests.visits_at_hand import open_visit

LAST = datetime(2027, 3, 31, 23, 59, tzinfo=TOKYO)
OVER = datetime(2027, 4, 1, 0, 0, tzinfo=TOKYO)

RECORDED_WITH_A_PURPOSE = {
    "/api/v1/cases/{case_id}/person",
    "/api/v1/audit/cases/{case_id}/history",
    "/cases/{case_id}/documents/{document_id}",
    "/defects/{case_id}/letter",
}
NOT_A_VIEW = {
    # Progress without a name, again and again; who looks has opened the page before.
    "/cases/{case_id}/live",
    "/guide/{case_id}/live",
    # Who looked at the case, not the case.
    "/cases/{case_id}/accesses",
    # A venue, a day and a number in a queue are about nobody.
    "/api/v1/contracts/{slug}/venues/{case_id}/report",
    "/api/v1/contracts/{slug}/reports/{case_id}/{wanted}",
    "/queue/paper/{case_id}",
}


def routes_of(stack: Stack) -> dict[str, APIRoute]:
    """Return every route, page or program's, that answers with something of one case."""
    return {
        route.path: route
        for route in stack.app.routes
        if isinstance(route, APIRoute)
        and "GET" in (route.methods or ())
        and "{case_id}" in route.path
    }


def records(dependant: Dependant) -> bool:
    """Say whether a route asks for the case in the way that leaves a line."""
    return dependant.call is view_case or any(map(records, dependant.dependencies))


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
    routes = routes_of(stack)
    by_itself = {path for path, route in routes.items() if records(route.dependant)}
    assert by_itself | RECORDED_WITH_A_PURPOSE | NOT_A_VIEW == set(routes)
    silent, looked = [], 0
    official = stack.as_(Role.OFFICIAL)
    for path in sorted(by_itself | RECORDED_WITH_A_PURPOSE):
        before = len(await seen(stack, ref.case_id))
        address = path.format(case_id=ref.case_id, document_id="none")
        answer = await official.get(address, purpose="点検・監査")
        if answer.status_code == 200:
            looked += 1
            silent += [path] if len(await seen(stack, ref.case_id)) == before else []

    assert ([], True) == (silent, looked >= 6)
    assert ("official", "GET /cases/{case_id}") in await seen(stack, ref.case_id)
    assert ("official", "GET /api/v1/cases/{case_id}/timeline") in await seen(
        stack, ref.case_id
    )


async def test_a_route_that_records_nothing_would_be_noticed(stack: Stack) -> None:
    """
    The control: a case nobody opened has no line, and a route in a hurry, which asks for the
    case without leaving one, is told from the others.
    """
    hurried = APIRoute("/hurry/{case_id}", access_case)
    assert not records(hurried.dependant)
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
