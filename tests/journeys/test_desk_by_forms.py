"""Booking for others at the desk, with forms and links only."""

import re
from dataclasses import replace
from datetime import datetime

import pytest

from api.deps import VIEWED
from domain.parties import Role
from store import access
from store.scope import scope
from tests.journeys import desk
from tests.journeys.bookings import LATER, TOKYO
from tests.journeys.site import Site, form_in


def free(site: Site, day: str) -> dict[str, int]:
    """Return what everybody sees as free on a day, by time."""
    asked = {"line": "application", "from": day, "to": day, "venue": "chuo"}
    told = site.stranger().http.get("/api/v1/contracts/chiba/slots", params=asked)
    return {item["starts_at"][11:16]: item["free"] for item in told.json()["items"]}


@pytest.mark.req("CHIBA-02", "CHIBA-22")
def test_a_booking_by_phone_takes_the_place_that_the_web_would_have_offered(
    desk_site: Site,
) -> None:
    """
    One inventory, whichever way somebody comes.
    """
    agent, day = desk.agent(desk_site), str(LATER)
    before = free(desk_site, day)["13:00"]

    answer = desk.hold(agent, "10/5 13", people="2")
    held = free(desk_site, day)["13:00"]
    path = desk.book(agent, "10/5 13")

    assert "10月5日（水） 13:00 の席を押さえました（10:10まで）" == desk.heading(answer.text)
    assert (before - 2, before - 3) == (held, free(desk_site, day)["13:00"])
    page = agent.get(path).text
    assert "10月5日（水） 13:00：予約済み" == desk.heading(page)
    assert "電話" in page


@pytest.mark.req("CHIBA-28")
def test_what_was_read_out_is_proven_and_what_was_not_stays_open(desk_site: Site) -> None:
    """
    The proof names the version of the text; who was not told is listed until somebody does.
    """
    agent = desk.agent(desk_site)
    told = desk.book(agent, "10/5 14")
    untold = desk.book(agent, "10/5 14", guided=False)
    home = agent.get(desk.HOME).text

    assert "読み上げて案内" in re.sub(r"<[^>]+>|\s", "", agent.get(told).text)
    assert "記録がありません" in agent.get(untold).text
    listed = home[home.index("案内の記録がない") :]
    assert (True, False) == (desk.case_of(untold) in listed, desk.case_of(told) in listed)


def test_a_text_that_changed_while_it_was_read_out_is_no_proof(desk_site: Site) -> None:
    """
    They were told something else than what holds.
    """
    agent = desk.agent(desk_site)
    form = desk.details(desk.hold(agent, "10/5 15"))
    done = agent.send(form, **desk.caller().typed, guided="-/ja/999")

    assert 303 == done.status_code
    assert "記録がありません" in agent.get(done.headers["Location"]).text


@pytest.mark.req("CHIBA-25")
@pytest.mark.parametrize("answer", ["", "yes"])
def test_whether_it_is_a_re_issue_is_asked_before_anything_is_held(
    desk_site: Site, answer: str
) -> None:
    """
    Re-issues are not booked here, and the agent says where.
    """
    agent = desk.agent(desk_site)
    before = free(desk_site, str(LATER))

    refused = desk.hold(agent, "10/5 16", reissue=answer)

    assert 422 == refused.status_code
    assert "再交付の申請" in refused.text
    assert before == free(desk_site, str(LATER))


@pytest.mark.parametrize(
    ("when", "status", "words"),
    [
        ("10/5 12", 404, "10月5日（水）で空いている時間：13:00"),
        ("10/8 13", 404, "10月8日（土）に空きはありません"),
        ("9/11 10", 422, "会場がいくつかあります（中央コミュニティセンター・稲毛区役所）"),
        ("明日の一時", 422, "「8/1 13」"),
        ("", 422, "「8/1 13」"),
    ],
)
def test_a_time_that_cannot_be_had_is_answered_with_what_can(
    desk_site: Site, when: str, status: int, words: str
) -> None:
    """
    The caller is on the line; the next sentence must be on the screen.
    """
    refused = desk.hold(desk.agent(desk_site), when)

    assert status == refused.status_code
    assert words in refused.text
    assert f'value="{when}"' in refused.text


def test_where_two_venues_are_open_the_name_decides(desk_site: Site) -> None:
    """
    A part of the name is enough.
    """
    agent = desk.agent(desk_site)

    page = agent.get(desk.book(agent, "9/11 11 稲毛")).text

    assert "稲毛区役所" in page


def test_what_was_typed_and_what_was_ticked_must_not_contradict(desk_site: Site) -> None:
    """
    Nobody is booked for a time that was ticked by mistake.
    """
    ticked = f"chuo|{datetime(2022, 10, 5, 13, tzinfo=TOKYO).isoformat()}"
    agent = desk.agent(desk_site)

    refused = desk.hold(agent, "10/5 14", slot=ticked)
    alone = desk.hold(agent, "", slot=ticked)

    assert (422, 200) == (refused.status_code, alone.status_code)


@pytest.mark.req("CHIBA-26")
def test_every_wrong_field_is_told_and_nothing_that_was_typed_is_lost(desk_site: Site) -> None:
    """
    The places stay on hold meanwhile.
    """
    agent = desk.agent(desk_site)
    form = desk.details(desk.hold(agent, "10/5 17"))
    typed = desk.caller().typed

    wrong = agent.send(form, **typed | {"kana": "", "birth_date": "きのう", "phone": "123"})
    again = agent.send(form_in(wrong.text, "confirm"), **typed)

    assert 422 == wrong.status_code
    assert 3 == wrong.text.count('aria-invalid="true"')
    assert typed["address"] in wrong.text
    assert 303 == again.status_code


def test_a_form_that_is_sent_twice_books_once(desk_site: Site) -> None:
    """
    A double click, a reload.
    """
    agent = desk.agent(desk_site)
    form = agent.form(desk.NEW, "hold")
    typed = {"when": "10/6 13", "reissue": "no"}
    first, second = [agent.send(form, **typed) for _ in range(2)]
    confirm = desk.details(first)
    who = desk.caller().typed
    done = [agent.send(confirm, **who).headers["Location"] for _ in range(2)]

    assert desk.number_of(first.text) == desk.number_of(second.text)
    assert done[0] == done[1]


@pytest.mark.parametrize("by", ["kana", "phone", "number"])
def test_a_citizens_bookings_are_found_and_finding_them_is_recorded(
    desk_site: Site, by: str
) -> None:
    """
    By what people say on the telephone; whoever looks leaves a line.
    """
    agent, who = desk.agent(desk_site), desk.caller()
    path = desk.book(agent, "10/6 14", who)
    number = desk.number_of(agent.get(path).text)
    words = {"kana": who.kana, "phone": who.phone.replace("-", ""), "number": number}[by]

    found = agent.send(agent.form(desk.HOME, f"{desk.HOME}/search"), q=words)

    if by == "number":
        assert (303, path) == (found.status_code, found.headers["Location"])
        return
    assert "予約が 1件あります" == desk.heading(found.text)
    assert number in found.text
    with scope(desk_site.stack.engine, "chiba") as connection:
        seen = access.accesses(connection, case_id=desk.case_of(path))
    assert {"予約の検索", "予約の対応", VIEWED} == {each.purpose for each in seen}


def test_nobody_found_leads_to_a_booking_with_what_was_typed(desk_site: Site) -> None:
    """
    And what was typed stands in no address.
    """
    agent = desk.agent(desk_site)
    search = agent.form(desk.HOME, f"{desk.HOME}/search")
    found = agent.send(search, q="だれもいない")
    asked = agent.send(form_in(found.text, "book-for"))
    held = agent.send(form_in(asked.text, "hold"), when="10/6 15", reissue="no")

    assert "予約は見つかりません" == desk.heading(found.text)
    assert "だれもいない" == desk.details(held).fields["kana"]
    assert {desk.NEW, f"{desk.HOME}/search", f"{desk.HOME}/hold"} == {
        each.url.path for each in (found, asked, held)
    }


def test_a_booking_is_moved_and_the_old_time_kept_until_the_new_one_is_had(
    desk_site: Site,
) -> None:
    """
    A refused move changes nothing.
    """
    agent = desk.agent(desk_site)
    path = desk.book(agent, "10/6 16")

    refused = agent.send(agent.form(f"{path}/move", "move"), when="10/8 13")
    unchanged = desk.heading(agent.get(path).text)
    moved = agent.send(agent.form(f"{path}/move", "move"), when="10/6 17", reason="仕事のため")

    assert 404 == refused.status_code
    assert "10月6日（木） 16:00：予約済み" == unchanged
    assert 303 == moved.status_code
    assert "10月6日（木） 17:00：予約済み" == desk.heading(agent.get(path).text)
    auditor = desk_site.stack.as_(Role.AUDITOR, "chiba")
    events = desk_site.ask(auditor.timeline(desk.case_of(path)))
    assert "仕事のため" == events[-1]["reason"]


def test_a_booking_is_cancelled_only_with_a_reason(desk_site: Site) -> None:
    """
    Who gave what up, and why, is asked later.
    """
    agent = desk.agent(desk_site)
    path = desk.book(agent, "10/6 18")

    silent = agent.send(agent.form(path, "do-cancel_reservation"), reason=" ")
    done = agent.send(agent.form(path, "do-cancel_reservation"), reason="都合が悪くなった")

    assert 422 == silent.status_code
    assert "取り消す理由を入力してください" in silent.text
    assert 303 == done.status_code
    assert "：取消" in desk.heading(agent.get(path).text)


def test_who_acts_on_a_page_that_is_old_is_told_that_it_is_over(desk_site: Site) -> None:
    """
    Not that it is somebody else's to do.
    """
    agent = desk.agent(desk_site)
    path = desk.book(agent, "10/6 18")
    form = agent.form(path, "do-cancel_reservation")
    agent.send(form, reason="都合が悪くなった")

    late = agent.send(replace(form, fields=form.fields | {"key": "another"}), reason="二度目")

    assert 409 == late.status_code
    assert "いまの段階ではできない操作です" in late.text


def test_who_is_displaced_stands_first_until_a_new_time_is_had(desk_site: Site) -> None:
    """
    A storm closes the afternoon; the caller takes another day.
    """
    agent = desk.agent(desk_site)
    path = desk.book(agent, "9/14 13")
    storm = {"calendar": "venue", "day": "2022-09-14", "cause": "台風"}
    official = desk_site.stack.as_(Role.OFFICIAL, "chiba")
    closed = desk_site.ask(official.post("/api/v1/contracts/chiba/closures", json=storm))

    home = agent.get(desk.HOME).text
    page = agent.get(path).text
    moved = agent.send(agent.form(f"{path}/move", "move"), when="10/6 19")

    assert 1 == closed.json()["displaced"]
    assert home.index("休止のため連絡する") < home.index(desk.case_of(path))
    assert "台風のため、この時間は休止になりました" in page
    assert "連絡を記録する" in page
    assert 303 == moved.status_code
    assert "：予約済み" in desk.heading(agent.get(path).text)
    waiting = desk.section(agent.get(desk.HOME).text, "休止のため連絡する")
    assert desk.case_of(path) not in waiting


def test_an_auditor_looks_and_books_nothing(desk_site: Site) -> None:
    """
    Whom a booking is for, they see where they say why.
    """
    who = desk.caller()
    path = desk.book(desk.agent(desk_site), "10/5 18", who)
    auditor = desk.agent(desk_site, Role.AUDITOR)

    page = auditor.get(path).text

    assert 200 == auditor.get(desk.HOME).status_code
    assert 403 == auditor.get(desk.NEW).status_code
    assert "デンワ" not in page
    assert "取り消す" not in page


def test_a_booking_of_another_city_is_not_found(desk_site: Site) -> None:
    """
    The same answer as for one that does not exist.
    """
    path = desk.book(desk.agent(desk_site), "10/5 19")
    other = desk_site.as_(Role.CALL_AGENT, "ageo")

    found = [other.get(each).status_code for each in (path, f"{path}/move")]

    assert [404, 404] == found


def test_a_case_that_is_no_booking_has_no_page_here(desk_site: Site) -> None:
    """
    Addresses cannot be made up.
    """
    agent = desk.agent(desk_site)

    assert 404 == agent.get(f"{desk.HOME}/booked/{'0' * 32}").status_code


@pytest.mark.req("CHIBA-30")
def test_no_page_offers_to_book_a_delivery(desk_site: Site) -> None:
    """
    Applications are booked; deliveries are walked in.
    """
    agent = desk.agent(desk_site)
    lines = re.findall(r'name="line" value="(\w+)"', agent.get(desk.NEW).text)
    refused = desk.hold(agent, "10/5 13", line="delivery")

    assert ["application"] == lines
    assert 409 == refused.status_code
