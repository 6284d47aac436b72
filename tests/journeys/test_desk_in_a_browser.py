"""The booking desk in a real browser: keys alone, few of them, and nothing in anybody's way."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys import desk
from tests.journeys.site import Site
from tests.journeys.test_in_a_browser import browsing, evaluate, faults

MOST_INPUTS = 6
"""After the name: a time, an answer, a birth date, an address, a telephone, a tick."""


class Keys:
    """Somebody who has no mouse; counts what they give, not how they get there."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.inputs: list[str] = []

    def give(self, text: str) -> None:
        """Type into what has the focus."""
        self._note()
        self.page.keyboard.type(text)

    def tick(self) -> None:
        """Tick what has the focus."""
        self._note()
        self.page.keyboard.press("Space")

    def reach(self, name: str) -> None:
        """Press Tab until a field has the focus; six times is far enough."""
        for _ in range(6):
            if evaluate(self.page, "document.activeElement.name") == name:
                return
            self.page.keyboard.press("Tab")
        assert name == evaluate(self.page, "document.activeElement.name"), "too far away"

    def enter(self, heading: str) -> None:
        """Press Enter and wait for the page that follows."""
        self.page.keyboard.press("Enter")
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(heading)

    def _note(self) -> None:
        self.inputs.append(str(evaluate(self.page, "document.activeElement.name")))


@pytest.fixture
def agent(chromium: Browser, desk_site: Site) -> Iterator[Page]:
    """An agent's browser, logged in."""
    desk.agent(desk_site)
    with browsing(chromium, desk_site, None) as page:
        for cookie in desk.agent(desk_site).http.cookies.jar:
            page.context.add_cookies(
                [{"name": cookie.name, "value": cookie.value or "", "url": desk_site.url}]
            )
        yield page


@pytest.mark.req("CHIBA-22")
def test_a_caller_is_booked_with_keys_alone_and_six_inputs_after_their_name(
    agent: Page,
) -> None:
    """
    The caller says a name, the agent never touches a mouse.
    """
    who, keys = desk.caller(), Keys(agent)
    agent.goto(desk.HOME)
    keys.give(who.kana)
    keys.enter("予約は見つかりません")
    keys.enter("いちばん早い空き")
    after_name = len(keys.inputs)

    keys.give("10/5 19")
    keys.reach("reissue")
    keys.tick()
    keys.enter("席を押さえました")
    assert who.kana == agent.locator("#kana").input_value()
    for name, text in (
        ("birth_date", "S60.4.1"),
        ("address", who.address),
        ("phone", who.phone),
    ):
        keys.reach(name)
        keys.give(text)
    keys.reach("guided")
    keys.tick()
    keys.enter("：予約済み")

    given = keys.inputs[after_name:]
    assert ["when", "reissue", "birth_date", "address", "phone", "guided"] == given
    assert len(given) <= MOST_INPUTS
    expect(agent.get_by_text("読み上げて案内")).to_be_visible()


def test_a_visitor_is_received_with_a_code_and_two_times_enter(
    agent: Page, desk_site: Site
) -> None:
    """
    A reader types what it reads, and Enter after it.
    """
    path = desk.book(desk.agent(desk_site), "9/10 15 中央")
    number = desk.number_of(desk.agent(desk_site).get(path).text)
    before, desk_site.stack.clock.now = desk_site.stack.clock.now, desk.on_the_day(15)
    try:
        agent.goto(desk.ARRIVALS)
        agent.keyboard.type(number)
        agent.keyboard.press("Enter")
        expect(agent.get_by_role("button", name="来場を記録する").first).to_be_focused()
        agent.keyboard.press("Enter")
        expect(agent.get_by_role("status").first).to_contain_text("来場を記録しました")
    finally:
        desk_site.stack.clock.now = before


def test_axe_finds_nothing_at_the_desk(agent: Page, desk_site: Site) -> None:
    """
    It finds a part of what can be wrong, and that part is never wrong here.
    """
    visitor = desk.agent(desk_site)
    open_, untold = desk.book(visitor, "10/6 13"), desk.book(visitor, "10/6 13", guided=False)
    paths = [desk.HOME, desk.NEW, open_, untold, f"{open_}/move", desk.ARRIVALS]
    found = {}
    for path in paths:
        agent.goto(path)
        found[path] = faults(agent)
    agent.goto(desk.NEW)
    agent.fill("#when", "10/6 13")
    agent.locator("[name=reissue][value=no]").check()
    agent.locator("#hold button").click()
    expect(agent.get_by_role("heading", level=1)).to_contain_text("席を押さえました")
    found["details"] = faults(agent)
    agent.fill("#birth_date", "きのう")
    for name in ("kana", "address", "phone"):
        agent.fill(f"#{name}", "ア")
    agent.locator("#confirm button").click()
    expect(agent.locator("#birth_date-fault")).to_be_visible()
    found["refused"] = faults(agent)

    assert {path: [] for path in (*paths, "details", "refused")} == found


@pytest.mark.parametrize("width", [320, 768])
def test_nothing_of_the_desk_runs_off_a_narrow_screen(
    agent: Page, desk_site: Site, width: int
) -> None:
    """
    320 px is also what 400 % zoom leaves of a desk's screen.
    """
    path = desk.book(desk.agent(desk_site), "10/6 14", guided=False)
    agent.set_viewport_size({"width": width, "height": 640})
    too_wide = []
    for each in (desk.HOME, desk.NEW, path, f"{path}/move", desk.ARRIVALS):
        agent.goto(each)
        if evaluate(agent, "document.documentElement.scrollWidth") > width:
            too_wide.append(each)

    assert [] == too_wide


def test_the_desk_obeys_its_own_policy(agent: Page) -> None:
    """
    A page whose own script or style is blocked looks right only to its author.
    """
    said: list[tuple[str, str]] = []
    # What a browser only notes, as who has the focus already, is no fault of the page.
    agent.on("console", lambda message: said.append((message.type, message.text)))
    agent.on("pageerror", lambda error: said.append(("error", str(error))))
    for path in (desk.HOME, desk.NEW, desk.ARRIVALS):
        agent.goto(path)

    assert [] == [text for kind, text in said if kind != "info"]
