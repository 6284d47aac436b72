"""The sentence that explains a due date to the person who looks at it.

Here: Japanese words for each way of counting. Not here: the dates themselves
(``domain/deadlines/deadline.py``), nor how a list shows them.
"""

from datetime import date, datetime

from domain.calendars.day_rules import day_ja
from domain.calendars.hours import clock, local
from domain.deadlines.deadline import Deadline, Extension, Flag
from domain.deadlines.due_rules import DueRule, DueType, FirstDay, NotComputable, Roll, Unit
from domain.deadlines.suspension import Suspension


def explain(deadline: Deadline | NotComputable) -> str:
    """Return why the date is what it is, in the order a person would count.

    ``納品日 7月6日の翌日を1日目として14日目。市役所の閉庁日のため目標は7月17日（金）``
    """
    if isinstance(deadline, NotComputable):
        return deadline.why
    parts = [
        _counted(deadline),
        _rolled(deadline),
        *(_paused(stop, deadline) for stop in deadline.suspensions),
        *(_granted(more, deadline) for more in deadline.extensions),
        _aimed(deadline),
        _bound(deadline.rule),
        _after_term(deadline),
    ]
    return "。".join(part for part in parts if part)


def due_text(deadline: Deadline) -> str:
    """Return ``7月20日（月）まで``, with the time of day where the clause has one."""
    day = day_ja(deadline.due_day)
    at = local(deadline.due_at)
    timed = deadline.rule.at is not None or deadline.rule.unit in (Unit.HOURS, Unit.MINUTES)
    return f"{day} {clock(at.time())}まで" if timed else f"{day}まで"


def _counted(deadline: Deadline) -> str:
    rule, amount = deadline.rule, deadline.rule.amount or 0
    anchor = f"{rule.anchor_label} {_short(deadline.anchor, deadline)}"
    word = deadline.horizon.open_label
    if rule.unit is Unit.CALENDAR_DAYS:
        return _days(rule, anchor, amount)
    if rule.unit is Unit.OPEN_DAYS:
        return _open_days(rule, anchor, amount, word)
    month = f"{local(deadline.anchor).month}月分"
    stated = day_ja(rule.on, year=True) if rule.on else ""
    phrases = {
        Unit.HOURS: f"{anchor}から{amount}時間",
        Unit.MINUTES: f"{anchor}から{amount}分",
        Unit.EXACT_DATE: f"仕様書が定める日 {stated}{_at(rule)}",
        Unit.DAY_OF_NEXT_MONTH: f"{month}は翌月{amount}日まで",
        Unit.OPEN_DAY_OF_NEXT_MONTH: f"{month}は翌月の{amount}{word}目まで",
        Unit.MONTH_END: f"{month}はその月の末日まで",
        Unit.LAST_OPEN_DAY_OF_WEEK: f"{anchor}の週の最後の{word}まで",
    }
    return phrases[rule.unit]


def _days(rule: DueRule, anchor: str, amount: int) -> str:
    if amount < 0:
        return f"{anchor}の{-amount}日前{_at(rule)}"
    if amount == 0:
        return f"{anchor}の当日{_at(rule)}"
    start = "の翌日を" if rule.first_day is FirstDay.DAY_AFTER else "を"
    return f"{anchor}{start}1日目として{amount}日目{_at(rule)}"


def _open_days(rule: DueRule, anchor: str, amount: int, word: str) -> str:
    if amount < 0:
        return f"{anchor}の{-amount}{word}前{_at(rule)}"
    if rule.first_day is FirstDay.SAME_DAY:
        return f"{anchor}から数えて{amount}{word}目{_at(rule)}"
    if amount == 1:
        return f"{anchor}の翌{word}{_at(rule)}"
    return f"{anchor}の翌日から数えて{amount}{word}目{_at(rule)}"


def _rolled(deadline: Deadline) -> str:
    if deadline.rule.roll is Roll.NONE or Flag.CLOSED_DAY in deadline.flags:
        return ""
    turn = "後" if deadline.rule.roll is Roll.NEXT else "前"
    return f"{deadline.horizon.closed_label}に当たるときは{turn}の{deadline.horizon.open_label}"


def _paused(stop: Suspension, deadline: Deadline) -> str:
    start = _short(stop.starts, deadline)
    if stop.ends is None:
        again = day_ja(stop.review_day(stop.reviewed + 1))
        return f"{start}から停止中（{stop.reason}）。停止の再確認は{again}"
    if deadline.rule.unit in (Unit.HOURS, Unit.MINUTES):
        minutes = int((stop.ends - stop.starts).total_seconds()) // 60
        return f"{start}からの停止{minutes}分を加算（{stop.reason}）"
    days = (local(stop.ends).date() - local(stop.starts).date()).days
    return f"{start}から{_short(stop.ends, deadline)}までの停止{days}日を加算（{stop.reason}）"


def _granted(more: Extension, deadline: Deadline) -> str:
    until = local(more.until).date()
    return f"{day_ja(until, year=_other_year(until, deadline))}まで延長（{more.reason}）"


def _aimed(deadline: Deadline) -> str:
    day = local(deadline.target_at).date()
    if day == deadline.due_day:
        return ""
    named = day_ja(day, year=_other_year(day, deadline))
    return f"{deadline.horizon.closed_label}のため目標は{named}"


def _bound(rule: DueRule) -> str:
    if rule.contractual:
        return ""
    said = "（「速やかに」など）" if rule.due_type is DueType.PROMPTLY else ""
    return f"仕様書に長さの定めはなく{said}、契約上の期限ではない業務の目安"


def _after_term(deadline: Deadline) -> str:
    if Flag.AFTER_TERM not in deadline.flags or deadline.term_end is None:
        return ""
    return f"契約期間の末日 {day_ja(deadline.term_end, year=True)}より後"


def _short(moment: datetime, deadline: Deadline) -> str:
    here = local(moment)
    day = f"{here.month}月{here.day}日"
    if deadline.rule.unit in (Unit.HOURS, Unit.MINUTES):
        return f"{day} {clock(here.time())}"
    return day


def _other_year(day: date, deadline: Deadline) -> bool:
    return day.year != local(deadline.anchor).year


def _at(rule: DueRule) -> str:
    return f"の{clock(rule.at)}" if rule.at else ""
