"""The waiting line on pages: the floor manager, a desk, the board and the paper number."""

import re
from datetime import date

import pytest

from domain.parties import Action, Role, allowed
from tests.journeys.site import Site, form_in

AGEO, DESK = "ageo", "/queue/desk?place=city_hall&desk=booth_1"


@pytest.mark.req("YOKOSUKA-38")
@pytest.mark.parametrize("role", Role)
def test_the_floor_managers_page_is_the_providers(site: Site, role: Role) -> None:
    """
    Whoever works at the windows gives out numbers there; no role of the city sees the page.
    """
    site.stack.sign("yokosuka", date(2026, 5, 11))
    visitor = site.as_(role, "yokosuka")
    pages = {path: visitor.get(path) for path in ("/queue", "/queue/desk")}
    gives = 'name="line" value="walk_in"' in pages["/queue"].text
    menu = visitor.get("/").text

    assert gives == allowed(role, Action.ISSUE_TICKET)
    assert ('href="/queue"' in menu) == allowed(role, Action.SEE_QUEUE)
    assert {
        "/queue": 200 if allowed(role, Action.SEE_QUEUE) else 403,
        "/queue/desk": 200 if allowed(role, Action.CALL_NEXT) else 403,
    } == {path: answer.status_code for path, answer in pages.items()}


def test_a_number_is_taken_printed_called_shown_and_ended_by_forms_alone(site: Site) -> None:
    """
    No script is needed, and the board in the waiting room needs nobody to log in.
    """
    floor, desk = site.as_(Role.SUPPORT_STAFF, AGEO), site.as_(Role.OPERATOR, AGEO)
    intake = floor.form("/queue", "/queue")
    missing = floor.send(intake, line="booth")
    taken = [
        floor.send(floor.form("/queue", "/queue"), line="booth", number=str(number))
        for number in (7, 8)
    ]
    page = floor.get(taken[1].headers["location"]).text
    paper = floor.get(re.findall(r'href="(/queue/paper/\w+)"', page)[0]).text
    board = re.findall(r'href="(/called/[^"]+)"', page)[0]
    called = desk.send(desk.form(DESK, "/queue/desk/call"))
    here = desk.get(called.headers["location"]).text
    shown = site.stranger().get(board).text
    wrong = site.stranger().get(f"{board[:-1]}_").text
    number = re.findall(r'action="(/queue/desk/\w+)/recall_ticket"', here)[0]
    again = desk.send(form_in(here, f"{number}/recall_ticket"))
    serve = desk.send(form_in(here, f"{number}/serve_ticket"))
    serving = desk.get(DESK).text
    ended = desk.send(form_in(serving, f"{number}/end_ticket"), result="served")
    closing = floor.form("/queue", "/queue/close")
    unsure = floor.send(closing)
    closed = floor.send(floor.form("/queue", "/queue/close"), sure="yes")

    assert 422 == missing.status_code
    assert "発券機の番号を入力してください" in missing.text
    assert [303, 303, 303, 303, 303, 303] == [
        each.status_code for each in (*taken, called, again, serve, ended)
    ]
    assert "008" in page
    assert ("008" in paper, "名前ではお呼びしません" in paper) == (True, True)
    assert ("007" in shown, "1番ブースへ" in shown, "待っている" in shown) == (
        True,
        True,
        False,
    )
    assert "007" not in wrong
    assert (422, 303) == (unsure.status_code, closed.status_code)
    assert "呼ばれずに終わった番号は 1件" in floor.get(closed.headers["location"]).text
