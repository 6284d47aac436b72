"""An application that came back, from the word of it to its settlement, in a browser."""

from playwright.sync_api import Browser, expect

from api.access.door import now_in_tokyo
from domain.parties import Role
from tests.defects.test_follow_up import WHO, applied
from tests.journeys.site import Site
from tests.journeys.test_in_a_browser import browsing, faults
from tests.stack import eventually

AGEO = "ageo"


def test_a_defect_is_followed_to_its_settlement_with_keys_alone(
    site: Site, chromium: Browser
) -> None:
    """
    Reported on the application's page, found in my work, called twice, submitted again.
    """
    case_id = site.ask(applied(site.stack))
    with browsing(chromium, site, Role.CALL_AGENT, city=AGEO) as page:
        page.goto(f"/cases/{case_id}")
        page.locator("summary", has_text="申請不備を記録する").press("Enter")
        page.locator("#do-report_defect select").select_option("photo_shadow")
        page.locator("#do-report_defect button").press("Enter")
        expect(page.get_by_role("heading", name="申請不備・対応中")).to_be_visible()
        page.goto("/")
        table = page.get_by_role("region", name="連絡する申請不備の表")
        table.get_by_role("link").first.press("Enter")
        expect(page.get_by_role("heading", name="まだ連絡していません")).to_be_visible()
        expect(page.get_by_text("03-1234-5678").first).to_be_visible()
        found = faults(page)
        for outcome, heading in (("no_answer", "次の連絡"), ("reached", "次の連絡")):
            page.locator(f"#do-record_contact_attempt input[value={outcome}]").focus()
            page.keyboard.press("Space")
            page.keyboard.press("Enter")
            expect(page.get_by_role("status")).to_contain_text("連絡を記録しました")
            expect(page.get_by_role("heading", name=heading)).to_be_visible()
        page.locator("summary", has_text="再申請を記録して終える").press("Enter")
        page.locator("#do-record_resubmission input[name=receipt]").press_sequentially("R-0002")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="再申請済み").first).to_be_visible()
        page.goto(f"/defects?month={now_in_tokyo():%Y-%m}")
        listed = faults(page)
        rate = page.get_by_text("写真の返戻率").locator("xpath=..").inner_text()
    site.ask(_waits_again(site, case_id))

    assert [] == [*found, *listed]
    assert "÷" in rate


async def _waits_again(site: Site, case_id: str) -> None:
    caller = site.stack.as_(Role.CALL_AGENT, AGEO)
    await eventually(lambda: caller.case(case_id), lambda case: case["stage"] == "waiting")


def test_one_made_elsewhere_is_registered_by_a_form_alone(site: Site) -> None:
    """
    What was typed stays when something is missing; Ota has nobody call and shows no form.
    """
    clerk = site.as_(Role.CLERK, AGEO)
    form = clerk.form("/defects", "defect")
    unsaid = clerk.send(form, **WHO, kind="")
    sent = clerk.send(form, **WHO, kind="photo_old")
    shown = clerk.get(sent.headers["Location"]).text
    path = sent.headers["Location"].partition("?")[0].rpartition("/")[2]
    letter, auditors = (
        visitor.get(f"/defects/{path}/letter")
        for visitor in (clerk, site.as_(Role.OPERATIONS_MANAGER, AGEO))
    )
    listed, odd = clerk.get("/defects").text, clerk.get("/defects?month=2026-13")

    assert (422, 303) == (unsaid.status_code, sent.status_code)
    assert 'value="上尾市本町三丁目1番1号"' in unsaid.text
    assert "048-775-5111" in shown
    assert "まだ連絡していません" in shown
    assert "写真：撮影の時期" in listed
    assert 200 == odd.status_code
    assert (200, "application/pdf", 403) == (
        letter.status_code,
        letter.headers["Content-Type"],
        auditors.status_code,
    )
    assert "この契約では「申請不備」を扱いません" in site.as_(Role.CLERK).get("/defects").text
