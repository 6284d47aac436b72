"""Contract, calendar, reception and rehearsal by forms, as those may use them who may."""

import re
from datetime import datetime

import pytest
from sqlalchemy import text

from domain.parties import Role
from store.scope import scope
from tests.journeys.site import TODAY, Site
from tests.stack import eventually

CLOSURE = "/calendar/closures"


def procedure(site: Site) -> str:
    """Return something a visitor of Ota may come for."""
    code: str = site.stack.book.current("ota").contract.procedures[0].code
    return code


def unsign(site: Site, slug: str) -> None:
    """Let a contract wait for its date, whoever entered it before on this site."""
    with scope(site.stack.engine, slug) as connection:
        connection.execute(text("DELETE FROM contract_activation"))


@pytest.mark.req("OTA-02", "OTA-23", "OTA-24")
def test_the_chart_shows_both_years_of_reference(site: Site) -> None:
    """
    Whether more comes than the clause assumed is seen at a glance.
    """
    site.lot(5)
    page = site.as_(Role.OPERATIONS_MANAGER).get("/contract").text

    assert "令和5年度 年19,000件（月平均 1,583件）" in page
    assert "令和6年度 年26,000件（月平均 2,167件）" in page
    assert 2 == len(re.findall(r'chart-line chart-line-\d" d="M0 [\d.]+H576"', page))


@pytest.mark.req("OTA-01")
def test_a_contract_without_its_date_begins_with_it(site: Site) -> None:
    """
    Only the one who answers for the contract may enter the day.
    """
    unsign(site, "yokosuka")
    manager, clerk = (site.as_(r, "yokosuka") for r in (Role.OPERATIONS_MANAGER, Role.CLERK))
    told = clerk.get("/contract").text
    form = manager.form("/contract", "/contract/activation")
    wrong = manager.send(form, contract_date="いつか")
    right = manager.send(form, contract_date="2026-05-11")

    assert "契約日が入力されていません" in told
    assert "/contract/activation" not in told
    assert (422, 303) == (wrong.status_code, right.status_code)
    assert "2026年5月11日（月）" in clerk.get("/contract").text


@pytest.mark.req("OTA-03")
def test_a_place_is_added_with_its_days_and_agreement(site: Site) -> None:
    """
    Sent twice it is one place.
    """
    manager = site.as_(Role.SITE_MANAGER)
    form = manager.form("/contract", "/contract/sites")
    typed = {
        "name": "イオンモール太田",
        "from_day": "2027-01-16",
        "to_day": "2027-01-17",
        "agreement": "2026-12-01 協議",
    }
    backwards = manager.send(form, **typed | {"to_day": "2027-01-01"})
    for _ in range(2):
        assert 303 == manager.send(form, **typed).status_code
    page = manager.get("/contract").text

    assert (422, True) == (backwards.status_code, 'value="イオンモール太田"' in backwards.text)
    assert 1 == page.count('<th scope="row">イオンモール太田')


@pytest.mark.req("OTA-04")
def test_the_year_counts_its_open_days(site: Site) -> None:
    """
    Planning begins with this number.
    """
    page = site.as_(Role.OFFICIAL).get("/calendar?year=2026").text

    assert "2026年度：開庁日 241日" in page
    assert 1 == page.count('aria-current="date"')


def test_a_closure_stops_reception_until_it_is_withdrawn(site: Site) -> None:
    """
    A storm counts at once, and the person at the counter reads why.
    """
    official, clerk = site.as_(Role.OFFICIAL), site.as_(Role.CLERK)
    assert CLOSURE not in clerk.get("/calendar").text
    entered = official.send(
        official.form("/calendar", CLOSURE),
        day=f"{TODAY:%Y-%m-%d}",
        cause="暴風警報",
    )
    visit = clerk.form("/visits/new", "/visits/new")
    refused = clerk.send(visit, procedure=procedure(site), channel="counter")
    year = official.get(entered.headers["Location"]).text
    withdraw = re.findall(rf'action="({CLOSURE}/[^"]+/withdraw)"', year)[-1]
    official.send(official.form(entered.headers["Location"], withdraw))
    received = clerk.send(visit, procedure=procedure(site), channel="counter")

    assert (409, True) == (refused.status_code, "暴風警報のため休み" in refused.text)
    assert 303 == received.status_code


@pytest.mark.req("OTA-05")
def test_a_visitor_after_hours_is_refused_with_the_hour(site: Site) -> None:
    """
    17:15 is the last moment; what was chosen stays chosen.
    """
    clerk = site.as_(Role.CLERK)
    form = clerk.form("/visits/new", "/visits/new")
    site.stack.clock.now = datetime(2026, 12, 17, 17, 16, tzinfo=TODAY.tzinfo)
    refused = clerk.send(form, procedure=procedure(site), channel="counter")
    site.stack.clock.now = TODAY

    assert (409, True) == (refused.status_code, "受付は17:15までです" in refused.text)
    assert f'value="{procedure(site)}" selected' in refused.text


@pytest.mark.req("OTA-06")
def test_a_desk_that_reports_late_is_shown_as_late(site: Site) -> None:
    """
    8:20 is what the city pays for; 8:21 is not it.
    """
    clerk = site.as_(Role.CLERK)
    form = clerk.form("/visits/new", "/visits/ready")
    for minute in (20, 21):
        site.stack.clock.now = datetime(2026, 12, 17, 8, minute, tzinfo=TODAY.tzinfo)
        clerk.send(form, site="city_hall", desk=f"窓口{minute}", key=f"desk-{minute}")
    page = clerk.get("/visits/new").text
    site.stack.clock.now = TODAY
    rows = dict(re.findall(r'row">窓口(\d+)<.*?08:20に(.*?)</span>', page))

    assert {"20": "間に合いました", "21": "遅れました"} == rows


@pytest.mark.req("OTA-22")
def test_returned_mail_begins_a_case_of_its_card(site: Site) -> None:
    """
    The number on the envelope leads to the card, and a wrong one is told.
    """
    clerk = site.as_(Role.CLERK)
    card = site.card(site.lot(3), "matched")
    number = re.search(r"OTA-K26-\d{6}-\d", clerk.get(f"/cases/{card}").text)
    assert number is not None
    form = clerk.form("/returned-mail/new", "/returned-mail/new")
    wrong = clerk.send(form, case_number="OTA-K26-999999-9", reason="moved")
    taken = [clerk.send(form, case_number=number[0], reason="moved") for _ in range(2)]

    assert (404, True) == (wrong.status_code, "案件が見つかりません" in wrong.text)
    assert taken[0].headers["Location"] == taken[1].headers["Location"]
    assert "転居" in clerk.get(taken[0].headers["Location"]).text


def test_an_auditor_says_why_before_seeing_whom_a_case_is_about(site: Site) -> None:
    """
    Looking is recorded, so it must be meant.
    """
    card = site.card(site.lot(3), "matched")
    auditor, manager = site.as_(Role.AUDITOR), site.as_(Role.OPERATIONS_MANAGER)
    closed = auditor.get(f"/cases/{card}").text
    opened = auditor.get(f"/cases/{card}?purpose=点検・監査").text
    accesses = auditor.get(f"/cases/{card}/accesses").text

    assert ("person-name" in closed, "person-name" in opened) == (False, True)
    assert 1 == accesses.count("点検・監査")
    assert "person-name" not in manager.get(f"/cases/{card}?purpose=点検・監査").text


def test_finding_somebody_by_name_is_recorded_and_not_in_the_address(site: Site) -> None:
    """
    Addresses end up in histories and logs.
    """
    card = site.card(site.lot(3), "matched")
    clerk, agent = site.as_(Role.CLERK), site.as_(Role.CALL_AGENT)
    name = re.search(r'person-name">([^<]+)<', clerk.get(f"/cases/{card}").text)
    assert name is not None
    form = agent.form("/", "/search")
    found = agent.send(form, q=name[1])
    nobody = agent.send(form, q="だれでもない人")

    assert f"/cases/{card}" in found.text
    assert "見つかりませんでした" in nobody.text
    assert "氏名による検索" in site.as_(Role.AUDITOR).get(f"/cases/{card}/accesses").text


def test_days_pass_for_a_case_in_a_rehearsal(site: Site) -> None:
    """
    Trainees see a deadline missed in seconds.
    """
    card = site.card(site.lot(3), "matched")
    clerk, path = site.as_(Role.CLERK), f"/cases/{card}"
    form = clerk.form(path, f"{path}/fast-forward")
    wrong = clerk.send(form, days="-3")
    passed = clerk.send(form, days="60")

    async def breached() -> bool:
        events = await site.stack.as_(Role.CLERK).timeline(card)
        return any(event["action"] == "deadline_breached" for event in events)

    assert "リハーサル中" in clerk.get("/").text
    assert (422, 303) == (wrong.status_code, passed.status_code)
    assert site.ask(eventually(breached))
