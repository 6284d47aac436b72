"""Every date opens the sentence that explains it."""

from datetime import date, datetime, time
from typing import Any

import pytest

from domain.calendars.hours import TOKYO
from domain.deadlines.deadline import compute
from domain.deadlines.due_rules import DueType, FirstDay, NotComputable, Roll, Unit
from domain.deadlines.due_words import due_text, explain
from tests.domain.calendars import card_centre
from tests.domain.due_rules import OFFICE, rule, running


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (
            {},
            "納品日 7月6日の翌日を1日目として14日目。市役所の閉庁日のため目標は7月17日（金）",
        ),
        ({"amount": 1}, "納品日 7月6日の翌日を1日目として1日目"),
        ({"amount": 3, "first_day": FirstDay.SAME_DAY}, "納品日 7月6日を1日目として3日目"),
        ({"amount": 0}, "納品日 7月6日の当日"),
        ({"amount": -7}, "納品日 7月6日の7日前"),
        (
            {"unit": Unit.OPEN_DAYS, "amount": 1, "at": time(15)},
            "納品日 7月6日の翌開庁日の15:00",
        ),
        ({"unit": Unit.OPEN_DAYS, "amount": 3}, "納品日 7月6日の翌日から数えて3開庁日目"),
        ({"unit": Unit.OPEN_DAYS, "amount": -2}, "納品日 7月6日の2開庁日前"),
        (
            {"unit": Unit.DAY_OF_NEXT_MONTH, "amount": 11},
            "7月分は翌月11日まで。市役所の閉庁日のため目標は8月10日（月）",
        ),
        ({"unit": Unit.OPEN_DAY_OF_NEXT_MONTH, "amount": 3}, "7月分は翌月の3開庁日目まで"),
        ({"unit": Unit.MONTH_END, "amount": None}, "7月分はその月の末日まで"),
        (
            {"unit": Unit.LAST_OPEN_DAY_OF_WEEK, "amount": None},
            "納品日 7月6日の週の最後の開庁日まで",
        ),
        (
            {"unit": Unit.EXACT_DATE, "amount": None, "on": date(2027, 3, 31)},
            "仕様書が定める日 2027年3月31日（水）",
        ),
        (
            {"amount": 5, "due_type": DueType.PROMPTLY, "contractual": False},
            "納品日 7月6日の翌日を1日目として5日目。市役所の閉庁日のため目標は7月10日（金）。"
            "仕様書に長さの定めはなく（「速やかに」など）、契約上の期限ではない業務の目安",
        ),
        (
            {"roll": Roll.NEXT},
            "納品日 7月6日の翌日を1日目として14日目。市役所の閉庁日に当たるときは後の開庁日",
        ),
    ],
)
def test_each_way_of_counting_has_its_sentence(more: dict[str, Any], sentence: str) -> None:
    """A person can count along on a wall calendar."""
    assert sentence == explain(running(**more))


def test_hours_are_said_with_their_time() -> None:
    """A length in hours begins at a time, not on a day."""
    begun = datetime(2026, 7, 6, 10, 5, tzinfo=TOKYO)
    two = running(begun, unit=Unit.HOURS, amount=2)

    assert "納品日 7月6日 10:05から2時間" == explain(two)
    assert "7月6日（月） 12:05まで" == due_text(two)


def test_the_year_is_said_where_it_changes() -> None:
    """A date in January explained from December needs its year."""
    deadline = running(date(2026, 12, 26), calendar=OFFICE)

    assert "納品日 12月26日の翌日を1日目として14日目" == explain(deadline).split("。")[0]
    assert "2027年1月8日（金）" in explain(running(date(2026, 12, 27), amount=14))


def test_what_happened_to_a_date_is_part_of_its_reason() -> None:
    """Suspension and extension stand in the order they count."""
    now = datetime(2026, 7, 8, 10, tzinfo=TOKYO)
    stopped = running().suspend(now, reason="国のシステム停止", by="staff-7")
    resumed = stopped.resume(now.replace(day=13))
    longer = resumed.extend(
        date(2026, 8, 5), now=now.replace(day=14), reason="市の依頼", by="staff-7"
    )

    assert "7月8日から停止中（国のシステム停止）" in explain(stopped)
    assert (
        "納品日 7月6日の翌日を1日目として14日目。"
        "7月8日から7月13日までの停止5日を加算（国のシステム停止）。"
        "8月5日（水）まで延長（市の依頼）"
    ) == explain(longer)


def test_a_due_date_after_the_term_says_so() -> None:
    """People believe that everything ends with the contract."""
    found = compute(rule(), date(2027, 3, 24), OFFICE, term_end=date(2027, 3, 31))

    assert explain(found).endswith("契約期間の末日 2027年3月31日（水）より後")


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (
            {"unit": Unit.NOT_SET, "amount": None, "due_type": DueType.BY_AGREEMENT},
            "通知書の引渡しの期限は仕様書に定めがありません。市と協議して決めます",
        ),
        (
            {"unit": Unit.NOT_SET, "amount": None, "due_type": DueType.PROMPTLY},
            "通知書の引渡しは「速やかに」などとあり、長さの定めがありません",
        ),
        (
            {"unit": Unit.OPEN_DAY_OF_NEXT_MONTH, "amount": 3},
            "通知書の引渡しの期限は計算できません。数える期間に開いている日がありません",
        ),
    ],
)
def test_a_missing_date_says_why_it_is_missing(more: dict[str, Any], sentence: str) -> None:
    """An empty field would look like a fault of the program."""
    found = compute(rule(**more), date(2026, 5, 31), card_centre())

    assert isinstance(found, NotComputable)
    assert sentence == explain(found)


def test_a_day_is_said_as_people_say_it() -> None:
    """The list shows the due day, the sentence explains it."""
    daily = running(unit=Unit.OPEN_DAYS, amount=1, at=time(15))

    assert "7月20日（月）まで" == due_text(running())
    assert "7月7日（火） 15:00まで" == due_text(daily)
