"""Planning where a venue opens, taking a day back, writing what people are told."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from domain.parties import Role
from tests.journeys import desk
from tests.journeys.site import Site, form_in
from tests.journeys.test_in_a_browser import browsing, faults

VENUES, GUIDANCE = "/reservations/venues", "/reservations/guidance"


@pytest.mark.req("CHIBA-07")
def test_a_day_is_planned_on_a_page_and_refused_where_the_contract_says_no(
    desk_site: Site,
) -> None:
    """
    The refusal says why, and keeps what was chosen.
    """
    manager = desk.agent(desk_site, Role.SITE_MANAGER)

    year_end = manager.send(manager.form(VENUES, "plan"), site="inage", day="2022-12-31")
    planned = manager.send(manager.form(VENUES, "plan"), site="inage", day="2022-09-20")

    assert 409 == year_end.status_code
    assert "年末年始" in year_end.text
    assert 303 == planned.status_code
    page = manager.get(VENUES).text
    assert "13:00〜20:00" in page
    assert "12:30〜20:30" in page
    assert 200 == desk.hold(desk.agent(desk_site), "9/20 13").status_code


def test_a_day_taken_back_says_whom_it_concerns_before_and_after(desk_site: Site) -> None:
    """
    Before: how many lose their time. After: that each has to be called.
    """
    manager = desk.agent(desk_site, Role.SITE_MANAGER)
    manager.send(manager.form(VENUES, "plan"), site="inage", day="2022-09-21")
    desk.book(desk.agent(desk_site), "9/21 13", people="2")

    page = manager.get(VENUES).text
    form = form_in(page, "withdraw-inage-2022-09-21")
    silent = manager.send(form, cause=" ")
    done = manager.send(form, cause="会場の改修")
    after = manager.get(done.headers["Location"]).text

    assert "予約している2人が日時を失い" in page
    assert 422 == silent.status_code
    assert "1件の予約が日時を失いました" in after
    assert "取りやめ（会場の改修）" in after
    assert "休止のため連絡する" in desk.agent(desk_site).get(desk.HOME).text


def test_a_text_is_written_anew_and_the_old_one_kept(desk_site: Site) -> None:
    """
    What agents read out from now on is the new one.
    """
    manager = desk.agent(desk_site, Role.SITE_MANAGER)
    written = manager.send(
        manager.form(GUIDANCE, "guidance"), site="inage", language="ja", text="1階です。"
    )
    again = manager.send(
        manager.form(GUIDANCE, "guidance"), site="inage", language="ja", text="2階です。"
    )
    refused = manager.send(
        manager.form(GUIDANCE, "guidance"), language="ja", text="マイナンバー123456789018"
    )

    assert [303, 303, 422] == [each.status_code for each in (written, again, refused)]
    assert "123456789018" not in refused.text
    page = manager.get(GUIDANCE).text
    assert page.index("2階です。") < page.index("1階です。")
    assert "2階です。" in desk.hold(desk.agent(desk_site), "9/11 13 稲毛").text


@pytest.mark.parametrize(
    ("role", "status"), [(Role.OPERATIONS_MANAGER, 200), (Role.CLERK, 403)]
)
def test_planning_and_writing_are_the_managers_and_the_citys(
    desk_site: Site, role: Role, status: int
) -> None:
    """
    The table of duties says so.
    """
    visitor = desk.agent(desk_site, role)

    assert {status} == {visitor.get(path).status_code for path in (VENUES, GUIDANCE)}


def test_where_nothing_is_planned_the_page_says_so(site: Site) -> None:
    """
    Ota has one counter with regular hours, and goes out now and then; Yokosuka never does.
    """
    outside = site.as_(Role.SITE_MANAGER).get(VENUES)
    never = site.as_(Role.SITE_MANAGER, "yokosuka").get(VENUES)

    assert (200, 200) == (outside.status_code, never.status_code)
    assert "出張申請 0件" in outside.text
    assert "この契約では「会場と出張」を扱いません" in never.text


@pytest.fixture
def manager(chromium: Browser, desk_site: Site) -> Iterator[Page]:
    """A manager's browser, logged in."""
    with browsing(chromium, desk_site, None) as page:
        for cookie in desk.agent(desk_site, Role.SITE_MANAGER).http.cookies.jar:
            page.context.add_cookies(
                [{"name": cookie.name, "value": cookie.value or "", "url": desk_site.url}]
            )
        yield page


def test_axe_finds_nothing_where_venues_and_texts_are_kept(manager: Page) -> None:
    """
    It finds a part of what can be wrong, and that part is never wrong here.
    """
    found = {}
    for path in (VENUES, GUIDANCE, "/contract", "/visits/new"):
        manager.goto(path)
        found[path] = faults(manager)

    assert {path: [] for path in found} == found


@pytest.mark.req("CHIBA-10")
def test_a_place_outside_the_city_is_marked_as_the_citys_choice(desk_site: Site) -> None:
    """
    The form that was refused keeps what was typed; the mark stands beside the address.
    """
    manager = desk.agent(desk_site, Role.SITE_MANAGER)
    typed = {
        "name": "市外の広場",
        "address": "千葉県市川市八幡1-1-1",
        "from_day": "2022-11-01",
        "to_day": "2022-11-02",
        "agreement": "協議書第6号",
    }
    form = manager.form("/contract", "/contract/sites")

    refused = manager.send(form, **typed)
    named = manager.send(form, **typed, designated="yes")

    assert (422, 303) == (refused.status_code, named.status_code)
    assert 'value="市外の広場"' in refused.text
    shown = manager.get("/contract").text.partition("市外の広場")[2]
    assert "市が指定した場所" in shown.partition("</tr>")[0]


@pytest.mark.req("CHIBA-04", "CHIBA-05")
def test_the_page_says_which_week_lacks_days_and_how_many_sessions_are_missing(
    desk_site: Site,
) -> None:
    """
    What is planned stands beside what the contract asks for, before it is too late.
    """
    page = desk.agent(desk_site, Role.SITE_MANAGER).get(VENUES).text

    progress = desk.section(page, "開いた回数")
    assert "／474回" in progress
    assert "回足りません" in progress
    weeks = desk.section(page, "今週からの計画")
    assert "平日があと" in weeks
    assert "望ましい数に足りません" in weeks


@pytest.mark.req("CHIBA-03")
def test_a_candidate_is_named_on_a_page_and_leads_to_its_case(desk_site: Site) -> None:
    """
    What it came to stands on the case, from the first day on.
    """
    manager = desk.agent(desk_site, Role.SITE_MANAGER)
    typed = {"name": "花見川の広場", "address": "東京都港区1-1"}

    outside = manager.send(manager.form(VENUES, "name-venue"), **typed)
    named = manager.send(
        manager.form(VENUES, "name-venue"), **typed | {"address": "千葉市花見川区1-1"}
    )
    case = manager.get(named.headers["Location"]).text

    assert (422, True) == (outside.status_code, 'value="花見川の広場"' in outside.text)
    assert "花見川の広場" in manager.get(VENUES).text
    assert "どこの案件か" in case
    assert "市に提案する" in case
    assert "0日（終わった日 0日）" in case
