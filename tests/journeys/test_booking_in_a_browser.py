"""The booking site in a real browser: phone and desk, with and without scripts, by ear."""

import json
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from api.booking.booking_throttle import HoldThrottle
from tests.journeys.bookings import (
    CALENDAR,
    HOME,
    NARROW,
    NEXT,
    NOW,
    SECOND,
    TOKYO,
    WIDE,
    Citizen,
    at,
    booked,
    citizen_browsing,
    fill,
    held,
    move_address,
    slot,
)
from tests.journeys.site import Site, Visitor
from tests.journeys.test_in_a_browser import evaluate, faults

LANGUAGES = ("", "lang=easy", "lang=en")
WIDTHS = (320, NARROW, 768, WIDE)


def choose_time(page: Page, day: str, time: str) -> None:
    """Go from the first page to a held time."""
    page.goto(HOME)
    page.get_by_role("link", name="「申請受付」を予約する").click()
    page.get_by_role("button", name="いいえ").click()
    page.get_by_role("link", name=day).click()
    page.get_by_role("button", name=time).first.click()


@pytest.mark.req("CHIBA-20")
@pytest.mark.parametrize("width", [NARROW, WIDE])
@pytest.mark.parametrize("scripts", [True, False])
def test_a_citizen_books_moves_and_cancels(
    booking_site: Site, citizen: Visitor, chromium: Browser, width: int, scripts: bool
) -> None:
    """On a telephone and at a desk, with a browser of today and with one that runs nothing."""
    viewport = {"width": width, "height": 740}
    with citizen_browsing(
        chromium, booking_site, viewport=viewport, java_script_enabled=scripts
    ) as page:
        choose_time(page, "9月11日（日）", "15:00〜16:00")
        fill(page, Citizen(mail="taro@example.jp"))
        page.get_by_role("button", name="確認へ進む").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("この内容で予約しますか")
        page.get_by_role("button", name="予約する").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("予約できました")
        expect(page.get_by_role("img", name="受付で見せるコード")).to_be_visible()
        first = page.url

        page.get_by_role("link", name="日時を変える").click()
        page.get_by_role("link", name="9月10日（土）").click()
        page.get_by_role("button", name="16:00〜17:00").click()
        page.get_by_role("button", name="この日時に変える").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("9月10日（土） 16:00")
        moved = page.url

        page.goto(first)
        expect(page.get_by_role("heading", level=1)).to_contain_text("使えなくなりました")
        page.goto(moved)
        page.get_by_role("link", name="予約を取り消す").click()
        page.get_by_role("button", name="予約を取り消す").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("予約を取り消しました")


def test_nothing_is_kept_in_the_browser(
    booking_site: Site, citizen: Visitor, chromium: Browser
) -> None:
    """A shared computer in a library is somebody else's in ten minutes."""
    with citizen_browsing(chromium, booking_site) as page:
        choose_time(page, "9月11日（日）", "10:00〜11:00")
        fill(page, Citizen())
        page.get_by_role("button", name="確認へ進む").click()
        page.get_by_role("button", name="予約する").click()
        kept = evaluate(
            page,
            "JSON.stringify([localStorage.length, sessionStorage.length, document.cookie])",
        )

        assert [0, 0, ""] == json.loads(kept)
        assert [] == page.context.cookies()


@pytest.fixture(scope="module")
def addresses(booking_site: Site) -> list[str]:
    """The addresses of all pages that have one."""
    booking_site.app.state.hold_throttle = HoldThrottle()
    citizen = Visitor(booking_site.url)
    own = booked(citizen, slot(SECOND, 14, "inage"))
    waiting = held(citizen, slot(SECOND, 15, "inage"), people=2)
    cancelled = booked(citizen, slot(SECOND, 16, "inage"))
    citizen.send(citizen.form(f"{cancelled}/cancel", f"{cancelled}/cancel"))
    citizen.http.close()
    return [
        HOME,
        f"{HOME}/application",
        CALENDAR,
        f"{CALENDAR}&month=2022-10&people=6",
        f"{HOME}/application/days?reissue=yes",
        f"{HOME}/application/days",
        f"{HOME}/application/days/{SECOND}?reissue=no",
        waiting,
        own,
        f"{own}/days",
        f"{own}/days/{NEXT}",
        move_address(own, slot(NEXT, 19)),
        f"{own}/cancel",
        cancelled,
        f"{HOME}/r/{'A' * 48}",
        "/book/ota",
    ]


def with_look(path: str, look: str) -> str:
    """Return the address of a page in a look."""
    return path + ("&" if "?" in path else "?") + look if look else path


@pytest.mark.parametrize("look", LANGUAGES)
def test_axe_finds_nothing_in_any_language(
    booking_site: Site,
    citizen: Visitor,
    chromium: Browser,
    addresses: list[str],
    look: str,
) -> None:
    """Every page with an address, and those that only a form can show."""
    paths = [with_look(path, look) for path in addresses]
    found = {}
    with citizen_browsing(
        chromium, booking_site, viewport={"width": NARROW, "height": 740}
    ) as page:
        for path in paths:
            page.goto(path)
            found[path] = faults(page)
        page.goto(with_look(held(citizen, slot(SECOND, 13, "inage")), look))
        fill(page, Citizen(kana="山田", birth_date="H31.5.1"))
        page.locator("#details button.primary").click()
        found["wrong"] = faults(page)
        fill(page, Citizen())
        page.locator("#details button.primary").click()
        page.wait_for_selector("#check")
        found["check"] = faults(page)
        with at(booking_site, NOW + timedelta(minutes=11)):
            page.locator("#check button.primary").click()
            page.wait_for_selector("#over")
            found["over"] = faults(page)

    assert {path: [] for path in (*paths, "wrong", "check", "over")} == found


@pytest.mark.parametrize("look", ["", "lang=easy&text=large", "lang=en"])
def test_nothing_runs_off_the_screen_and_everything_can_be_pressed(
    booking_site: Site, chromium: Browser, addresses: list[str], look: str
) -> None:
    """360 px is a small telephone, 320 px what a magnifier leaves of a desk's screen."""
    small = (
        "JSON.stringify([...document.querySelectorAll('button, .button, select, main a,"
        " input:not([type=hidden])')]"
        ".filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 44"
        " && !e.closest('.b-own')).map(e => e.outerHTML.slice(0, 90)))"
    )
    wrong = []
    with citizen_browsing(chromium, booking_site) as page:
        for path in addresses:
            page.goto(with_look(path, look))
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 640})
                wide = evaluate(page, "document.documentElement.scrollWidth")
                if wide > width:
                    wrong.append((path, width, wide))
            wrong += [(path, *json.loads(evaluate(page, small)))]

    assert [] == [each for each in wrong if len(each) > 1]


def test_the_text_grows_and_stays_large(
    booking_site: Site, citizen: Visitor, chromium: Browser
) -> None:
    """A choice made once holds for the whole booking, without being kept anywhere."""
    with citizen_browsing(chromium, booking_site) as page:
        page.goto(HOME)
        before = evaluate(page, "parseFloat(getComputedStyle(document.body).fontSize)")
        page.get_by_role("link", name="文字を大きくする").click()
        page.get_by_role("link", name="「申請受付」を予約する").click()
        page.get_by_role("button", name="いいえ").click()
        page.get_by_role("link", name="9月11日（日）").click()
        page.get_by_role("button", name="12:00〜13:00").first.click()
        fill(page, Citizen())
        page.get_by_role("button", name="確認へ進む").click()
        page.wait_for_selector("#check")
        after = evaluate(page, "parseFloat(getComputedStyle(document.body).fontSize)")

        assert after > before * 1.3
        page.get_by_role("button", name="English").click()
        expect(page.get_by_label("Address", exact=False).first).to_have_value(Citizen().address)
        expect(page.locator("html")).to_have_class("large")


def test_the_calendar_is_walked_with_keys_and_read_aloud(
    booking_site: Site, citizen: Visitor, chromium: Browser
) -> None:
    """Days that cannot be chosen are passed over; each says its day and what is free."""
    with citizen_browsing(chromium, booking_site) as page:
        page.goto(f"{CALENDAR}&month=2022-09")
        page.get_by_role("link", name="9月10日（土） 空きがあります").focus()
        page.keyboard.press("ArrowRight")
        name = "document.activeElement.getAttribute('aria-label')"

        assert "9月11日（日） 空きがあります" == evaluate(page, name)
        page.keyboard.press("ArrowLeft")
        assert "9月10日（土） 空きがあります" == evaluate(page, name)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_contain_text("9月10日（土）の時間")
        closed = page.locator("td", has_text="予約できない日です")
        assert 0 == closed.locator("a").count()


def test_the_end_of_a_hold_is_told_and_can_be_put_off(
    booking_site: Site, citizen: Visitor, chromium: Browser
) -> None:
    """Two minutes before and at the end, politely; more time is one press away."""
    own = held(citizen, slot(NEXT, 18))
    person = Citizen()
    with citizen_browsing(chromium, booking_site) as page:
        page.clock.install(time=datetime(2030, 1, 1, tzinfo=TOKYO))
        page.goto(own)
        told = page.locator("[data-hold-now]")
        expect(told).to_have_attribute("aria-live", "polite")
        expect(page.locator("[data-hold]")).to_contain_text("10:10まで席をお取りしています")
        fill(page, person)
        page.clock.fast_forward("08:01")
        expect(told).to_contain_text("あと2分")
        with at(booking_site, NOW + timedelta(minutes=9)):
            page.get_by_role("button", name="時間をのばす").click()
            expect(page.locator("[data-hold]")).to_contain_text("10:19まで席をお取りしています")
        expect(page.get_by_label("住所")).to_have_value(person.address)
        page.clock.fast_forward("11:00")
        expect(told).to_contain_text("入力した内容は残っています")
        with at(booking_site, NOW + timedelta(minutes=30)):
            page.get_by_role("button", name="もう一度お取りする").click()
            expect(page.locator("[data-hold]")).to_contain_text("10:40まで席をお取りしています")
            page.get_by_role("button", name="確認へ進む").click()
            page.get_by_role("button", name="予約する").click()
            expect(page.get_by_role("heading", level=1)).to_contain_text("予約できました")


def test_wrong_fields_are_named_first_and_linked(
    booking_site: Site, citizen: Visitor, chromium: Browser
) -> None:
    """Whoever listens hears how many there are, and gets to each with one key."""
    own = held(citizen, slot(NEXT, 19))
    with citizen_browsing(chromium, booking_site) as page:
        page.goto(own)
        fill(page, Citizen(kana="山田", phone="12"))
        page.get_by_role("button", name="確認へ進む").click()
        alert = page.get_by_role("alert")
        expect(alert).to_be_focused()
        expect(alert).to_contain_text("2か所")
        alert.get_by_role("link", name="電話番号").click()
        expect(page.get_by_label("電話番号")).to_be_focused()
        expect(page.get_by_label("電話番号")).to_have_accessible_description(
            "日中に連絡できる番号。例：043-123-4567"
            " 市外局番からの番号か携帯電話の番号を入力してください。例：043-123-4567"
        )
