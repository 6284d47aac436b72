"""Citizens book with forms and links only, as a browser without scripts does it."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from domain.parties import Role
from store.scope import scope
from tests.journeys.bookings import (
    CALENDAR,
    FIRST,
    HOME,
    LATER,
    NOT_YET,
    NOW,
    SECOND,
    STORM,
    THIRD,
    TOKYO,
    Citizen,
    ask_hold,
    at,
    booked,
    checked,
    held,
    move_address,
    slot,
)
from tests.journeys.site import Site, Visitor, form_in


def heading(page: str) -> str:
    """Return what a page says first, in bare words."""
    found = re.search(r"<h1>(.*?)</h1>", page, re.S)
    assert found is not None
    return re.sub(r"<rt>.*?</rt>|<rp>.*?</rp>|<[^>]+>|\s", "", found[1])


def taken(site: Site, chosen: str) -> int:
    """Return how many places of a time are taken."""
    venue, _, starts_at = chosen.partition("|")
    with scope(site.stack.engine, "chiba") as connection:
        row = connection.exec_driver_sql(
            "SELECT taken FROM booking_slot WHERE site = %s AND starts_at = %s",
            (venue, datetime.fromisoformat(starts_at)),
        ).one_or_none()
    return row.taken if row is not None else 0


def test_the_link_on_a_receipt_is_the_public_one(booking_site: Site, citizen: Visitor) -> None:
    """
    Whoever asks under another name gets no link that leads there.
    """
    path = booked(citizen, slot(FIRST, 16))
    asked = citizen.get(path).text
    desk = booking_site.app.state.desk
    booking_site.app.state.desk = replace(desk, public_url="https://yoyaku.example.jp")
    told = citizen.get(path).text
    booking_site.app.state.desk = desk

    assert f">{booking_site.url}{path}<" in asked
    assert f">https://yoyaku.example.jp{path}<" in told


@pytest.mark.req("CHIBA-26")
def test_a_party_books_in_three_steps_and_takes_its_places(
    booking_site: Site, citizen: Visitor
) -> None:
    """Time, details, check: then a number, what to bring and the citizen's own link."""
    chosen = slot(FIRST, 11)
    before = taken(booking_site, chosen)
    path = booked(citizen, chosen, people=3)
    page = citizen.get(f"{path}?done=confirmed").text

    assert before + 3 == taken(booking_site, chosen)
    assert "✓予約できました：9月10日（土）11:00〜12:00" == heading(page)
    assert re.search(r"CHIBA-R22-\d{6}-\d", page)
    assert "本人確認書類を2点" in page
    assert path in page


@pytest.mark.req("CHIBA-26")
@pytest.mark.parametrize("field", ["kana", "birth_date", "address", "phone"])
def test_what_has_to_be_known_of_the_person_is_asked_for(citizen: Visitor, field: str) -> None:
    """Day, place and number of people are in the hold; without the rest nobody is booked."""
    path = held(citizen, slot(FIRST, 12))
    form = citizen.form(path, "details")
    answer = citizen.send(form, **Citizen().typed | {field: " "})

    assert 422 == answer.status_code
    assert f'id="{field}-fault"' in answer.text
    assert 1 == answer.text.count('aria-invalid="true"')


@pytest.mark.req("CHIBA-26")
def test_a_hold_needs_its_time_place_and_people(citizen: Visitor) -> None:
    """The other three of the seven."""
    answers = [
        ask_hold(citizen, "chuo|"),
        ask_hold(citizen, f"|{NOW.isoformat()}"),
        ask_hold(citizen, slot(FIRST), people=0),
        ask_hold(citizen, slot(FIRST), people=7),
    ]

    assert [422] * 4 == [answer.status_code for answer in answers]


@pytest.mark.req("CHIBA-25")
@pytest.mark.parametrize("answer", ["yes", "", "perhaps"])
def test_nobody_books_without_saying_that_it_is_no_reissue(
    booking_site: Site, citizen: Visitor, answer: str
) -> None:
    """Yes is sent where it is done; leaving the question out leads back to it."""
    chosen = slot(FIRST, 13)
    before = taken(booking_site, chosen)
    asked = ask_hold(citizen, chosen, reissue=answer)
    pages = [
        citizen.get(f"{HOME}/application/{rest}?reissue={answer}")
        for rest in ("days", f"days/{FIRST}")
    ]

    assert {422} == {page.status_code for page in (asked, *pages)}
    assert before == taken(booking_site, chosen)
    assert ("窓口で手続きしてください" in asked.text) == (answer == "yes")


@pytest.mark.req("CHIBA-21")
def test_a_day_can_be_booked_from_midnight_thirty_days_before(
    booking_site: Site, citizen: Visitor
) -> None:
    """A second before, the calendar says not yet, and so does whoever asks anyway."""
    opens = datetime(2022, 9, 29, tzinfo=TOKYO)
    month = f"{CALENDAR}&month=2022-10"
    with at(booking_site, opens - timedelta(seconds=1)):
        early = citizen.get(month).text
        refused = ask_hold(citizen, slot(NOT_YET))
    with at(booking_site, opens):
        late = citizen.get(month).text
        accepted = ask_hold(citizen, slot(NOT_YET))

    assert "10月29日（土） まだ予約できません" in early
    assert 409 == refused.status_code
    assert "10月29日（土） 空きがあります" in late
    assert 303 == accepted.status_code


@pytest.mark.req("CHIBA-21")
def test_the_calendar_shows_what_is_full_for_a_party_of_this_size(
    citizen: Visitor,
) -> None:
    """Free, few and full by place, as the booking would be judged."""
    for hour in range(13, 20):
        booked(citizen, slot(THIRD, hour, "inage"), people=6)
        booked(citizen, slot(THIRD, hour, "inage"), people=5)
    alone = citizen.get(f"{CALENDAR}&people=1&month=2022-09").text
    both = citizen.get(f"{CALENDAR}&people=2&month=2022-09").text
    elsewhere = citizen.get(f"{CALENDAR}&people=2&venue=chuo&month=2022-09").text

    assert "9月14日（水） 残りわずかです" in alone
    assert "9月14日（水） 満員です" in both
    assert "9月14日（水） 予約できない日です" in elsewhere


def test_a_time_that_has_just_gone_shows_the_others(citizen: Visitor) -> None:
    """Nobody should begin again at the first page."""
    chosen = slot(LATER, 14)
    for _ in range(2):
        booked(citizen, chosen, people=6)
    answer = ask_hold(citizen, chosen, people=1)

    assert 409 == answer.status_code
    assert "いま満員になりました" in answer.text
    assert "15:00〜16:00" in answer.text


def test_the_same_forms_sent_twice_are_one_booking(
    booking_site: Site, citizen: Visitor
) -> None:
    """A double tap, a page that was reloaded."""
    chosen = slot(SECOND, 10)
    before = taken(booking_site, chosen)
    form = checked(citizen, held(citizen, chosen), Citizen())
    paths = [citizen.send(form).headers["Location"] for _ in range(2)]
    own = paths[0].partition("?")[0]
    moving = citizen.form(move_address(own, slot(SECOND, 11)), f"{own}/move")
    moved = [citizen.send(moving).headers["Location"] for _ in range(2)]

    assert paths[0] == paths[1]
    assert moved[0] == moved[1] != paths[0]
    # The place given up is kept from others for a while, not lost.
    assert before + 1 == taken(booking_site, chosen)


def test_a_link_is_dead_after_a_move_and_the_new_one_lives(citizen: Visitor) -> None:
    """An old mail in somebody else's hands opens nothing."""
    old = booked(citizen, slot(SECOND, 12))
    to = move_address(old, slot(SECOND, 13, "inage"))
    new = citizen.send(citizen.form(to, f"{old}/move")).headers["Location"]
    dead = citizen.get(old)
    posted = citizen.http.post(f"{old}/cancel", data={"key": "k"})
    lives = citizen.get(new)

    assert (410, 410) == (dead.status_code, posted.status_code)
    assert "このリンクは使えなくなりました" in dead.text
    assert "CHIBA-R" not in dead.text
    assert "予約を変えました：9月11日（日）13:00〜14:00" in heading(lives.text)


def test_a_link_is_dead_after_the_visit(booking_site: Site, citizen: Visitor) -> None:
    """A telephone that is lost in winter tells nothing of September."""
    own = booked(citizen, slot(FIRST, 10))
    ends = datetime(2022, 9, 10, 11, tzinfo=TOKYO)
    with at(booking_site, ends):
        during = citizen.get(own)
    with at(booking_site, ends + timedelta(hours=1)):
        after = citizen.get(own)

    assert (200, 410) == (during.status_code, after.status_code)
    assert f"{own}/days" not in during.text


def test_a_link_that_was_changed_opens_nothing(citizen: Visitor) -> None:
    """Neither another booking nor an error of ours."""
    own = booked(citizen, slot(FIRST, 14))
    changed = own[:-1] + ("A" if own[-1] != "A" else "B")
    answers = [
        citizen.get(path)
        for path in (changed, f"{HOME}/r/x", own.replace("/book/chiba", "/book/yokosuka"))
    ]

    assert [404] * 3 == [answer.status_code for answer in answers]
    assert all("このリンクは正しくありません" in answer.text for answer in answers)


def test_a_booking_is_cancelled_once_and_for_good(citizen: Visitor) -> None:
    """Its page says so afterwards, and offers nothing that is over."""
    own = booked(citizen, slot(FIRST, 15))
    form = citizen.form(f"{own}/cancel", f"{own}/cancel")
    answers = [citizen.send(form).headers["Location"] for _ in range(2)]
    page = citizen.get(answers[0]).text

    assert answers[0] == answers[1]
    assert "予約を取り消しました" == heading(page)
    assert 'href="' + own + '/cancel"' not in page


def test_a_citizen_whose_day_was_closed_is_told_why_and_takes_another(
    booking_site: Site, citizen: Visitor
) -> None:
    """The same link tells it; nobody is dropped in silence."""
    own = booked(citizen, slot(STORM, 14), people=2)
    manager = booking_site.stack.as_(Role.SITE_MANAGER, "chiba")
    closed = booking_site.ask(
        manager.post(
            f"/api/v1/contracts/chiba/venue-days/chuo/{STORM}/withdraw",
            json={"cause": "台風の接近"},
        )
    )
    page = citizen.get(own).text
    moved = citizen.send(citizen.form(move_address(own, slot(LATER, 13)), f"{own}/move"))

    assert 200 == closed.status_code, closed.text
    assert "休止のため使えなくなりました" in heading(page)
    assert "理由：台風の接近" in page
    assert "10月5日（水）13:00" in heading(citizen.get(moved.headers["Location"]).text)


def test_a_hold_that_has_ended_is_held_again_with_what_was_typed(
    booking_site: Site, citizen: Visitor
) -> None:
    """Ten minutes are not enough for everybody, and nobody has to type twice."""
    path = held(citizen, slot(FIRST, 16))
    form = citizen.form(path, "details")
    late = NOW + timedelta(minutes=10)
    person = Citizen(address="千葉市美浜区真砂5-15-1")
    with at(booking_site, late):
        over = citizen.send(form, **person.typed)
        again = citizen.send(form_in(over.text, "over"))
        check = citizen.send(form_in(again.text, "details"))
        done = citizen.send(form_in(check.text, "check"))

    assert 409 == over.status_code
    assert "入力した内容は残っています" in over.text
    assert "10:20まで、席をお取りしました" in re.sub(r"<[^>]+>", "", again.text)
    assert person.address in check.text
    assert 303 == done.status_code
    assert path not in done.headers["Location"]
