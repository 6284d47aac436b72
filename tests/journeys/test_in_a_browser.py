"""What only a real browser can tell: accessibility, narrow screens, keys, live changes."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.metadata import files
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from domain.lots.matching import MatchResult
from domain.parties import Role
from tests.journeys.site import Site

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NARROW, WIDE = 320, 1280
WIDTHS = (NARROW, 768, 1161, WIDE)

PAGES = ("/", "/cases", "/cases?due=late", "/calendar", "/contract", "/account", "/nowhere")
FOR_PROVIDERS = ("/lots/new", "/visits/new", "/returned-mail/new", "/photos")


@cache
def axe() -> str:
    """The accessibility rules, out of the wheel that carries them."""
    found = next(f for f in files("axe-playwright-python") or () if f.name == "axe.min.js")
    return Path(str(found.locate())).read_text(encoding="utf-8")


def evaluate(page: Page, expression: str) -> Any:
    """Evaluate beside the page, whose own policy forbids it."""
    session = page.context.new_cdp_session(page)
    answer = session.send(
        "Runtime.evaluate",
        {"expression": expression, "awaitPromise": True, "returnByValue": True},
    )
    session.detach()
    return answer["result"].get("value")


def faults(page: Page, within: str = "body") -> list[str]:
    """Return what axe finds, with everything unfolded but the menu, which lies on top."""
    evaluate(
        page,
        "document.querySelectorAll('details:not(.menu)').forEach(d => { d.open = true })",
    )
    evaluate(page, axe())
    options = json.dumps({"runOnly": {"type": "tag", "values": TAGS}})
    found = evaluate(
        page,
        f"axe.run('{within}', {options}).then(r => JSON.stringify("
        "r.violations.map(v => `${v.id}: ${v.nodes[0].html}`)))",
    )
    violations: list[str] = json.loads(found)
    return violations


@contextmanager
def browsing(
    chromium: Browser, site: Site, role: Role | None, *, city: str = "ota", **options: Any
) -> Iterator[Page]:
    """Open a browser in which somebody is logged in already."""
    options.setdefault("viewport", {"width": WIDE, "height": 900})
    context = chromium.new_context(base_url=site.url, locale="ja-JP", **options)
    if role is not None:
        for cookie in site.as_(role, city).http.cookies.jar:
            context.add_cookies(
                [{"name": cookie.name, "value": cookie.value or "", "url": site.url}]
            )
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def cases(site: Site) -> list[str]:
    """A lot, a card of it to be decided, and one that is on its way."""
    lot_id = site.lot(6, faults={MatchResult.NAME_VARIANT: 1, MatchResult.BIRTH_DIFFERS: 1})
    found = [lot_id, site.card(lot_id, "undecided"), site.card(lot_id, "matched")]
    return [f"/cases/{case_id}" for case_id in found]


@pytest.mark.parametrize("role", Role)
def test_axe_finds_nothing_on_any_page(
    chromium: Browser, site: Site, cases: list[str], role: Role
) -> None:
    """
    It finds a part of what can be wrong, and that part is never wrong here.
    """
    # What looks the same to everybody is looked at once: a case has a face for each side.
    paths = ["/"]
    if role is Role.CLERK:
        paths += [*cases, *PAGES, *FOR_PROVIDERS]
    if role is Role.OFFICIAL:
        paths += cases
    if role is Role.AUDITOR:
        paths += ["/audit", *cases, *(f"{path}/replay" for path in cases)]
    with browsing(chromium, site, role) as page:
        found = {}
        for path in paths:
            page.goto(path)
            found[path] = faults(page)

    assert {path: [] for path in paths} == found


def test_the_menu_opens_and_closes_by_keys_and_has_no_fault(
    chromium: Browser, site: Site
) -> None:
    """
    One part is open at a time; Escape leads back to where one was.
    """
    with browsing(chromium, site, Role.SITE_MANAGER) as page:
        page.goto("/cases")
        for name in ("契約", "報告"):
            page.locator(".menu > summary", has_text=name).focus()
            page.keyboard.press("Enter")
            assert [] == faults(page, "nav")
        opened = page.locator(".menu[open] > summary").all_inner_texts()
        page.keyboard.press("Escape")

        assert (["報告"], "報告") == (
            opened,
            evaluate(page, "document.activeElement.innerText"),
        )
        assert 0 == page.locator(".menu[open]").count()


def test_axe_would_find_a_fault(chromium: Browser, site: Site) -> None:
    """
    The control: a field without a label is found on a page like ours.
    """
    with browsing(chromium, site, Role.CLERK) as page:
        page.goto("/cases")
        evaluate(page, "document.querySelector('label[for=kind]').remove()")

        assert any(fault.startswith("select-name") for fault in faults(page))


@pytest.mark.parametrize("path", ["/login", "/licence"])
def test_axe_finds_nothing_where_nobody_is_logged_in(
    chromium: Browser, site: Site, path: str
) -> None:
    """
    The first page anybody meets.
    """
    with browsing(chromium, site, None) as page:
        page.goto(path)

        assert [] == faults(page)


def test_nothing_runs_off_a_narrow_screen(
    chromium: Browser, site: Site, cases: list[str]
) -> None:
    """
    320 px is also what 400 % zoom leaves of a desk's screen.
    """
    paths = [*PAGES, *FOR_PROVIDERS, *cases]
    too_wide = []
    with browsing(chromium, site, Role.SITE_MANAGER) as page:
        for path in paths:
            page.goto(path)
            evaluate(page, "document.querySelectorAll('details').forEach(d => {d.open = true})")
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 640})
                if evaluate(page, "document.documentElement.scrollWidth") > width:
                    too_wide.append((path, width))

    assert [] == too_wide


def test_everything_to_press_is_large_enough(
    chromium: Browser, site: Site, cases: list[str]
) -> None:
    """
    Gloves, tremor, haste.
    """
    small = (
        "JSON.stringify([...document.querySelectorAll('main button, main .button, main select,"
        " main summary, main input:not([type=hidden], [type=checkbox], [type=radio])')]"
        ".filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 44)"
        ".map(e => e.outerHTML.slice(0, 80)))"
    )
    with browsing(chromium, site, Role.CLERK) as page:
        for path in (*PAGES, *FOR_PROVIDERS, *cases):
            page.goto(path)

            assert [] == json.loads(evaluate(page, small)), path


def test_a_mismatch_is_decided_with_keys_alone(chromium: Browser, site: Site) -> None:
    """
    From the list to the decision without touching a mouse.
    """
    lot_id = site.lot(3, faults={MatchResult.NAME_VARIANT: 1})
    with browsing(chromium, site, Role.CLERK) as page:
        page.goto(f"/cases?parent={lot_id}&stage=undecided")
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        page.wait_for_url("**/cases/*")
        tab_to(page, "decision")
        page.keyboard.press("Space")
        tab_to(page, "reason")
        page.keyboard.type("券面と住民登録を見比べた")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")

        expect(page.get_by_role("status").first).to_contain_text("不一致の扱いを決めました")


def test_keys_can_be_switched_off(chromium: Browser, site: Site) -> None:
    """
    Who speaks to the computer must not jump about when saying a word with a j.
    """
    with browsing(chromium, site, Role.CLERK) as page:
        page.goto("/cases")
        page.keyboard.press("?")
        page.get_by_label("一文字のキー操作を使う").uncheck()
        page.get_by_role("button", name="閉じる").click()
        page.keyboard.press("/")
        off = evaluate(page, "document.activeElement.id")
        page.get_by_role("button", name="キー操作").click()
        page.get_by_label("一文字のキー操作を使う").check()
        page.get_by_role("button", name="閉じる").click()
        page.keyboard.press("/")

        assert ("find", True) == (evaluate(page, "document.activeElement.id"), off != "find")


def test_a_lot_shows_its_progress_while_it_is_looked_at(chromium: Browser, site: Site) -> None:
    """
    A colleague's step appears without anybody pressing reload.
    """
    lot_id = site.lot(3)
    with browsing(chromium, site, Role.SITE_MANAGER) as page:
        page.goto(f"/cases/{lot_id}")
        clerk = site.as_(Role.CLERK)
        form = clerk.form(f"/cases/{lot_id}", "do-record_pre_issue_setup")
        clerk.send(form, terminal="T-01")

        expect(page.locator(".stage-preset .stage-count")).to_contain_text("3")
        expect(page.locator("#progress .notice")).to_contain_text("状況が変わりました")


def test_pages_obey_their_own_policy(chromium: Browser, site: Site, cases: list[str]) -> None:
    """
    A page whose own script or style is blocked looks right only to its author.
    """
    said: list[str] = []
    with browsing(chromium, site, Role.CLERK) as page:
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        for path in ("/", "/cases", "/calendar", "/contract", *cases):
            page.goto(path)

    assert [] == said


def test_the_upload_works_in_a_browser_without_scripts(
    chromium: Browser, site: Site, tmp_path: Path
) -> None:
    """
    Some offices switch scripts off.
    """
    lot = site.lot_files(3)
    with browsing(chromium, site, Role.CLERK, java_script_enabled=False) as page:
        page.goto("/lots/new")
        for name, content in lot.files.items():
            file = tmp_path / f"{name}.csv"
            file.write_bytes(content)
            page.locator(f"#{name}").set_input_files(file)
        page.get_by_role("button", name="読み込んで確かめる").click()
        page.get_by_role("button", name="3件を取り込む").click()

        expect(page.get_by_role("heading", level=1)).to_contain_text("納品 OTA-L26-")


def tab_to(page: Page, name: str) -> None:
    """Press Tab until a field has the focus; a person would not press it a hundred times."""
    for _ in range(100):
        page.keyboard.press("Tab")
        if evaluate(page, "document.activeElement.name") == name:
            return
    raise AssertionError(f"{name} cannot be reached with the keyboard")
