"""The reservation list and where it goes, in a real browser and by forms alone."""

from datetime import date

import pytest
from playwright.sync_api import Browser, expect

from domain.parties import Role
from tests.journeys import desk
from tests.journeys.site import Site
from tests.journeys.test_in_a_browser import NARROW, WIDE, browsing, evaluate, faults

LIST = "/reservations/list"
RECIPIENT = "/list-recipient"


@pytest.mark.parametrize("width", [NARROW, WIDE])
@pytest.mark.parametrize(("role", "path"), [(Role.CLERK, LIST), (Role.SITE_MANAGER, RECIPIENT)])
def test_nothing_stands_in_anybodys_way(
    chromium: Browser, desk_site: Site, role: Role, path: str, width: int
) -> None:
    """
    Neither for whoever listens to the page nor for whoever holds a small screen.
    """
    desk.book(desk.agent(desk_site), "9/10 14 中央")
    visitor = desk_site.as_(role, "chiba")
    with browsing(chromium, desk_site, None, viewport={"width": width, "height": 900}) as page:
        for cookie in visitor.http.cookies.jar:
            page.context.add_cookies(
                [{"name": cookie.name, "value": cookie.value or "", "url": desk_site.url}]
            )
        page.goto(path + ("?day=2022-09-10" if path == LIST else ""))

        expect(page.get_by_role("heading", level=1)).to_contain_text("予約受付一覧")
        assert [] == faults(page)
        assert evaluate(page, "document.documentElement.scrollWidth") <= width


def test_the_list_is_taken_along_by_links_alone(desk_site: Site) -> None:
    """
    Every file that the page offers opens for whoever may see the page.
    """
    path = desk.book(desk.agent(desk_site), "9/10 16 中央")
    number = desk.number_of(desk.agent(desk_site).get(path).text)
    clerk = desk_site.as_(Role.CLERK, "chiba")
    day = date(2022, 9, 10).isoformat()

    page = clerk.get(f"{LIST}?day={day}").text
    kinds = {"xlsx": b"PK", "csv": b"\xef\xbb\xbf", "pdf": b"%PDF"}
    files = {kind: clerk.get(f"{LIST}/{kind}?day={day}") for kind in kinds}

    assert number in page
    for kind, begins in kinds.items():
        assert f'href="{LIST}/{kind}?day={day}' in page
        assert files[kind].content.startswith(begins)


def test_a_manager_enters_the_recipient_and_sees_the_password_once(desk_site: Site) -> None:
    """
    A weak one is refused with what was typed, but for the password itself.
    """
    manager = desk_site.as_(Role.SITE_MANAGER, "chiba")
    typed = {"address": "kusei@city.chiba.example", "agreement": "9/1 協議"}
    weak = manager.send(manager.form(RECIPIENT, RECIPIENT), **typed, password="himitsu")
    made = manager.send(manager.form(RECIPIENT, RECIPIENT), **typed, password="")
    later = manager.get(RECIPIENT).text

    assert (422, 200) == (weak.status_code, made.status_code)
    assert "himitsu" not in weak.text
    assert 'value="9/1 協議"' in weak.text
    assert "ファイルのパスワード：" in made.text
    assert "ファイルのパスワード：" not in later
    assert "kusei@city.chiba.example" in later
    assert "no-store" == made.headers["Cache-Control"]
