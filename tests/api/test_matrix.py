"""Every route × every role × every municipality: who gets in, and who does not even see.

The list of routes is the product's own; a route that nobody decided on here fails.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from domain.actions import form_of
from domain.case import CaseKind
from domain.errors import ActionUnknown
from domain.parties import Action, Role, allowed
from store import cases
from store.scope import scope, unscoped
from tests.lots import work
from tests.stack import Stack

OPEN_DAYS = {"from": "2026-09-01", "to": "2026-09-30"}
MONTH = {"month": "2026-09"}
WRONG: dict[str, Any] = {"nonsense": True}
NO_PHOTO = {"photo": ("a.jpg", b"x")}
JUNK = dict.fromkeys(("issue_list", "resident", "card_face"), ("a.csv", b"x"))


@dataclass(frozen=True)
class Rule:
    """Who may use a route, and what to send so that nothing happens."""

    action: Action | None = None
    """``None``: everybody who is logged in."""

    nobody_needed: bool = False
    """Whether it answers without anybody being logged in."""

    browser_only: bool = False
    public_to_all_cities: bool = False
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)


CASE = "/api/v1/cases/{case_id}"
CITY = "/api/v1/contracts/{slug}"
RULES: Mapping[tuple[str, str], Rule] = {
    ("GET", "/healthz"): Rule(nobody_needed=True),
    ("GET", "/readyz"): Rule(nobody_needed=True),
    ("POST", "/api/v1/session"): Rule(nobody_needed=True, body={"json": WRONG}),
    ("GET", "/api/v1/session"): Rule(),
    ("DELETE", "/api/v1/session"): Rule(),
    ("POST", "/api/v1/session/password"): Rule(
        browser_only=True, body={"json": {"current": "x", "new": "y"}}
    ),
    ("POST", "/api/v1/session/second-factor"): Rule(browser_only=True, body={"json": {}}),
    ("POST", "/api/v1/session/second-factor/confirm"): Rule(
        browser_only=True, body={"json": {"code": "1"}}
    ),
    ("GET", "/api/v1/sessions"): Rule(),
    ("DELETE", "/api/v1/sessions/{session_id}"): Rule(),
    ("GET", "/api/v1/cases"): Rule(Action.SEE_CASE),
    ("GET", CASE): Rule(Action.SEE_CASE),
    ("GET", f"{CASE}/timeline"): Rule(Action.SEE_CASE),
    ("GET", f"{CASE}/person"): Rule(Action.SEE_PERSON, query={"purpose": "確認"}),
    ("GET", f"{CASE}/slips"): Rule(Action.SEE_CASE),
    ("POST", f"{CASE}/procedures"): Rule(Action.ADD_PROCEDURE, body={"json": WRONG}),
    ("POST", f"{CASE}/photos"): Rule(Action.ACCEPT_PHOTO, body={"files": NO_PHOTO}),
    ("POST", f"{CASE}/actions/{{action}}"): Rule(Action.TAKE_BACK, body={"json": WRONG}),
    ("GET", "/api/v1/contracts"): Rule(Action.SEE_CALENDAR, public_to_all_cities=True),
    ("GET", CITY): Rule(Action.SEE_CALENDAR, public_to_all_cities=True),
    ("GET", f"{CITY}/calendars/{{name}}"): Rule(
        Action.SEE_CALENDAR, query=OPEN_DAYS, public_to_all_cities=True
    ),
    ("GET", f"{CITY}/volumes"): Rule(Action.SEE_CALENDAR, query=OPEN_DAYS),
    ("POST", f"{CITY}/closures"): Rule(Action.ADD_CLOSURE, body={"json": WRONG}),
    ("DELETE", f"{CITY}/closures/{{closure_id}}"): Rule(Action.ADD_CLOSURE),
    ("POST", f"{CITY}/sites"): Rule(Action.ADD_SITE, body={"json": WRONG}),
    ("GET", f"{CITY}/call-centre-places"): Rule(Action.SEE_CALENDAR),
    ("POST", f"{CITY}/call-centre-places"): Rule(Action.PROPOSE_PLACE, body={"json": WRONG}),
    ("POST", f"{CITY}/call-centre-places/{{number}}/approve"): Rule(Action.APPROVE_PLACE),
    ("POST", f"{CITY}/call-centre-places/{{number}}/networks"): Rule(
        Action.REGISTER_NETWORK, body={"json": WRONG}
    ),
    ("POST", f"{CITY}/call-centre-places/{{number}}/networks/{{network}}/withdraw"): Rule(
        Action.REGISTER_NETWORK
    ),
    ("GET", f"{CITY}/core-ids"): Rule(Action.READ_AUDIT),
    ("POST", f"{CITY}/core-ids"): Rule(Action.KEEP_CORE_IDS, body={"json": WRONG}),
    ("POST", f"{CITY}/core-ids/{{number}}/revoke"): Rule(
        Action.KEEP_CORE_IDS, body={"json": WRONG}
    ),
    ("GET", f"{CITY}/retention"): Rule(Action.READ_AUDIT),
    ("POST", f"{CITY}/retention/lists"): Rule(Action.LIST_FOR_DISPOSAL),
    ("GET", f"{CITY}/retention/lists/{{number}}"): Rule(Action.READ_AUDIT),
    ("POST", f"{CITY}/retention/lists/{{number}}/approve"): Rule(Action.APPROVE_DISPOSAL),
    ("POST", f"{CITY}/retention/holds"): Rule(Action.HOLD_CASE, body={"json": WRONG}),
    ("POST", f"{CITY}/retention/holds/{{hold_id}}/lift"): Rule(Action.HOLD_CASE),
    ("POST", f"{CITY}/activation"): Rule(Action.ACTIVATE_CONTRACT, body={"json": WRONG}),
    ("POST", f"{CITY}/check-ins"): Rule(Action.CHECK_IN, body={"json": WRONG}),
    ("POST", f"{CITY}/photos/check"): Rule(Action.CHECK_PHOTO, body={"files": NO_PHOTO}),
    ("GET", f"{CITY}/check-ins"): Rule(Action.READ_AUDIT, query=OPEN_DAYS),
    ("POST", f"{CITY}/card-lots"): Rule(Action.UPLOAD_LOT, body={"files": JUNK}),
    ("POST", f"{CITY}/card-lots/preview"): Rule(Action.UPLOAD_LOT, body={"files": JUNK}),
    ("POST", f"{CITY}/returned-mail"): Rule(
        Action.REGISTER_RETURNED_MAIL, body={"json": WRONG}
    ),
    ("POST", f"{CITY}/applications"): Rule(Action.ADD_APPLICATION, body={"json": WRONG}),
    ("GET", f"{CITY}/applications/counts"): Rule(Action.SEE_CALENDAR, query=MONTH),
    ("GET", f"{CITY}/applications/quality"): Rule(Action.SEE_CALENDAR, query=MONTH),
    ("GET", f"{CITY}/surveys"): Rule(Action.SEE_CALENDAR, query=OPEN_DAYS),
    ("POST", f"{CITY}/surveys"): Rule(Action.ENTER_SURVEY, body={"json": WRONG}),
    ("POST", f"{CITY}/visits"): Rule(Action.RECEIVE_VISITOR, body={"json": WRONG}),
    ("GET", f"{CITY}/queue"): Rule(Action.SEE_QUEUE),
    ("POST", f"{CITY}/queue/tickets"): Rule(Action.ISSUE_TICKET, body={"json": WRONG}),
    ("POST", f"{CITY}/queue/calls"): Rule(Action.CALL_NEXT, body={"json": WRONG}),
    ("POST", f"{CITY}/queue/closings"): Rule(Action.CLOSE_LINE, body={"json": WRONG}),
    # Residents ask without an account; what staff may do is asked once the case is known.
    ("GET", f"{CITY}/slots"): Rule(
        nobody_needed=True, public_to_all_cities=True, query={"line": "card_delivery"}
    ),
    ("GET", f"{CITY}/reservations"): Rule(Action.SEE_RESERVATIONS),
    ("GET", f"{CITY}/reservation-list"): Rule(Action.SEE_RESERVATIONS),
    ("GET", f"{CITY}/reservation-list/{{wanted}}"): Rule(Action.SEE_RESERVATIONS),
    ("GET", f"{CITY}/list-recipient"): Rule(Action.SET_LIST_RECIPIENT),
    ("POST", f"{CITY}/list-recipient"): Rule(Action.SET_LIST_RECIPIENT, body={"json": WRONG}),
    ("GET", f"{CITY}/booking-shares"): Rule(Action.SEE_CALENDAR, query=OPEN_DAYS),
    ("POST", f"{CITY}/external-entries"): Rule(Action.REQUEST_ENTRY, body={"json": WRONG}),
    ("GET", f"{CITY}/external-entries/counts"): Rule(Action.SEE_CALENDAR, query=MONTH),
    ("POST", f"{CITY}/incidents"): Rule(Action.REPORT_INCIDENT, body={"json": WRONG}),
    ("GET", f"{CITY}/incidents"): Rule(Action.SEE_CASE),
    ("GET", f"{CITY}/knowledge"): Rule(Action.SEE_KNOWLEDGE),
    ("GET", f"{CITY}/knowledge/{{article}}"): Rule(Action.SEE_KNOWLEDGE),
    ("POST", f"{CITY}/knowledge"): Rule(Action.WRITE_ARTICLE, body={"json": WRONG}),
    ("GET", f"{CITY}/knowledge-editions"): Rule(Action.SEE_KNOWLEDGE),
    ("POST", f"{CITY}/knowledge-editions"): Rule(Action.SAVE_VERSION),
    ("GET", f"{CITY}/questions"): Rule(Action.SEE_CASE),
    ("GET", f"{CITY}/meetings"): Rule(Action.SEE_CASE),
    ("POST", f"{CITY}/meetings"): Rule(Action.RECORD_MEETING, body={"json": WRONG}),
    ("POST", f"{CITY}/city-records"): Rule(body={"json": WRONG}),
    ("GET", f"{CITY}/city-records"): Rule(Action.SEE_CALENDAR),
    ("POST", f"{CITY}/inquiries"): Rule(Action.RECORD_INQUIRY, body={"json": WRONG}),
    ("GET", f"{CITY}/inquiries"): Rule(Action.SEE_INQUIRIES, query=MONTH),
    ("POST", f"{CITY}/defects"): Rule(Action.REPORT_DEFECT, body={"json": WRONG}),
    ("GET", f"{CITY}/defects/counts"): Rule(Action.SEE_CALENDAR, query=MONTH),
    ("GET", f"{CITY}/inquiries/csv"): Rule(Action.SEE_INQUIRIES, query=MONTH),
    ("GET", f"{CITY}/reports"): Rule(Action.SEE_INQUIRIES, query=MONTH),
    ("GET", f"{CITY}/reports/{{case_id}}/{{wanted}}"): Rule(Action.SEE_INQUIRIES),
    ("POST", f"{CITY}/reports/{{case_id}}/versions"): Rule(
        Action.SEND_LIST, body={"json": WRONG}
    ),
    ("POST", f"{CITY}/contact-number"): Rule(Action.WRITE_GUIDANCE, body={"json": WRONG}),
    ("POST", f"{CITY}/venues"): Rule(Action.NAME_VENUE, body={"json": WRONG}),
    ("GET", f"{CITY}/venues/{{case_id}}/report"): Rule(Action.SEE_CALENDAR),
    ("GET", f"{CITY}/indicators"): Rule(Action.SEE_CALENDAR, query=MONTH),
    ("GET", f"{CITY}/catalogue"): Rule(Action.SEE_CALENDAR),
    ("POST", f"{CITY}/catalogue/switches"): Rule(Action.SWITCH_CATALOGUE, body={"json": WRONG}),
    ("GET", f"{CITY}/counts"): Rule(Action.SEE_CALENDAR, query=MONTH),
    ("GET", f"{CITY}/counts/csv"): Rule(Action.SEE_CALENDAR, query=MONTH),
    ("GET", f"{CITY}/required-documents"): Rule(
        nobody_needed=True,
        public_to_all_cities=True,
        query={"procedure": "card_delivery", "receiver": "self", "age": "40"},
    ),
    ("POST", f"{CITY}/reservations"): Rule(nobody_needed=True, body={"json": WRONG}),
    ("GET", f"{CITY}/reservations/{{reservation_id}}"): Rule(),
    **{
        ("POST", f"{CITY}/reservations/{{reservation_id}}/{step}"): Rule(
            body={"json": {"starts_at": "2026-09-25T10:00:00+09:00"}}
        )
        for step in ("confirm", "change", "cancel")
    },
    ("GET", f"{CITY}/obligations"): Rule(Action.SEE_CALENDAR),
    ("GET", f"{CITY}/roster"): Rule(Action.SEE_CALENDAR, query=OPEN_DAYS),
    ("POST", f"{CITY}/roster"): Rule(Action.WRITE_ROSTER, body={"json": WRONG}),
    ("GET", f"{CITY}/venue-days"): Rule(Action.SEE_CALENDAR, query=OPEN_DAYS),
    ("GET", f"{CITY}/venue-days/progress"): Rule(Action.SEE_CALENDAR),
    ("POST", f"{CITY}/venue-days"): Rule(Action.PLAN_VENUE_DAY, body={"json": WRONG}),
    ("POST", f"{CITY}/venue-days/{{site}}/{{day}}/withdraw"): Rule(
        Action.PLAN_VENUE_DAY, body={"json": WRONG}
    ),
    ("GET", f"{CITY}/guidance"): Rule(Action.SEE_CALENDAR),
    ("POST", f"{CITY}/guidance"): Rule(Action.WRITE_GUIDANCE, body={"json": WRONG}),
    ("POST", f"{CITY}/extension"): Rule(Action.ACTIVATE_CONTRACT, body={"json": WRONG}),
    ("GET", "/api/v1/audit/cases/{case_id}/history"): Rule(Action.READ_AUDIT),
    ("POST", "/api/v1/audit/cases/{case_id}/replay"): Rule(
        Action.REPLAY, body={"json": {"purpose": "監査"}}
    ),
    ("GET", "/api/v1/audit/verify"): Rule(Action.READ_AUDIT),
    ("GET", "/api/v1/audit/accesses"): Rule(Action.SEE_ACCESS_LOG),
    ("POST", "/api/v1/rehearsal/fast-forward"): Rule(body={"json": WRONG}),
}
IN_PATH = {
    "slug": "ota",
    "name": "counter",
    "action": "take_back",
    "session_id": "none",
    "closure_id": "none",
    "wanted": "csv",
    "reservation_id": "none",
    "site": "none",
    "number": "1",
    "network": "1",
    "hold_id": "none",
    "article": "1",
    "day": "2026-09-25",
}


async def routes(stack: Stack) -> set[tuple[str, str]]:
    spec = (await stack.http.get("/openapi.json")).json()
    return {(m.upper(), path) for path, methods in spec["paths"].items() for m in methods}


async def ask(
    stack: Stack, route: tuple[str, str], rule: Rule, case_id: str, token: str | None
) -> tuple[int, str]:
    """Return status and code of the answer to somebody's request."""
    method, template = route
    path = template.format(**IN_PATH, case_id=case_id)
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    answer = await stack.http.request(
        method, path, params=dict(rule.query), headers=headers, **rule.body
    )
    problem = answer.headers.get("content-type") == "application/problem+json"
    return answer.status_code, answer.json()["code"] if problem else ""


@pytest.fixture
async def case_id(stack: Stack) -> str:
    """A running lot of Ota with somebody's name in its vault."""
    lot = await work.take_over(stack, work.small_lot(3, seed=5))
    return str(lot["case_id"])


async def test_every_route_was_decided_on(stack: Stack) -> None:
    """
    A new route has to be put into the table before it can be merged.
    """
    assert await routes(stack) == set(RULES)


async def test_nobody_gets_in_without_a_credential(stack: Stack, case_id: str) -> None:
    """
    Neither without a token nor with one that nobody was given.
    """
    found = {
        (route, token): (await ask(stack, route, rule, case_id, token))[0]
        for route, rule in RULES.items()
        for token in (None, "mdg_nobody", "")
        if not rule.nobody_needed
    }

    assert {401} == set(found.values()), [k for k, v in found.items() if v != 401]


async def test_a_role_gets_exactly_the_routes_of_its_duties(stack: Stack, case_id: str) -> None:
    """
    Eight roles by all routes: refused with 403 where the table of duties says no.
    """
    wrong = []
    async with stack.staffed():
        for route, rule in RULES.items():
            if rule.nobody_needed:
                continue
            for role in Role:
                status, code = await ask(stack, route, rule, case_id, stack.as_(role).token)
                may = rule.action is None or allowed(role, rule.action)
                if rule.browser_only:
                    right = (status, code) == (401, "Unauthenticated")
                elif may:
                    right = status not in {401, 403} and status < 500
                else:
                    right = (status, code) == (403, "NotYourDuty")
                if not right:
                    wrong.append((route, role, status, code))

    assert [] == wrong


async def test_an_action_is_refused_to_every_role_without_the_duty(
    stack: Stack, case_id: str
) -> None:
    """
    All actions by all roles on one route: 422 says that only the body was wrong.
    """
    wrong = []
    for action in Action:
        try:
            form_of(CaseKind.LOT, action)
        except ActionUnknown:
            continue
        for role in Role:
            answer = await stack.as_(role).act(case_id, action, **WRONG)
            expected = 422 if allowed(role, action) else 403
            if answer.status_code != expected:
                wrong.append((action, role, answer.status_code))

    assert [] == wrong


async def test_what_is_another_citys_does_not_exist(stack: Stack, case_id: str) -> None:
    """
    The same answer as for a number that was never given out, so nobody can probe.
    """
    wrong = []
    for route, rule in RULES.items():
        theirs = "{case_id}" in route[1] or "{slug}" in route[1]
        if not theirs or rule.public_to_all_cities:
            continue
        for role in Role:
            # One whose term is not over: there nobody would be let in at all.
            token = stack.as_(role, "ageo").token
            found = await ask(stack, route, rule, case_id, token)
            unknown = await ask(stack, route, rule, "0" * 32, token)
            may = rule.action is None or allowed(role, rule.action)
            if (found[0] not in ({404} if may else {403, 404})) or found != unknown:
                wrong.append((route, role, found, unknown))

    assert [] == wrong


async def test_lists_hold_nothing_of_another_city(stack: Stack, case_id: str) -> None:
    """
    Lists take no case and no contract; what they leave out is row-level security's doing.
    """
    own = await stack.as_(Role.OFFICIAL).get("/api/v1/cases", parent=case_id)
    await stack.as_(Role.OFFICIAL).get(f"/api/v1/cases/{case_id}/person", purpose="確認")
    for role in (Role.OFFICIAL, Role.AUDITOR):
        other = stack.as_(role, "chiba")
        for query in ({}, {"parent": case_id}, {"contract": "ota"}, {"closed": True}):
            assert [] == (await other.get("/api/v1/cases", **query)).json()["items"]
        accesses = await other.get("/api/v1/audit/accesses", case_id=case_id)
        assert [] == accesses.json()["items"]

    assert 3 == len(own.json()["items"])


async def test_a_route_without_a_guard_would_be_noticed(stack: Stack, case_id: str) -> None:
    """
    The control: a route in a hurry answers anybody, and is missing in the table.
    """

    @stack.app.get("/api/v1/cases/{case_id}/in-a-hurry")
    def in_a_hurry(case_id: str) -> str:
        with scope(stack.engine, "ota") as connection:
            return cases.one_case(connection, case_id).case_number

    stack.app.openapi_schema = None
    route = ("GET", "/api/v1/cases/{case_id}/in-a-hurry")

    assert {route} == await routes(stack) - set(RULES)
    assert (200, "") == await ask(stack, route, Rule(), case_id, None)
    assert (200, "") == await ask(
        stack, route, Rule(), case_id, stack.as_(Role.OFFICIAL, "chiba").token
    )


async def test_a_row_of_another_city_is_not_visible_even_to_a_careless_query(
    stack: Stack, case_id: str
) -> None:
    """
    The control of the tests above: the same query finds the case in its own scope only.
    """
    found = {}
    for city in ("ota", "chiba"):
        with scope(stack.engine, city) as connection:
            wanted = cases.Wanted(parent_id=case_id)
            found[city] = len(cases.list_cases(connection, "ota", wanted, limit=10))
    with unscoped(stack.engine) as connection:
        nowhere = cases.list_cases(connection, "ota", cases.Wanted(), limit=10)

    assert ({"ota": 3, "chiba": 0}, []) == (found, nowhere)
