"""How pages say times, fold idle days, mark differences and guard what they export."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from api.pages import rendering, supervisor, times
from api.pages.desk.sending import own_path
from api.pages.lots.differences import birth_words, compare_lists, marked
from api.pages.status import status_of
from api.pages.timeline import days_of
from domain.case import CaseKind, CaseRef, StatusWord
from store.cases import CaseFile, TimelineEvent

TOKYO = ZoneInfo("Asia/Tokyo")
NOW = datetime(2026, 7, 18, 10, 0, tzinfo=TOKYO)


def file(**given: Any) -> CaseFile:
    """Return a card in good time."""
    due = given.pop("due_at", NOW + timedelta(days=9))
    ref = CaseRef(
        case_id="c",
        municipality="ota",
        contract="ota",
        contract_version="v",
        opened_on=date(2026, 7, 1),
    )
    given = {"stage": "matched", "closed_at": None, "state": {}, "owner": "clerk"} | given
    return CaseFile(
        ref=ref,
        kind=CaseKind.CARD,
        case_number=given.pop("case_number", "OTA-K26-000001-3"),
        due_at=due,
        target_at=due,
        stuck=given.pop("stuck", None),
        stuck_at=None,
        escalated_to=None,
        opened_at=NOW,
        last_seq=1,
        last_hash="",
        **given,
    )


def event(at: datetime, action: str = "seal", role: str | None = "clerk") -> TimelineEvent:
    """Return one line of a record."""
    return TimelineEvent(
        seq=1,
        at=at,
        action=action,
        actor="a",
        actor_name="佐藤",
        role=role,
        reason=None,
        detail={},
        hash="",
        prev_hash="",
    )


def test_a_due_date_says_how_long_there_is() -> None:
    """
    People think in days from today, not in dates.
    """
    due = datetime(2026, 7, 20, 23, 59, 59, tzinfo=TOKYO)

    assert "7月20日（月）まで・あと2日" == times.until_words(due, NOW)
    assert "7月20日（月）まで・本日" == times.until_words(due, due)
    assert "7月20日（月）まで・3日超過" == times.until_words(due, due + timedelta(days=3))


def test_a_day_is_a_day_in_tokyo() -> None:
    """
    A database answers in UTC.
    """
    evening = datetime(2026, 7, 18, 23, 30, tzinfo=ZoneInfo("UTC"))

    assert "7月19日（日） 8:30" == times.moment_words(evening)


@pytest.mark.parametrize(
    ("given", "word", "why"),
    [
        ({}, StatusWord.IN_PROGRESS, ""),
        ({"due_at": NOW - timedelta(hours=1)}, StatusWord.OVERDUE, ""),
        ({"due_at": NOW + timedelta(days=1)}, StatusWord.DUE_SOON, ""),
        ({"stage": "undecided"}, StatusWord.WAITING, "不一致の判断"),
        (
            {"stage": "handed_over", "due_at": NOW - timedelta(days=1)},
            StatusWord.OVERDUE,
            "市職員の受領待ち",
        ),
        ({"due_at": None, "suspended": True}, StatusWord.WAITING, "期限停止中"),
        (
            {"due_at": None, "suspended": True, "stuck": "suspension_review_due"},
            StatusWord.WAITING,
            "停止の再確認",
        ),
        ({"stage": "done", "closed_at": NOW}, StatusWord.DONE, ""),
        ({"stage": "discarded", "closed_at": NOW}, StatusWord.WITHDRAWN, ""),
    ],
)
def test_a_case_stands_in_one_of_seven_words(
    given: dict[str, Any], word: StatusWord, why: str
) -> None:
    """
    Lateness is said first, and what it waits for beside it.
    """
    found = status_of(file(**given), NOW)

    assert (word, why) == (found.word, found.why)


def test_idle_days_are_folded_into_one_line() -> None:
    """
    Eleven empty days must not take eleven lines, and two events of a day one head.
    """
    events = [event(NOW), event(NOW), event(NOW + timedelta(days=11))]
    days = days_of(events, CaseKind.CARD)

    assert [(2, 0), (1, 11)] == [(len(day.lines), day.idle_days) for day in days]


def test_what_the_clock_missed_is_told_once() -> None:
    """
    A case that begins late hears several warnings in one second.
    """
    late = [event(NOW, "deadline_warned", None) for _ in range(3)]
    [day] = days_of([*late, event(NOW, "seal")], CaseKind.CARD)

    assert [("自動", 3), ("委", 1)] == [(line.side, line.times) for line in day.lines]


def test_only_what_differs_is_marked() -> None:
    """
    Widths are no difference, one character of a name is.
    """
    parts = marked("髙例　花子", ["髙例　花子", "高例 花子"])

    assert [("髙", True), ("例　花子", False)] == [(p.text, p.differs) for p in parts]
    assert [("ＡＢ", False)] == [(p.text, p.differs) for p in marked("ＡＢ", ["AB"])]


def test_lists_stand_side_by_side_also_where_one_is_missing() -> None:
    """
    A card that was not listed is compared with what there is.
    """
    found = compare_lists({"resident": {"name": "見本"}, "card_face": {"name": "見木"}})
    [row] = found.rows

    assert ("交付一覧表", "住民登録", "券面") == found.heads
    assert (False, None) == (row.same, row.cells[0])


def test_an_unknown_birthday_says_so() -> None:
    """
    不詳 stands in registers, and a made-up day would be wrong.
    """
    assert "1950年不詳" == birth_words({"year": 1950, "month": None, "day": None})
    assert "1950年4月不詳" == birth_words({"year": 1950, "month": 4, "day": None})
    assert "昭和25年4月2日（1950年）" == birth_words({"year": 1950, "month": 4, "day": 2})


def test_a_forms_key_is_never_taken_for_a_number() -> None:
    """
    It becomes the name of a slip, and one in a thousand would be refused.
    """
    keys = {rendering.new_key() for _ in range(500)}

    assert 500 == len(keys)
    assert not [key for key in keys if any(char.isdigit() for char in key)]


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_no_cell_of_an_export_is_a_formula(start: str) -> None:
    """
    A spreadsheet would run it.
    """
    text = supervisor.csv_of([file(case_number=f"{start}1+1")], NOW)

    assert f"'{start}1+1" in text


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/cases?due=late", "/cases?due=late"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("/a\r\nSet-Cookie: x", "/"),
        ("", "/"),
    ],
)
def test_people_are_sent_only_to_our_own_pages(path: str, expected: str) -> None:
    """
    Where to go on comes with the request, and may be forged.
    """
    assert expected == own_path(path)
