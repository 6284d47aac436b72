"""Turns the calendar section of a contract file into calendars.

Here: patterns of days, hours, references between calendars. Not here: holidays, which the
contract pins as a whole.
"""

from dataclasses import replace
from datetime import date, time

from contracts.leaves import at_time, clause, on_day, value, word, words
from contracts.lines import Path
from contracts.reading import Reader, Tree
from domain.calendars.calendar import Calendar, Closing, Opening
from domain.calendars.day_rules import (
    Between,
    DayRule,
    EveryYear,
    NthWeekday,
    OnHolidays,
    Weekday,
    Weekdays,
)
from domain.calendars.hours import Hours, Intake

_WAYS = ("weekdays", "nth", "national_holidays", "every_year", "between")
_EVERY_DAY = Weekdays(weekdays=tuple(Weekday))


def build_calendars(reader: Reader, section: Tree) -> tuple[Calendar, ...]:
    """Return the calendars of a contract; what is wrong is noted with the reader."""
    own = {
        name: _calendar(reader, name, tree)
        for name, tree in section.items()
        if not word(tree, "same_as")
    }
    shared: dict[str, Calendar] = {}
    for name, tree in section.items():
        other = word(tree, "same_as")
        if not other:
            continue
        if other not in own:
            message = f"「{other}」という暦はありません。あるのは {'、'.join(own)} です"
            reader.complain(("calendars", name, "same_as"), message)
            continue
        shared[name] = replace(own[other], name=name, label=word(tree, "label"))
    return (*own.values(), *shared.values())


def _calendar(reader: Reader, name: str, tree: Tree) -> Calendar:
    path: Path = ("calendars", name)
    rows = tree.get("open", [])
    if not rows:
        reader.complain(path, "開く日（[[calendars.….open]]）か same_as を書いてください")
    openings = tuple(
        opening
        for number, row in enumerate(rows)
        if (opening := _opening(reader, row, (*path, "open", number))) is not None
    )
    return Calendar(
        name=name,
        label=word(tree, "label"),
        openings=openings,
        closings=_closings(reader, tree.get("closed", []), (*path, "closed")),
        valid_from=on_day(tree, "valid_from"),
        valid_to=on_day(tree, "valid_to"),
        open_label=word(tree, "open_label") or "営業日",
        closed_label=word(tree, "closed_label") or "休業日",
        clause=clause(tree),
    )


def _opening(reader: Reader, row: Tree, path: Path) -> Opening | None:
    hours = _hours(reader, row, path)
    if hours is None:
        return None
    return Opening(
        days=_days(reader, row, path),
        hours=hours,
        closed_on=_closings(reader, row.get("except", []), (*path, "except")),
        clause=clause(row),
    )


def _hours(reader: Reader, row: Tree, path: Path) -> Hours | None:
    opens, closes = at_time(row, "opens"), at_time(row, "closes")
    if opens is None or closes is None:
        return None
    try:
        return Hours(
            opens=opens,
            closes=closes,
            ready_by=at_time(row, "ready_by"),
            last_reception=at_time(row, "last_reception"),
            intake=Intake(value(row, "intake") or Intake.EXACT),
            staff_from=at_time(row, "staff_from"),
            staff_to=at_time(row, "staff_to"),
        )
    except ValueError:
        order = "対応できる時刻 ≦ 開始 ＜ 受付終了 ≦ 終了"
        reader.complain(path, f"時刻の順が正しくありません。{order} にしてください")
        return Hours(opens=time(0, 0), closes=time(0, 0))


def _closings(reader: Reader, rows: Tree, path: Path) -> tuple[Closing, ...]:
    return tuple(
        Closing(
            days=_days(reader, row, (*path, number)),
            label=word(row, "label"),
            clause=clause(row),
        )
        for number, row in enumerate(rows)
    )


def _days(reader: Reader, row: Tree, path: Path) -> DayRule:
    named = [way for way in _WAYS if value(row, way) is not None]
    if not reader.is_clean(path):
        return _EVERY_DAY
    if len(named) != 1:
        reader.complain(path, f"日の決め方は {'・'.join(_WAYS)} のどれか一つにしてください")
        return _EVERY_DAY
    try:
        return _pattern(row, named[0])
    except (ValueError, IndexError):
        reader.complain((*path, named[0]), _REMEDY[named[0]])
        return _EVERY_DAY


_REMEDY = {
    "weekdays": "曜日は一つ以上を、重ねずに書いてください",
    "nth": 'nth = 3 と weekday = "SAT" を組で書いてください',
    "national_holidays": "true にしてください",
    "every_year": '["12-29", "01-03"] のように、始まりと終わりを書いてください',
    "between": '["2026-12-29", "2027-01-03"] のように、始まりと終わりを書いてください',
}


def _pattern(row: Tree, way: str) -> DayRule:
    found = value(row, way)
    match way:
        case "weekdays":
            return Weekdays(weekdays=tuple(Weekday(name) for name in found))
        case "nth":
            return NthWeekday(
                nth=found,
                weekday=Weekday(word(row, "weekday")),
                days_after=value(row, "days_after") or 0,
            )
        case "national_holidays":
            if found is not True:
                raise ValueError("a row that names nothing")
            return OnHolidays()
        case "every_year":
            first, last = words(row, way)
            return EveryYear(first=first, last=last)
        case _:
            begins, ends = (date.fromisoformat(end) for end in words(row, way))
            return Between(first=begins, last=ends)
