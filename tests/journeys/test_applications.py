"""An application with its photo in a browser, and the same where consent comes first."""

import re
from pathlib import Path

from playwright.sync_api import Browser, expect

from domain.parties import Role
from tests.applications.at_window import FORM_ID
from tests.journeys.site import Site
from tests.journeys.test_in_a_browser import browsing, faults
from tests.photos import portraits

CONTACT = {"kana": "ミホン ハナコ", "phone": "0276-47-1111"}


def received(site: Site) -> str:
    """Return the page of a visitor who came to apply."""
    operator = site.as_(Role.OPERATOR)
    form = operator.form("/visits/new", "/visits/new")
    answer = operator.send(
        form, channel="counter", procedure="application_support", licence_on_card="no"
    )
    assert 303 == answer.status_code, answer.text
    return str(answer.headers["Location"]).partition("?")[0]


def test_an_application_with_a_photo_by_keys_alone(
    site: Site, chromium: Browser, tmp_path: Path
) -> None:
    """
    Begun in the visit, one step after the other, until nothing is left but to wait.
    """
    visit = received(site)
    found: list[str] = []
    good, dark = tmp_path / "good.jpg", tmp_path / "dark.jpg"
    for file, portrait in ((good, portraits.good()), (dark, portraits.lit(0.3))):
        file.write_bytes(portraits.jpeg(portrait))
    with browsing(chromium, site, Role.OPERATOR) as page:
        page.goto(site.url + visit)
        found += faults(page)
        page.locator("#add-application input[value=online]").check()
        page.locator("#add-application input[value=new]").check()
        page.get_by_label("氏名（カナ）").fill(CONTACT["kana"])
        page.get_by_label("不備のときに連絡する電話番号").fill(CONTACT["phone"])
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="次の手順：申請書の二次元コードの読み取り").wait_for()
        page.get_by_label("交付申請書の二次元コード").fill(f"https://x.jp/?id={FORM_ID}")
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="次の手順：写真").wait_for()
        for file in (dark, good):
            page.get_by_label("この端末のカメラで撮る").set_input_files(file)
            page.get_by_label("すべて目で確かめた").check()
            page.get_by_role("button", name="確かめて受け付ける").click()
            if file is dark:
                expect(page.get_by_text("写真を撮り直してください")).to_be_visible()
        page.get_by_role("heading", name="次の手順：申請の送信").wait_for()
        found += faults(page)
        with page.expect_download() as kept:
            page.get_by_role("link", name=re.compile("申請の写真")).click()
        page.get_by_label("申請サイトに表示された受付番号").fill("R-2026-0001")
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="申請済み・カード待ち", exact=True).wait_for()
        found += faults(page)
        body, size = page.content(), Path(kept.value.path()).stat().st_size

    assert ([], True) == (found, size > 20_000)
    assert "R-2026-0001" in body
    assert FORM_ID not in body
    assert "download>" not in body


def test_a_refused_beginning_keeps_what_was_chosen(site: Site) -> None:
    """
    By forms alone; a call agent reports what came back, and the page says what is awaited.
    """
    operator, visit = site.as_(Role.OPERATOR), received(site)
    form = operator.form(visit, "add-application")
    refused = operator.send(form, variant="overseas", kana="カナ", phone="12")
    again = operator.send(form, variant="overseas", applied_for="new", **CONTACT)
    path = str(again.headers["Location"]).partition("?")[0]
    shown = operator.get(path).text

    assert (422, True) == (refused.status_code, "新規・更新" in refused.text)
    assert 303 == again.status_code, again.text
    assert "申請サポート（国外転出者）（新規）：写真待ち" in shown
    assert "0276-47-1111" in shown
    assert path in operator.get(visit).text
    assert "申請サポート（国外転出者）" in operator.get("/counts").text
