"""The window of the day: found by a receipt or a name, received, late, or another day's."""

from datetime import datetime, timedelta

import pytest

from domain.parties import Role
from tests.journeys import desk
from tests.journeys.bookings import FIRST, TOKYO, at
from tests.journeys.site import Form, Site, form_in


@pytest.mark.parametrize("by", ["code", "id", "kana"])
def test_who_is_here_is_found_by_their_receipt_or_their_name(desk_site: Site, by: str) -> None:
    """
    The code on the receipt is the number; a reader types it and presses Enter.
    """
    who = desk.caller()
    path = desk.book(desk.agent(desk_site), "9/10 12 中央", who)
    number = desk.number_of(desk.agent(desk_site).get(path).text)
    window = desk.agent(desk_site, Role.SUPPORT_STAFF)
    words = {"code": number.lower(), "id": desk.case_of(path), "kana": who.kana}[by]

    with at(desk_site, datetime(2022, 9, 10, 11, 55, tzinfo=TOKYO)):
        search = window.form(desk.ARRIVALS, f"{desk.ARRIVALS}/find")
        found = window.send(search, q=words)
        came = window.send(form_in(found.text, f"{desk.ARRIVALS}/{desk.case_of(path)}"))
        after = window.get(came.headers["Location"]).text

    assert f"{who.kana} 様" in found.text
    assert 303 == came.status_code
    assert f"{number} の来場を記録しました" in after
    assert "：来場" in desk.heading(desk.agent(desk_site).get(path).text)


def test_who_is_late_is_received_and_noted_as_late(desk_site: Site) -> None:
    """
    Chiba's rule lets people come during the whole hour.
    """
    paths = [desk.book(desk.agent(desk_site), "9/10 13 中央") for _ in range(2)]
    window = desk.agent(desk_site, Role.SUPPORT_STAFF)
    start = datetime(2022, 9, 10, 13, 0, tzinfo=TOKYO)
    for path, minutes in zip(paths, (60, 61), strict=True):
        with at(desk_site, start + timedelta(minutes=minutes)):
            page = window.get(desk.ARRIVALS).text
            window.send(form_in(page, f"{desk.ARRIVALS}/{desk.case_of(path)}"))
            told = window.get(desk.ARRIVALS).text

    assert ["遅れて来場" in desk.agent(desk_site).get(path).text for path in paths] == [
        False,
        True,
    ]
    assert "遅れて来場" in told


def test_nobody_is_noted_as_missing_before_their_time_is_over(desk_site: Site) -> None:
    """
    From then on whoever stands at the window may say so, and need not wait for the clock.
    """
    path = desk.book(desk.agent(desk_site), "9/10 15 中央")
    window = desk.agent(desk_site, Role.SUPPORT_STAFF)
    form, shown = f"{desk.ARRIVALS}/{desk.case_of(path)}/no-show", []
    for hour, minute in ((15, 59), (16, 0)):
        with at(desk_site, datetime(2022, 9, 10, hour, minute, tzinfo=TOKYO)):
            listed, own = window.get(desk.ARRIVALS).text, window.get(path).text
            shown.append((form in listed, "record_no_show" in own))

    assert [(False, False), (True, True)] == shown


def test_who_comes_on_another_day_is_told_which_and_offered_a_change(desk_site: Site) -> None:
    """
    They stand at the window; sending them home is the last thing to do.
    """
    path = desk.book(desk.agent(desk_site), "9/11 12 中央")
    number = desk.number_of(desk.agent(desk_site).get(path).text)
    window = desk.agent(desk_site, Role.SUPPORT_STAFF)
    search = window.form(desk.ARRIVALS, f"{desk.ARRIVALS}/find")

    found = window.send(search, q=number)
    forced = window.send(Form(to=f"{desk.ARRIVALS}/{desk.case_of(path)}", fields=search.fields))

    assert "予約は9月11日（日）です" in found.text
    assert 409 == forced.status_code
    assert "予約の日ではありません" in forced.text


def test_the_list_of_the_day_shows_no_names(desk_site: Site) -> None:
    """
    It is open all day on a screen that visitors can see.
    """
    who = desk.caller()
    path = desk.book(desk.agent(desk_site), "9/10 14 中央", who)
    window = desk.agent(desk_site, Role.SUPPORT_STAFF)

    page = window.get(f"{desk.ARRIVALS}?day={FIRST}").text

    assert desk.case_of(path) in page
    assert who.kana not in page
