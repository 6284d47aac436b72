"""Ageo's call centre: approved by a document, and used from its own networks only."""

import secrets
from datetime import timedelta
from typing import Any

import httpx
import pytest
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from api.access.door import now_in_tokyo
from domain.parties import Role
from ops import accounts
from tests import call_centre_at_hand
from tests.stack import CHEAP, Stack

CITY = "ageo"
PLACES = f"/api/v1/contracts/{CITY}/call-centre-places"
CENTRE = {"name": "大宮センター", "address": "埼玉県さいたま市大宮区1-1"}
OFFICE, HOME = "203.0.113.8", "198.51.100.7"
PASSWORD = "正しい馬と電池とホチキス"


def browser(stack: Stack, address: str, *, behind: str = "") -> httpx.AsyncClient:
    """Return a browser that comes from an address, or through a proxy that is trusted."""
    app: Any = stack.app
    if behind:
        app = ProxyHeadersMiddleware(app, trusted_hosts=[behind])
    transport = httpx.ASGITransport(app, client=(address, 1))
    return httpx.AsyncClient(transport=transport, base_url="http://madoguchi")


def employ(stack: Stack, role: Role = Role.CALL_AGENT) -> dict[str, str]:
    """Make an account and return what its owner types."""
    login = f"n-{secrets.token_hex(4)}"
    accounts.create(
        stack.engine,
        CHEAP,
        municipality=CITY,
        login=login,
        display_name="電田",
        role=role,
        now=now_in_tokyo(),
        password=PASSWORD,
        totp_required=False,
    )
    return {"login": login, "password": PASSWORD}


def told(answer: httpx.Response) -> tuple[int, str | None]:
    return answer.status_code, answer.json().get("code")


@pytest.fixture
async def manager(stack: Stack) -> httpx.AsyncClient:
    """Ageo's site manager, at home."""
    web = browser(stack, HOME)
    token = stack.as_(Role.SITE_MANAGER, CITY).token
    web.headers["Authorization"] = f"Bearer {token}"
    return web


@pytest.mark.req("AGEO-32")
async def test_a_place_is_active_only_with_the_citys_document(stack: Stack) -> None:
    """
    Without it no approval is taken, and no desk can report; with it both are.
    """
    official = stack.as_(Role.OFFICIAL, CITY)
    proposed = await stack.as_(Role.SITE_MANAGER, CITY).post(PLACES, json=CENTRE)
    path = f"{PLACES}/{proposed.json()['number']}/approve"

    for nothing in ({}, {"document": "  "}):
        assert (422, "FieldMissing") == told(await official.post(path, json=nothing))
    (waiting,) = (await official.get(PLACES)).json()["items"]
    desk = {"site": "call_centre", "desk": "1"}
    clerk = stack.as_(Role.CLERK, CITY)
    refused = await clerk.post(f"/api/v1/contracts/{CITY}/check-ins", json=desk)

    approved = await official.post(path, json={"document": "市民第12号 2026-03-25"})
    (active,) = (await official.get(PLACES)).json()["items"]
    taken = await clerk.post(f"/api/v1/contracts/{CITY}/check-ins", json=desk)

    assert (409, "PlaceNotApproved") == told(refused)
    assert [(False, None), (True, "市民第12号 2026-03-25")] == [
        (each["active"], each["approval_document"]) for each in (waiting, active)
    ]
    assert approved.json()["approved"]
    assert 201 == taken.status_code


@pytest.mark.req("AGEO-32")
async def test_an_agent_gets_in_from_a_registered_network_and_from_no_other(
    stack: Stack, manager: httpx.AsyncClient
) -> None:
    """
    Not before a network is registered, not from home, and from the centre as soon as it is.
    """
    agent = employ(stack)
    call_centre_at_hand.approve(stack.engine, CITY, network="192.0.2.0/24")
    office, home = browser(stack, OFFICE), browser(stack, HOME)
    before = await office.post("/api/v1/session", json=agent)

    body = {"network": "203.0.113.0/24", "label": "席"}
    registered = await manager.post(f"{PLACES}/1/networks", json=body)
    inside = await office.post("/api/v1/session", json=agent)
    outside = await home.post("/api/v1/session", json=agent | {"move": True})
    wrong = await home.post("/api/v1/session", json=agent | {"password": "間違い"})

    assert (403, "NetworkNotRegistered") == told(before) == told(outside)
    assert "登録された回線" in outside.json()["detail"]
    assert (201, 201) == (registered.status_code, inside.status_code)
    # Whose password it is, only who knows it is told.
    assert (401, "Unauthenticated") == told(wrong)


async def test_an_open_session_ends_where_its_network_does(
    stack: Stack, manager: httpx.AsyncClient
) -> None:
    """
    Carried home it opens nothing but what is public; nor does a program's token there. When
    the network is withdrawn it is over at once, without waiting for its end.
    """
    call_centre_at_hand.approve(stack.engine, CITY, network="203.0.113.0/24")
    office = browser(stack, OFFICE)
    agent = employ(stack)
    await office.post("/api/v1/session", json=agent)
    home = browser(stack, HOME)
    home.cookies = office.cookies
    day = timedelta(days=1)
    _, token = accounts.issue_token(
        stack.engine, agent["login"], label="t", valid_for=day, now=now_in_tokyo()
    )
    headers = {"Authorization": f"Bearer {token}"}

    at_work = await office.get("/api/v1/session")
    carried = await home.get("/api/v1/session")
    page = await home.get("/", headers={"Accept": "text/html"})
    program = await browser(stack, HOME).get("/api/v1/session", headers=headers)
    public = await home.get("/login")

    withdrawn = [await manager.post(f"{PLACES}/1/networks/1/withdraw") for _ in range(2)]
    after = await office.get("/api/v1/session")

    assert [True, False] == [each.json()["withdrawn"] for each in withdrawn]
    assert (403, "NetworkNotRegistered") == told(after)
    assert 200 == at_work.status_code
    assert (403, "NetworkNotRegistered") == told(carried) == told(program)
    assert "登録されていない回線" in page.text
    assert 200 == public.status_code


async def test_only_a_named_proxy_says_where_somebody_comes_from(stack: Stack) -> None:
    """
    Anybody can write the header; the control is the proxy that was named.
    """
    call_centre_at_hand.approve(stack.engine, CITY, network="203.0.113.0/24")
    agent = employ(stack)
    claims = {"X-Forwarded-For": OFFICE}
    through = {"X-Forwarded-For": f"{OFFICE}, {HOME}"}

    liar = await browser(stack, HOME).post("/api/v1/session", json=agent, headers=claims)
    proxied = browser(stack, "10.0.0.5", behind="10.0.0.5")
    forged = await proxied.post("/api/v1/session", json=agent, headers=through)
    real = await proxied.post("/api/v1/session", json=agent, headers=claims)

    assert (403, "NetworkNotRegistered") == told(liar) == told(forged)
    assert 201 == real.status_code


async def test_who_else_works_for_the_city_is_bound_to_no_network(stack: Stack) -> None:
    """
    The control: the same place, the same moment, another role and another city's agent.
    """
    call_centre_at_hand.approve(stack.engine, CITY, network="203.0.113.0/24")
    home = browser(stack, HOME)

    for role in (Role.SITE_MANAGER, Role.CLERK, Role.OFFICIAL):
        answer = await home.post("/api/v1/session", json=employ(stack, role))
        assert 201 == answer.status_code, role
    other = stack.as_(Role.CALL_AGENT, "ota").token
    headers = {"Authorization": f"Bearer {other}"}
    assert (
        200 == (await browser(stack, HOME).get("/api/v1/session", headers=headers)).status_code
    )


async def test_networks_are_shown_to_whoever_answers_for_them(
    stack: Stack, manager: httpx.AsyncClient
) -> None:
    """
    An agent need not know from where else one gets in; a network is registered once.
    """
    call_centre_at_hand.approve(stack.engine, CITY)
    shown = {
        role: (await stack.as_(role, CITY).get(PLACES)).json()["items"][0]["networks"]
        for role in (Role.SITE_MANAGER, Role.AUDITOR, Role.CLERK)
    }
    twice = await manager.post(f"{PLACES}/1/networks", json={"network": "127.0.0.1"})
    wide = await manager.post(f"{PLACES}/1/networks", json={"network": "0.0.0.0/0"})
    nowhere = await manager.post(f"{PLACES}/7/networks", json={"network": "192.0.2.1"})

    assert [1, 1, 0] == [len(each) for each in shown.values()]
    assert (409, "NetworkTaken") == told(twice)
    assert (422, "FieldMissing") == told(wide) == told(nowhere)
