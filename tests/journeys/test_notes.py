"""Notes by touch, the slip, switching, and what to bring: as people meet them on pages."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from domain.parties import Role
from tests.journeys.site import Site, Visitor
from tests.journeys.test_in_a_browser import browsing, faults

AGEO = "ageo"


@pytest.mark.req("AGEO-24")
def test_a_note_takes_no_more_than_three_touches_and_is_counted_where_it_was_made(
    site: Site, chromium: Browser
) -> None:
    """
    The desk is chosen already: what was wanted, and what about.
    """
    staff, phone = site.as_(Role.SUPPORT_STAFF, AGEO), {"width": 360, "height": 760}
    with browsing(chromium, site, None, viewport=phone, has_touch=True) as page:
        for cookie in staff.http.cookies.jar:
            page.context.add_cookies(
                [{"name": cookie.name, "value": cookie.value or "", "url": site.url}]
            )
        page.goto(f"{site.url}/notes")
        found = faults(page)
        wide = page.evaluate("document.documentElement.scrollWidth")
        touches = [
            page.locator(".touches label", has_text="質問"),
            page.get_by_role("button", name="電子証明書・暗証番号"),
        ]
        sizes = [box["height"] for each in touches if (box := each.bounding_box())]
        for each in touches:
            each.tap()
        expect(page.get_by_role("status")).to_contain_text(
            "支援窓口・質問・電子証明書・暗証番号"
        )
        heading = page.get_by_role("heading", level=1).inner_text()
        page.goto(f"{site.url}/counts")
        row = page.locator("section", has_text="受付場所").get_by_role("row", name="支援窓口")
        counted = row.inner_text().split()

    assert [] == found
    assert wide <= phone["width"]
    assert (True, True) == (len(touches) <= 3, min(sizes) >= 44)
    assert "支援窓口 1件" in heading
    assert "1" in counted


def test_a_slip_of_the_hand_is_taken_back_by_its_author_on_the_same_day(site: Site) -> None:
    """
    It counts no longer, also where it is asked for twice; the record keeps both lines.
    """
    staff, other = site.as_(Role.SUPPORT_STAFF, AGEO), site.as_(Role.OPERATOR, AGEO)
    before = heading(staff)
    sent = staff.send(
        staff.form("/notes", "note"), place="support_desk", nature="question", category="system"
    )
    case_id = sent.headers["Location"].rpartition("=")[2]
    back = f"/notes/{case_id}/take-back"
    noted, form = heading(staff), staff.form("/notes", back)
    foreign = replace(form, fields=other.form("/notes", "note").fields)
    refused = other.send(foreign)
    today = site.stack.clock.now
    assert today is not None
    site.stack.clock.now = today.replace(hour=0) + timedelta(days=1)
    late = staff.send(form)
    site.stack.clock.now = today
    taken = [staff.send(form).status_code for _ in range(2)]
    shown = staff.get(f"/cases/{case_id}").text
    record = site.ask(site.stack.as_(Role.AUDITOR, AGEO).timeline(case_id))

    assert (403, 409) == (refused.status_code, late.status_code)
    assert [303, 303] == taken
    assert before == heading(staff) != noted
    assert "押し間違いの記録を取り消しました" in shown
    assert back not in staff.get("/notes").text
    assert ["inquiry_received", "note_taken_back"] == [each["action"] for each in record]


def heading(visitor: Visitor) -> str:
    """Return how many notes were made today, as the page says it."""
    found = re.search(r"<h1>(.*?)</h1>", visitor.get("/notes").text)
    assert found is not None
    return found[1]


def test_whoever_is_sent_to_the_citys_window_gets_a_slip(site: Site) -> None:
    """
    With where to go and a number, and no name on it.
    """
    staff = site.as_(Role.SUPPORT_STAFF, AGEO)
    form = staff.form("/notes", "note")
    silent = staff.send(form, place="support_desk", category="system")
    sent = staff.send(form, place="support_desk", nature="guidance", category="city_window")
    shown = staff.get(str(sent.headers["Location"])).text

    assert (422, True) == (silent.status_code, "「内容」を選んでください" in silent.text)
    assert 303 == sent.status_code, sent.text
    assert "ご案内票" in shown
    assert "市のマイナンバー窓口" in shown


def test_a_manager_switches_an_entry_and_it_is_gone_from_reception(site: Site) -> None:
    """
    The page names the agreement; others see the list and no form.
    """
    manager, staff = site.as_(Role.SITE_MANAGER, AGEO), site.as_(Role.SUPPORT_STAFF, AGEO)
    before = staff.get("/visits/new").text
    form = manager.form("/catalogue", "switch")
    entry = "procedure/smartphone_certificate"
    today = form.fields["from_day"]
    unsigned = manager.send(form, entry=entry, on="no", from_day=today, agreement=" ")
    done = manager.send(form, entry=entry, on="no", from_day=today, agreement="協議 第7号")
    shown = staff.get("/catalogue").text

    assert (422, 303) == (unsigned.status_code, done.status_code), unsigned.text
    assert "協議 第7号" in shown
    assert 'id="switch"' not in shown
    assert "smartphone_certificate" in before
    assert "smartphone_certificate" not in staff.get("/visits/new").text


def test_what_to_bring_can_be_asked_without_an_account(site: Site, chromium: Browser) -> None:
    """
    By keys on a narrow screen; what is not known says so, and a mistake is told.
    """
    with browsing(chromium, site, None, viewport={"width": 320, "height": 760}) as page:
        page.goto(f"{site.url}/required-documents/ota")
        found = faults(page)
        page.get_by_label("手続", exact=True).select_option("card_delivery")
        page.get_by_label("任意代理人").check()
        page.get_by_label("本人の年齢").fill("８０")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_contain_text("必要な書類")
        answered = page.locator("main").inner_text()
        found += faults(page)
        wide = page.evaluate("document.documentElement.scrollWidth")
    asked = "/required-documents/ota?procedure=number_notice_delivery&receiver=self&age="
    unknown = site.stranger().get(f"{asked}40").text
    mistaken = site.stranger().get(f"{asked}x")

    assert ([], True) == (found, wide <= 320)
    assert "委任状" in answered
    assert "75歳以上の方は、年齢が理由になります" in answered
    assert "持ち物は、この画面では分かりません" in unknown
    assert 422 == mistaken.status_code
