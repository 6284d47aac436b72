"""What the city does itself, and what is handed to it and comes back: in a browser."""

import re
from datetime import date

from playwright.sync_api import Browser, Page, expect

from domain.parties import Role
from tests.journeys.site import Site
from tests.journeys.test_in_a_browser import browsing, faults
from tests.journeys.test_procedures import received

CENTRE = "yokosuka"
FEE = 1000


def take(page: Page, step: str, **typed: str) -> None:
    """Take a step on the page of a case."""
    form = page.locator(f"#do-{step}")
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    for name, text in typed.items():
        form.locator(f"[name={name}]").fill(text)
    form.locator("button").last.click()
    expect(page).to_have_url(re.compile(f"done={step}$"))


def test_a_fee_is_told_by_the_provider_paid_and_closed_by_the_city(
    site: Site, chromium: Browser
) -> None:
    """
    Two people, two sides, one day: the register and what was paid agree in the end.
    """
    site.stack.sign(CENTRE, date(2026, 5, 11))
    with browsing(chromium, site, Role.CLERK, city=CENTRE) as page:
        page.goto("/city-records")
        found = faults(page)
        page.get_by_label("手数料の額（円）").fill(str(FEE))
        page.get_by_role("button", name="市へ知らせる").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("市の")
        fee = page.url
        assert 0 == page.locator("#do-record_payment").count(), "the provider takes no money"
    with browsing(chromium, site, Role.OFFICIAL, city=CENTRE) as page:
        page.goto("/city-records")
        expect(page.locator("main")).to_contain_text("市の収納待ち 1件")
        page.goto(fee)
        take(page, "record_payment", amount_jpy=str(FEE))
        page.goto("/city-records")
        page.get_by_role("button", name="レジ締めを始める").click()
        take(page, "close_register", amount_jpy=str(FEE))
        page.goto("/city-records")
        day = page.locator("main dl.facts").inner_text()

    assert [] == found
    assert "収納済み 1件 1,000円" in day
    assert "1,000円（収納との差 0円）" in day


def test_a_hand_off_goes_up_on_to_the_city_and_back_through_both_inboxes(
    site: Site, chromium: Browser
) -> None:
    """
    Escalated by an operator, passed on, sent back by the city, settled where it came from.
    """
    operator, visit = site.as_(Role.OPERATOR), received(site)
    asked = operator.send(
        operator.form(visit, "do-escalate"), reason="判断に迷う", summary="書類が古い"
    )
    assert 303 == asked.status_code, asked.text
    number = re.findall(r"OTA-T\d{2}-\d{6}-\d", operator.get(visit).text)[0]
    with (
        browsing(chromium, site, Role.OPERATIONS_MANAGER) as ours,
        browsing(chromium, site, Role.OFFICIAL) as citys,
    ):
        ours.goto("/handoffs")
        found = faults(ours)
        ours.get_by_role("link", name=number, exact=True).click()
        take(ours, "take_on")
        take(ours, "pass_on", section="市民課", reason="市の判断が要る")
        citys.goto("/handoffs")
        citys.get_by_role("link", name=number, exact=True).click()
        take(citys, "accept_handoff")
        take(citys, "return_handoff", reason="写しを添えてください")
        citys.goto("/handoffs")
        elsewhere = citys.locator("section", has_text="ほかの人が対応している引継ぎ")
        expect(elsewhere.get_by_role("link", name=number, exact=True)).to_be_visible()
        ours.goto("/handoffs")
        mine = ours.locator("section", has_text="あなたが受け付けた引継ぎ")
        mine.get_by_role("link", name=number, exact=True).click()
        take(ours, "settle", reason="写しを添えて解決した")
        ended = ours.locator("h1").inner_text()
    left = operator.get("/handoffs").text

    assert [] == found
    assert "完了" in ended
    assert number not in left
