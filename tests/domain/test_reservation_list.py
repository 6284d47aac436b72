"""The reservation list as a value: its order, its columns, what is open."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from domain.booking.booking_rules import BookingChannel
from domain.booking.reservation_list import COLUMNS, LISTED, ListRow, ReservationList
from domain.booking.reservation_parts import STAGE_TEXT, Stage
from domain.calendars.hours import TOKYO

ONE = datetime(2022, 8, 1, 13, 0, tzinfo=TOKYO)
DAY = ONE.date()


def a_row(**more: Any) -> ListRow:
    """Return a confirmed booking of two at one o'clock."""
    given: dict[str, Any] = {
        "case_id": "case-1",
        "starts_at": ONE,
        "ends_at": ONE + timedelta(hours=1),
        "venue": "中央モール",
        "line": "申請受付",
        "number": "CHIBA-R22-000001-8",
        "kana": "チバ ハナコ",
        "name": "千葉 花子",
        "people": 2,
        "phone": "043-245-5111",
        "channel": BookingChannel.WEB,
        "stage": Stage.CONFIRMED,
        "guided": True,
    }
    return ListRow(**(given | more))


def a_list(*rows: ListRow, last: date | None = DAY) -> ReservationList:
    """Return the list of a day."""
    return ReservationList(city_name="千葉市", first=DAY, last=last, as_of=ONE, rows=rows)


def test_a_row_has_a_text_for_every_column() -> None:
    """
    In the order of the heads.
    """
    assert (
        "2022-08-01",
        "13:00～14:00",
        "中央モール",
        "申請受付",
        "CHIBA-R22-000001-8",
        "チバ ハナコ",
        "千葉 花子",
        "2",
        "043-245-5111",
        "WEB",
        "予約済み",
        "済",
    ) == a_row().cells()
    assert len(COLUMNS) == len(a_row().cells())


@pytest.mark.req("CHIBA-28")
@pytest.mark.parametrize("stage", LISTED)
@pytest.mark.parametrize("guided", [True, False])
def test_open_is_what_is_confirmed_and_not_guided(stage: Stage, guided: bool) -> None:
    """
    Who has come, or does not come any more, needs no guidance.
    """
    row = a_row(stage=stage, guided=guided)

    assert (stage is Stage.CONFIRMED and not guided) == row.open
    assert ("未" if row.open else "済" if guided else "") == row.guided_text


def test_a_list_counts_who_comes() -> None:
    """
    Who cancelled stays on it, and is no visitor.
    """
    paper = a_list(a_row(guided=False), a_row(stage=Stage.CANCELLED, people=5), a_row(people=1))

    assert (2, 3, 1, 1) == (paper.bookings, paper.people, paper.cancelled, paper.open)


@pytest.mark.req("CHIBA-27")
def test_a_list_out_of_order_is_none() -> None:
    """
    Whoever makes one has to sort it.
    """
    later = a_row(starts_at=ONE + timedelta(hours=1), ends_at=ONE + timedelta(hours=2))

    a_list(a_row(), later)
    with pytest.raises(ValueError, match="order"):
        a_list(later, a_row())


def test_a_list_says_which_days_it_is_about() -> None:
    """
    One, several, or one and all that follow.
    """
    one = a_list()

    assert "予約受付一覧 2022年8月1日（月）" == one.title
    assert "2022年8月1日（月）以後" == a_list(last=None).days_text
    several = replace(one, last=DAY + timedelta(days=1))
    assert "2022年8月1日（月）～2022年8月2日（火）" == several.days_text


def test_every_stage_but_those_of_a_mere_hold_is_listed() -> None:
    """
    A new stage has to be decided on.
    """
    assert set(Stage) - set(LISTED) == {Stage.HELD, Stage.LAPSED}
    assert "来場（遅れ）" == a_row(stage=Stage.ARRIVED, late=True).state_text
    assert "予約済み（要電話）" == a_row(must_phone=True).state_text
    assert set(STAGE_TEXT) == set(Stage)
