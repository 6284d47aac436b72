"""The same desk where calls are the city's, and where bookings are entered elsewhere."""

import re
from datetime import date, datetime

import pytest

from domain.parties import Party, Role
from tests.journeys import desk
from tests.journeys.bookings import TOKYO, at
from tests.journeys.site import Site, Visitor, form_in
from tests.obligations_at_hand import let_booths_begin

PERSON = {
    "kana": "ヨコスカ ハナコ",
    "birth_date": "S60.4.1",
    "address": "架空市見本町1番1号",
    "phone": "046-822-4000",
}
PROVIDERS = [role for role in Role if role.party is Party.PROVIDER]


def ways(page: str) -> set[str]:
    """Return the ways to come in that a page offers."""
    hidden = re.findall(r'name="channel" value="(\w+)"', page)
    listed = re.search(r'<select id="channel".*?</select>', page, re.S)
    return {*hidden, *(re.findall(r'value="(\w+)"', listed[0]) if listed else ())}


@pytest.fixture(scope="module")
def centre(site: Site) -> str:
    """Yokosuka's contract in force."""
    site.stack.sign("yokosuka", date(2026, 5, 11))
    return "yokosuka"


@pytest.mark.req("YOKOSUKA-45")
def test_no_page_of_the_provider_offers_the_telephone_where_the_city_takes_calls(
    site: Site, centre: str
) -> None:
    """
    What is not allowed is not shown; whoever stands at the window is booked there.
    """
    provider = {role: site.as_(role, centre).get(desk.NEW) for role in PROVIDERS}
    official = site.as_(Role.OFFICIAL, centre).get(desk.NEW)

    offered = {role: ways(answer.text) for role, answer in provider.items()}
    assert [] == [role for role, found in offered.items() if "phone" in found]
    assert {"window"} == offered[Role.SUPPORT_STAFF]
    assert {"phone"} == ways(official.text)
    # The control: where the provider takes the calls, its agent is offered them.
    assert "phone" in ways(site.as_(Role.CALL_AGENT).get(desk.NEW).text)


@pytest.mark.req("YOKOSUKA-45")
@pytest.mark.parametrize("role", PROVIDERS)
def test_the_provider_lacks_the_permission_also_without_the_page(
    site: Site, centre: str, role: Role
) -> None:
    """
    The screen is not the only way in.
    """
    body = {
        "line": "card_delivery",
        "starts_at": "2026-12-21T13:00:00+09:00",
        "channel": "phone",
    }
    path = f"/api/v1/contracts/{centre}/reservations"

    refused = site.ask(site.stack.as_(role, centre).post(path, json=body))
    held = site.ask(site.stack.as_(Role.OFFICIAL, centre).post(path, json=body))

    assert (403, "NotYourDuty") == (refused.status_code, refused.json()["code"])
    assert 201 == held.status_code


@pytest.mark.req("YOKOSUKA-45")
def test_the_citys_staff_book_by_phone_at_the_same_desk(site: Site, centre: str) -> None:
    """
    There is no call centre of the provider here; the screen is the city's.
    """
    official = site.as_(Role.OFFICIAL, centre)
    held = official.send(official.form(desk.NEW, "hold"), when="12/21 13")
    done = official.send(form_in(held.text, "confirm"), **PERSON)

    assert 303 == done.status_code, done.text
    assert "予約済み" in official.get(done.headers["Location"]).text


@pytest.mark.req("AGEO-16", "AGEO-34")
def test_a_booking_from_a_booth_is_entered_elsewhere_and_so_confirmed(site: Site) -> None:
    """
    It stands in the queue with the way it came, until somebody notes the city's number.
    """
    let_booths_begin(site.stack.engine, site.stack.keys)
    operator, agent = (site.as_(role, "ageo") for role in (Role.OPERATOR, Role.CALL_AGENT))
    form = operator.form(desk.NEW, "hold")
    taken = operator.send(form, when="12/20 10", channel="booth", **PERSON)
    assert 303 == taken.status_code, taken.text
    path = taken.headers["Location"].partition("?")[0]

    queue = agent.get(desk.HOME).text
    row = queue[queue.index(path) :].partition("</tr>")[0]
    entry = agent.form(path, "do-record_external_entry")
    silent = agent.send(entry)
    entered = agent.send(agent.form(path, "do-record_external_entry"), reference="Y-2041")

    assert "オンライン窓口" in row
    assert "あと" in row or "まで" in row
    assert 422 == silent.status_code
    assert 303 == entered.status_code, entered.text
    page = agent.get(path).text
    assert "：予約済み" in page
    assert "Y-2041" in page
    assert path not in desk.section(agent.get(desk.HOME).text, "市のシステムに入力する")


def test_what_is_read_out_later_is_recorded_at_the_desk(site: Site) -> None:
    """
    Somebody calls back; the tick takes the booking off the list.
    """
    manager = site.stack.as_(Role.SITE_MANAGER)
    text = {"text": "運転免許証など、顔写真のある書類をお持ちください。"}
    site.ask(manager.post("/api/v1/contracts/ota/guidance", json=text))
    agent = site.as_(Role.CALL_AGENT)
    path = booked(agent, "12/21 13")

    form = agent.form(path, "guided")
    done = agent.send(form, version=desk.script_of(agent.get(path).text))

    assert 303 == done.status_code, done.text
    page = agent.get(path).text
    assert "読み上げて案内" in re.sub(r"<[^>]+>|\s", "", page)
    assert path not in agent.get(desk.HOME).text


def test_a_call_to_who_was_displaced_is_recorded(site: Site) -> None:
    """
    Nobody answered: it stays on the list, and the page says how often somebody tried.
    """
    agent = site.as_(Role.CALL_AGENT)
    path = booked(agent, "12/22 13")
    storm = {"calendar": "counter", "day": "2026-12-22", "cause": "大雪"}
    official = site.stack.as_(Role.OFFICIAL)
    closed = site.ask(official.post("/api/v1/contracts/ota/closures", json=storm))

    form = agent.form(path, "do-record_contact_attempt")
    done = agent.send(form, outcome="no_answer", reason="夕方にもう一度")

    assert 1 == closed.json()["displaced"]
    assert 303 == done.status_code, done.text
    assert "これまでの連絡 1回" in agent.get(path).text
    assert path in desk.section(agent.get(desk.HOME).text, "休止のため連絡する")


def booked(agent: Visitor, when: str) -> str:
    """Book at Ota's counter without reading anything out."""
    held = agent.send(agent.form(desk.NEW, "hold"), when=when)
    who = desk.caller().typed
    done = agent.send(form_in(held.text, "confirm"), **who)
    assert 303 == done.status_code, done.text
    return str(done.headers["Location"]).partition("?")[0]


def test_whoever_takes_the_calls_sees_on_their_first_page_that_somebody_waits(
    site: Site, centre: str
) -> None:
    """
    In Yokosuka that is the city, and nobody of the provider.
    """
    official = site.as_(Role.OFFICIAL, centre)
    held = official.send(official.form(desk.NEW, "hold"), when="12/22 15")
    done = official.send(form_in(held.text, "confirm"), **PERSON | {"phone": "046-822-4001"})

    assert 303 == done.status_code, done.text
    assert "対応を待つ予約" in official.get("/").text
    assert "対応を待つ予約なし" in site.as_(Role.CALL_AGENT, centre).get("/").text


@pytest.mark.req("YOKOSUKA-13")
def test_reception_offers_a_booking_to_who_came_without_one(site: Site, centre: str) -> None:
    """
    The refusal says when the next could be, and leads to where it is made.
    """
    staff, official = (site.as_(role, centre) for role in (Role.SUPPORT_STAFF, Role.OFFICIAL))
    with at(site, datetime(2026, 12, 18, 11, 0, tzinfo=TOKYO)):
        held = official.send(official.form(desk.NEW, "hold"), when="12/18 11:30")
        done = official.send(
            form_in(held.text, "confirm"), **PERSON | {"phone": "046-822-4002"}
        )
        page = official.get(done.headers["Location"]).text
        number = re.search(r"YOKOSUKA-R26-\d{6}-\d", page)
        form = staff.form("/visits/new", "/visits/new")
        given = {"procedure": "card_delivery", "channel": "centre"}

        refused = staff.send(form, **given)
        received = staff.send(
            form_in(refused.text, "/visits/new"),
            **given,
            reservation=number[0] if number else "",
        )

    assert 409 == refused.status_code
    assert "次に空いている時間は12月18日（金）" in refused.text
    assert 'href="/reservations/new"' in refused.text
    assert 303 == received.status_code, received.text
