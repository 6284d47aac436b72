"""What the booking site keeps to itself, and what it does not put up with."""

import re
from datetime import datetime, timedelta

import pytest

from api.booking.booking_throttle import PER_ADDRESS
from domain.calendars.hours import Closure
from store import contract_state
from store.contract_state import AddedClosure
from store.scope import scope
from tests.journeys.bookings import (
    HOME,
    LATER,
    NEXT,
    NOW,
    TOKYO,
    Citizen,
    ask_hold,
    at,
    booked,
    checked,
    held,
    slot,
)
from tests.journeys.site import Site, Visitor

WANTED = {
    "line": "application",
    "venue": "chuo",
    "starts_at": slot(NEXT, 17).partition("|")[2],
    "reissue": False,
}

PUBLISHED_NUMBER = "621498320257"
"""With a fitting check digit, from the examples of python-stdnum; nobody's."""


def test_nothing_personal_is_kept_on_the_way_or_in_an_address(citizen: Visitor) -> None:
    """Neither by the browser nor by whoever is asked next."""
    path = held(citizen, slot(NEXT, 13))
    person = Citizen(kana="ひみつ の なまえ", address="千葉市花見川区瑞穂1-1")
    filled = citizen.form(path, "details")
    pages = [citizen.get(path), citizen.send(filled, **person.typed)]
    done = citizen.send(checked(citizen, path, person))
    pages += [citizen.get(done.headers["Location"]), citizen.get(f"{HOME}/r/{'A' * 48}")]
    for page in pages:
        assert "no-store" == page.headers["Cache-Control"]
        assert "no-referrer" == page.headers["Referrer-Policy"]
        assert "noindex" in page.headers["X-Robots-Tag"]
        assert "Set-Cookie" not in page.headers
        assert "花見川" not in str(page.url)
    assert "花見川" not in pages[2].text, "who has the link sees the time, not the person"
    assert "ヒミツ" not in pages[2].text
    assert "Set-Cookie" not in done.headers


@pytest.mark.parametrize("field", ["kana", "name", "birth_date", "address", "phone", "mail"])
def test_an_individual_number_is_refused_and_not_shown_again(
    citizen: Visitor, field: str
) -> None:
    """It would stand in the page's source, and on the screen of the next person."""
    path = held(citizen, slot(NEXT, 14))
    form = citizen.form(path, "details")
    typed = Citizen().typed | {field: f"{PUBLISHED_NUMBER}"}
    answers = [citizen.send(form, **typed)]
    form.to = f"{path}/confirm"
    answers.append(citizen.send(form, **typed, key="another-key"))
    form.to = f"{path}/again"
    answers.append(citizen.send(form, **typed))

    assert [422, 422, 200] == [answer.status_code for answer in answers]
    assert all(PUBLISHED_NUMBER not in answer.text for answer in answers)
    assert f'id="{field}-fault"' in answers[0].text


@pytest.mark.parametrize(
    "typed",
    ["<script>alert(1)</script>", '"><img src=x>', "{{7*7}}", "'; DROP TABLE case_file;--"],
)
def test_what_looks_like_code_is_text(citizen: Visitor, typed: str) -> None:
    """It is shown as it was typed and does nothing."""
    path = held(citizen, slot(NEXT, 15))
    answer = citizen.send(
        citizen.form(path, "details"), **Citizen(address=f"千葉市{typed}").typed
    )

    assert 200 == answer.status_code
    assert typed not in answer.text or typed.isalnum() or "<" not in typed
    assert "49" not in re.sub(r"<[^>]+>", "", answer.text.split("住所")[1][:200])


@pytest.mark.parametrize("typed", ["\x00", "\u202e", "東\u2028西", "あ" * 10_000, "=1+1"])
def test_what_nobody_types_is_refused_in_plain_words(citizen: Visitor, typed: str) -> None:
    """And nothing of it comes back."""
    path = held(citizen, slot(NEXT, 16))
    answer = citizen.send(citizen.form(path, "details"), **Citizen(address=typed).typed)

    assert 422 == answer.status_code
    assert 'id="address-fault"' in answer.text
    assert typed not in answer.text


@pytest.mark.parametrize(
    "path",
    [
        f"{HOME}/nowhere", f"{HOME}/application/days/2022-13-99?reissue=no",
        f"{HOME}/application/days?reissue=no&month=9999-99&people=-5&venue=%00",
        f"{HOME}/application/days?reissue=no&month=0000-01&people=99999999999999999999",
        f"{HOME}?lang=xx&text=%3Cscript%3E", "/book/nowhere", "/book/urasoe",
        f"{HOME}/r/{'%00' * 48}", f"{HOME}/application/days/9999-12-31?reissue=no",
    ],
)  # fmt: skip
def test_addresses_that_make_no_sense_do_no_harm(citizen: Visitor, path: str) -> None:
    """They are typed, cut off, and made up."""
    assert citizen.get(path).status_code in {200, 303, 404}


def test_one_address_cannot_hold_the_day_empty(citizen: Visitor) -> None:
    """Whoever asks too often is told to wait, and how to book meanwhile."""
    chosen = "chuo|2022-09-10T03:00:00+09:00"
    most = PER_ADDRESS[0].amount
    answers = [ask_hold(citizen, chosen) for _ in range(most + 1)]

    by_program = citizen.http.post("/api/v1/contracts/chiba/reservations", json=WANTED)

    assert {409} == {answer.status_code for answer in answers[:most]}
    assert 429 == by_program.status_code
    assert 429 == answers[most].status_code
    assert "電話" in answers[most].text


def test_a_contact_has_a_limit_that_families_fit_into(citizen: Visitor) -> None:
    """Parties of several, and several parties; not the whole day."""
    phone = "090-7777-1234"
    for hour in (15, 16, 17, 18, 19):
        booked(citizen, slot(LATER, hour), Citizen(phone=phone), people=2)
    path = held(citizen, slot(LATER, 13))
    form = checked(citizen, path, Citizen(phone="０９０ー７７７７ー１２３４"))
    answer = citizen.send(form)

    assert 409 == answer.status_code
    assert "すでに上限まであります" in answer.text


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2022, 9, 9, 8, 29, tzinfo=TOKYO), "時間外（今日は8:30から）"),
        (datetime(2022, 9, 9, 8, 30, tzinfo=TOKYO), "受付中（今日は17:00まで）"),
        (datetime(2022, 9, 9, 17, 1, tzinfo=TOKYO), "時間外（次は9月12日（月） 8:30から）"),
        (datetime(2022, 9, 17, 12, 0, tzinfo=TOKYO), "時間外（次は9月20日（火） 8:30から）"),
    ],
)
def test_every_page_says_whether_somebody_answers_the_telephone_now(
    booking_site: Site, citizen: Visitor, moment: datetime, words: str
) -> None:
    """To the minute, over weekends and holidays (19 September 2022 is one)."""
    with at(booking_site, moment):
        pages = [
            citizen.get(path).text
            for path in (HOME, f"{HOME}/application", f"{HOME}/r/{'A' * 48}")
        ]

    assert all(words in re.sub(r"<[^>]+>", "", page) for page in pages)


def test_a_storm_that_closes_the_telephone_is_said_too(
    booking_site: Site, citizen: Visitor
) -> None:
    """What was entered a minute ago counts."""
    day = datetime(2022, 9, 16, 10, tzinfo=TOKYO)
    with scope(booking_site.stack.engine, "chiba") as connection:
        contract_state.add_closure(
            connection,
            "chiba",
            "chiba",
            AddedClosure(
                closure_id="storm",
                calendar="call_centre",
                closure=Closure(day=day.date(), cause="台風"),
                added_by="system",
                added_at=NOW,
                withdrawn_at=None,
            ),
        )
    with at(booking_site, day):
        assert "時間外（次は" in re.sub(r"<[^>]+>", "", citizen.get(HOME).text)
    with at(booking_site, day - timedelta(days=1)):
        assert "受付中（今日は17:00まで）" in citizen.get(HOME).text


def test_lines_that_are_not_booked_here_say_where_to_go(citizen: Visitor) -> None:
    """Four cities, four answers."""
    told = {
        city: re.sub(r"<[^>]+>", "", citizen.get(f"/book/{city}").text)
        for city in ("chiba", "yokosuka", "ota", "ageo")
    }

    assert "そのまま会場にお越しください" in told["chiba"]
    assert "そのまま会場にお越しください" in told["yokosuka"]
    assert "電話で予約してください" in told["ota"]
    assert "電話かオンライン窓口で予約してください" in told["ageo"]
    assert 409 == citizen.get(f"{HOME}/delivery").status_code
