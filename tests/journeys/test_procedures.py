"""Procedures at a window by forms and by keys: one step at a time, and whose turn it is."""

import pytest
from playwright.sync_api import Browser, expect

from domain.parties import Role
from tests.journeys.site import Site, Visitor, form_in
from tests.journeys.test_in_a_browser import browsing, faults
from tests.stack import eventually

STEPS = ("record_pin_set", "carry_out", "record_receipt")


def received(site: Site) -> str:
    """Return the page of a visitor who was received for a card."""
    operator = site.as_(Role.OPERATOR)
    form = operator.form("/visits/new", "/visits/new")
    answer = operator.send(form, channel="counter", procedure="card_delivery")
    assert 303 == answer.status_code, answer.text
    return str(answer.headers["Location"]).partition("?")[0]


def begun(visitor: Visitor, visit: str, code: str, receiver: str = "self") -> str:
    """Begin a procedure from the page of a visit and return its page."""
    form = visitor.form(visit, "add-procedure")
    answer = visitor.send(form, procedure=code, receiver=receiver)
    assert 303 == answer.status_code, answer.text
    return str(answer.headers["Location"]).partition("?")[0]


def test_a_card_is_delivered_by_forms_alone(site: Site) -> None:
    """
    The page shows one step with what to say; the visit ends once everything is done.
    """
    operator, visit = site.as_(Role.OPERATOR), received(site)
    page = begun(operator, visit, "card_delivery")
    first = operator.get(page).text
    few = operator.send(form_in(first, "do-take_in_documents"), documents="bank_book")
    form = form_in(few.text, "do-take_in_documents")
    shown = operator.send(form, documents=["bank_book", "pension_book"])
    early = operator.send(operator.form(visit, "do-close_visit"), result="served")
    for step in STEPS:
        answer = operator.send(operator.form(page, f"do-{step}"))
        assert 303 == answer.status_code, answer.text
    last = operator.get(page).text

    assert "本人確認の書類をお見せください" in first
    assert (422, True) == (few.status_code, 'value="bank_book" checked' in few.text)
    assert 303 == shown.status_code, shown.text
    assert (409, True) == (early.status_code, "手続がすべて完了する" in early.text)
    assert "終わりました" in last
    site.ask(_ended(site, visit))
    closed = operator.send(operator.form(visit, "do-close_visit"), result="served")
    assert 303 == closed.status_code, closed.text


async def _ended(site: Site, visit: str) -> None:
    async def told() -> bool:
        timeline = await site.stack.as_(Role.OPERATOR).timeline(visit.rpartition("/")[2])
        return any(each["action"] == "procedure_ended" for each in timeline)

    await eventually(told)


def test_the_citys_step_waits_in_the_officials_inbox(site: Site) -> None:
    """
    Whoever is at the window reads that it is the city's turn, and has nothing to press.
    """
    operator, official = site.as_(Role.OPERATOR), site.as_(Role.OFFICIAL)
    page = begun(operator, received(site), "issue_decision")
    seen = operator.get(page).text
    inbox = official.get("/").text
    done = official.send(official.form(page, "do-carry_out"))

    assert "市の職員の番です" in seen
    assert "do-carry_out" not in seen
    assert page in inbox
    assert 303 == done.status_code, done.text
    assert page not in official.get("/").text


def test_a_refused_beginning_says_why_and_keeps_what_was_chosen(site: Site) -> None:
    """
    Nobody chooses twice because one answer was missing.
    """
    operator, visit = site.as_(Role.OPERATOR), received(site)
    refused = operator.send(
        operator.form(visit, "add-procedure"), procedure="certificate_renewal"
    )

    assert (422, True) == (refused.status_code, "来た人" in refused.text)
    assert 'value="certificate_renewal" selected' in refused.text


@pytest.mark.parametrize("width", [320, 1280])
def test_a_step_is_taken_with_keys_alone(site: Site, chromium: Browser, width: int) -> None:
    """
    Tick, go on, next step: without a mouse, and readable on a narrow screen.
    """
    operator = site.as_(Role.OPERATOR)
    page_of_case = begun(operator, received(site), "card_delivery")
    size = {"width": width, "height": 900}
    with browsing(chromium, site, Role.OPERATOR, viewport=size) as page:
        page.goto(site.url + page_of_case)
        found = faults(page)
        wide = page.evaluate("document.documentElement.scrollWidth")
        tick = page.locator("input[value=driving_licence]")
        tick.focus()
        page.keyboard.press("Space")
        page.locator("#do-take_in_documents button").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="次の手順：暗証番号の設定")).to_be_visible()
        page.locator("#do-record_pin_set button").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="次の手順：カードの交付")).to_be_visible()

    assert [] == found
    assert wide <= width
