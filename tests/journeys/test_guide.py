"""Guided screens: a visit to its end by keys alone, and by forms without a script."""

import os
import re
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from api.pages.guide.guide_words import MANUAL
from domain.parties import Role
from store import contract_state
from store.contract_state import Extension
from store.scope import scope
from tests.applications.at_window import FORM_ID, WINDOWS, receive
from tests.journeys.site import PASSWORD, Site, Visitor, form_in
from tests.journeys.test_applications import CONTACT
from tests.journeys.test_applications import received as received_to_apply
from tests.journeys.test_in_a_browser import browsing, evaluate, faults
from tests.journeys.test_procedures import received

SMALL, LOW = 18, 44
MEASURE = """
(() => {
  const seen = e => e.getClientRects().length && !e.closest('.visually-hidden, .skip');
  const texts = [...document.querySelectorAll('body *')].filter(
    e => seen(e) && [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()));
  const small = texts.filter(e => parseFloat(getComputedStyle(e).fontSize) < %d);
  const touched = [...document.querySelectorAll('a, button, select, summary, .g-choice')];
  const low = touched.filter(e => seen(e) && e.getBoundingClientRect().height < %d);
  const wide = document.documentElement.scrollWidth - window.innerWidth;
  return [...small, ...low].map(e => e.outerHTML.slice(0, 90)).concat(wide > 0 ? ['wide'] : []);
})()
""" % (SMALL, LOW)  # noqa: UP031  # braces are the script's
STEPS = (
    (("c", "Enter"), "take_in_documents"),
    (("Enter",), "record_pin_set"),
    (("Enter",), "carry_out"),
    (("Enter",), "record_receipt"),
)
"""What is pressed at each step of a card's delivery: a box beyond the ninth has a letter."""

SIZES = ((360, 740), (1280, 900), (3840, 2160))


def shot(page: Page, name: str) -> None:
    if os.environ.get("SHOTS"):
        page.screenshot(path=f"{os.environ['SHOTS']}/{name}.png", full_page=True)


def keys(page: Page, *pressed: str) -> None:
    """Press keys once the page has put the focus where the answer is."""
    expect(page.locator("[autofocus]").first).to_be_focused()
    for key in pressed:
        page.keyboard.press(key)


def too_small(page: Page, name: str) -> list[str]:
    """Return what cannot be read or hit at a narrow window, a wide one, or 4K."""
    found: list[str] = []
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        shot(page, f"{name}-{width}")
        found += [f"{width}: {each}" for each in evaluate(page, MEASURE)]
    page.set_viewport_size({"width": SIZES[1][0], "height": SIZES[1][1]})
    return found


def answer(visitor: Visitor, path: str, **typed: Any) -> str:
    """Answer the question of a guide's page; return the next page, or where it is."""
    return asked_again(visitor, visitor.get(path).text, **typed)


def asked_again(visitor: Visitor, page: str, **typed: Any) -> str:
    """The same of the next question, which is there already."""
    given = visitor.send(form_in(page, "guide"), **typed)
    assert given.status_code in {200, 303}, given.text
    onward = given.headers.get("Location")
    return given.text if onward is None else str(onward).partition("?")[0]


def begun(visitor: Visitor, visit: str, code: str) -> str:
    """Begin a procedure through the guide and return its guide."""
    page = answer(visitor, visit, procedure=code)
    return asked_again(visitor, page, receiver="self")


def opened(visitor: Visitor, guide: str, seat: str, channel: str = "counter") -> str:
    """Open the resident's screen and return where it is."""
    if "display-end" in visitor.get(guide).text:
        visitor.send(visitor.form(guide, "display-end"))
    sent = visitor.send(visitor.form(guide, "display-open"), channel=channel, seat=seat)
    assert 303 == sent.status_code, sent.text
    found = re.search(r'href="(/display/[^"]+)"', visitor.get(guide).text)
    assert found is not None
    return found[1]


def employed(site: Site, login: str, role: Role, city: str) -> Visitor:
    """Return somebody new who is logged in."""
    site.employ(login, role, city)
    visitor = site.stranger()
    assert 303 == visitor.log_in(login, PASSWORD).status_code
    return visitor


async def received_at_booth(site: Site) -> str:
    """Receive an applicant at a booth of Urasoe; return the guide of the visit."""
    today, site.stack.clock.now = site.stack.clock.now, WINDOWS["urasoe"][2]
    # Prolonged, or nobody of the provider would be let in by the day of the other journeys.
    site.stack.sign("urasoe", date(2025, 6, 20))
    with scope(site.stack.engine, "urasoe") as connection:
        longer = Extension(until=date(2027, 3, 31), agreement="変更契約")
        contract_state.extend(connection, "urasoe", "urasoe", longer)
    try:
        return f"/guide/{await receive(site.stack, 'urasoe', Role.CLERK)}"
    finally:
        site.stack.clock.now = today


def comes_in(page: Page, procedure: str) -> None:
    """Receive a visitor with keys alone, and go on to the guide."""
    wanted = page.locator("select[name=procedure]")
    wanted.focus()
    while wanted.input_value() != procedure:
        page.keyboard.press("ArrowDown")
    page.locator('form[action="/visits/new"] button').focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="案内画面").focus()
    page.keyboard.press("Enter")


def test_a_visit_is_led_to_its_end_by_keys_alone(site: Site, chromium: Browser) -> None:
    """
    Figures and Enter; the resident's screen beside it says what to do and who is in charge.
    """
    screen = opened(site.as_(Role.OPERATOR), received(site).replace("cases", "guide"), "A1")
    with browsing(chromium, site, Role.OPERATOR) as page:
        page.goto(f"{site.url}/visits/new")
        comes_in(page, "card_delivery")
        beside = page.context.new_page()
        beside.goto(site.url + screen)
        who, said = beside.locator(".d-who"), beside.locator(".d-words")
        page.bring_to_front()
        problems = [*faults(page), *too_small(page, "visit")]
        keys(page, "1", "Enter")
        keys(page, "1", "Enter")
        for number, (press, action) in enumerate(STEPS, 1):
            expect(page.locator("h1")).to_contain_text(f"{number}／4")
            expect(said).to_have_text(words(action))
            expect(who).to_contain_text("page-ota-operatorさん")
            if number == 1:
                problems += [*faults(page), *too_small(page, "documents")]
                problems += [*faults(beside), *too_small(beside, "screen")]
                page.bring_to_front()
            keys(page, *press)
        # The procedure tells the visit that it is over; until then the page waits.
        leave = re.compile("3／3.*対応を終える")
        expect(page.locator("h1")).to_have_text(leave, timeout=30_000)
        expect(who).to_contain_text("page-ota-operatorさん")
        keys(page, "Enter")
        expect(page.locator("h1")).to_have_text("終わりました")
        expect(who).to_have_count(0)
        problems += faults(page)

    assert [] == problems


def words(action: str) -> str:
    return MANUAL.words[f"procedure/{action}"].display


def test_a_procedure_is_led_by_forms_alone_and_the_case_says_by_which_words(
    site: Site,
) -> None:
    """
    One question at a time, back a question, and a refusal where the answer is.
    """
    operator, visit = site.as_(Role.OPERATOR), received(site).replace("/cases/", "/guide/")
    who = answer(operator, visit, procedure="card_delivery")
    back = asked_again(operator, who, back="1")
    guide = begun(operator, visit, "card_delivery")
    first = operator.get(guide).text
    few = operator.send(form_in(first, "guide"), documents="bank_book")
    nothing = operator.send(operator.form(guide, "guide"), do="carry_out", asked="", seen="")
    shown = operator.send(form_in(few.text, "guide"), documents=["bank_book", "pension_book"])
    for _ in range(3):
        last = operator.send(operator.form(guide, "guide"))
        assert 303 == last.status_code, last.text

    assert "いらしたのはどなたですか" in who
    assert "どの手続ですか" in back
    assert "「本人確認の書類をお見せください。」" in first
    assert (422, True) == (few.status_code, 'value="bank_book" checked' in few.text)
    assert (409, "書類を確認したことを記録する" in nothing.text) == (nothing.status_code, True)
    assert 303 == shown.status_code
    assert visit == last.headers["Location"].partition("?")[0]
    case_id = guide.rpartition("/")[2]
    taken = site.events(case_id, "record_receipt") + site.events(case_id, "procedure_begun")
    assert [MANUAL.version] * 2 == [each["detail"]["guide"] for each in taken]
    page = operator.get(f"/cases/{case_id}").text
    assert f"案内画面の版：{MANUAL.version}" in page


def test_an_application_is_begun_and_led_to_its_photo(site: Site) -> None:
    """
    Asked one by one; what takes a camera has its own page, and leads back.
    """
    operator, visit = site.as_(Role.OPERATOR), received_to_apply(site)
    page = answer(operator, visit.replace("/cases/", "/guide/"), variant="online")
    for given in (
        {"applied_for": "new"},
        {"kana": CONTACT["kana"]},
        {"phone": CONTACT["phone"]},
        {"reachable": "夕方"},
    ):
        page = asked_again(operator, page, **given)
    after = answer(operator, page, form_id=f"https://example.jp/?id={FORM_ID}")
    photo = operator.get(after).text
    case_id = page.rpartition("/")[2]

    assert page == after
    assert f'href="/cases/{case_id}#photo"' in photo
    assert "カードに載る写真" in photo
    assert f'href="{page}"' in operator.get(f"/cases/{case_id}").text
    begun_by = site.events(case_id, "application_begun")[0]["detail"]
    assert MANUAL.version == begun_by["guide"]
    assert CONTACT["kana"] not in str(begun_by)


def test_whose_turn_it_is_not_waits_and_goes_on_by_itself(
    site: Site, chromium: Browser
) -> None:
    """
    The city's step is on the official's guide; the operator's page changes when it is done.
    """
    operator, official = site.as_(Role.OPERATOR), site.as_(Role.OFFICIAL)
    guide = begun(operator, received(site).replace("/cases/", "/guide/"), "issue_decision")
    waiting = operator.get(guide).text
    inbox = official.get("/").text
    with browsing(chromium, site, Role.OPERATOR) as page:
        page.goto(site.url + guide)
        expect(page.locator("h1")).to_have_text("市の職員の番です")
        answer(official, guide)
        expect(page.locator("h1")).to_have_text("終わりました")

    assert 'id="guide"' not in waiting
    assert '<meta http-equiv="refresh"' in waiting
    assert f'href="{guide}"' in inbox


def test_who_takes_on_a_hand_off_reads_what_it_is_about(site: Site) -> None:
    """
    And the visit goes on where it was once it is settled.
    """
    operator, official = site.as_(Role.OPERATOR), site.as_(Role.OFFICIAL)
    visit = received(site).replace("/cases/", "/guide/")
    page = asked_again(
        operator, operator.get(f"{visit}?do=offer_handoff").text, section="市民課"
    )
    for given in ({"summary": "券面を確認した"}, {}, {"reason": "住所の書き方を尋ねたい"}):
        page = asked_again(operator, page, **given)
    on = re.search(r'href="(/guide/[0-9a-f]{32})"[^>]*data-answer', operator.get(visit).text)
    assert on is not None
    assert visit == page
    offered = official.get(on[1]).text
    accepted = answer(official, on[1])
    settled = answer(official, on[1])

    assert "住所の書き方を尋ねたい" in offered
    assert (on[1], visit) == (accepted, settled)


WATCH = """
() => {
  window.seen = [];
  const look = () => {
    const who = document.querySelector('#screen .d-who strong');
    const name = who && who.getClientRects().length ? who.textContent.trim() : '';
    if (window.seen.at(-1) !== name) window.seen.push(name);
  };
  look();
  new MutationObserver(look).observe(document, {childList: true, subtree: true});
}
"""
"""Notes every name that a resident's screen showed, and every moment without one."""


@pytest.mark.req("URASOE-50")
def test_the_name_stands_on_the_screen_until_the_end_and_changes_at_a_takeover(
    site: Site, chromium: Browser
) -> None:
    """
    From the moment it is opened, between steps, and after somebody else has taken over; the
    record of the visit says who did.
    """
    visit = site.ask(received_at_booth(site))
    first, second = [
        employed(site, login, role, "urasoe")
        for login, role in (("guide-first", Role.OPERATOR), ("guide-second", Role.SITE_MANAGER))
    ]
    screen = opened(first, visit, "A2", channel="online_window")
    with browsing(chromium, site, None) as resident:
        resident.goto(site.url + screen)
        resident.evaluate(WATCH)
        who, said = resident.locator(".d-who"), resident.locator(".d-words")
        expect(who).to_contain_text("guide-firstさん")
        page = first.get(visit).text
        expect(said).to_have_text(MANUAL.words["visit/record_consent"].display)
        for given in ({"consenter": "applicant"}, {"answer": "agreed"}, {"means": "screen"}):
            page = asked_again(first, page if "id=" in page else first.get(visit).text, **given)
        first.get("/")
        assert "guide-firstさん" in second.get(visit).text
        taken = second.send(second.form(visit, "display-take"))
        expect(who).to_contain_text("guide-secondさん")
        expect(said).not_to_have_text("")
        names = resident.evaluate("window.seen")
        second.send(form_in(second.get(visit).text, "/logout"))
        expect(said).to_have_text(MANUAL.words["scene/nobody"].display)
        expect(who).to_have_count(0)
        text = resident.locator("body").inner_text()
    case_id = visit.rpartition("/")[2]
    told = site.events(case_id, "take_charge", "urasoe")

    assert 303 == taken.status_code
    assert ["guide-firstさん", "guide-secondさん"] == names
    assert "さん" not in text
    assert [(name, MANUAL.version) for name in names] == [
        (each["actor_name"], each["detail"]["guide"]) for each in told
    ]
    assert "担当を代わりました" in first.get(visit.replace("/guide/", "/cases/")).text


def test_a_screen_of_nobody_is_blank(site: Site) -> None:
    """
    A link that was made up, one of another city, and one to a place that was opened anew.
    """
    operator, stranger = site.as_(Role.OPERATOR), site.stranger()
    visit = received(site).replace("/cases/", "/guide/")
    old = opened(operator, visit, "A3")
    before = stranger.get(old).text
    operator.send(operator.form(visit, "display-end"))
    new = opened(operator, visit, "A3")

    assert "担当" in before
    assert "担当" in stranger.get(new).text
    for path in (old, "/display/ota.x", new.replace("ota.", "ageo."), new[:-4] + "AAAA"):
        page = stranger.get(path)
        assert (200, False) == (page.status_code, "担当" in page.text), path


@pytest.mark.parametrize("role", [Role.CALL_AGENT, Role.AUDITOR])
def test_a_guide_is_for_those_who_stand_with_a_resident(site: Site, role: Role) -> None:
    """
    Others read the case.
    """
    visit = received(site)
    page = site.as_(role).get(visit)
    refused = site.as_(role).get(visit.replace("/cases/", "/guide/"))

    assert (200, False) == (page.status_code, "案内画面" in page.text)
    assert 403 == refused.status_code
