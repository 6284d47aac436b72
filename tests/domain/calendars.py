"""Plausible calendars for tests of the engine; the cities' own stand in their contracts."""

from datetime import date, time

from contracts.national_holidays import national_holidays
from domain.calendars.calendar import Calendar, Closing, Opening
from domain.calendars.day_rules import EveryYear, NthWeekday, OnHolidays, Weekday, Weekdays
from domain.calendars.hours import Hours, Intake

OFFICE_WEEK = (Weekday.MON, Weekday.TUE, Weekday.WED, Weekday.THU, Weekday.FRI)
YEAR_END = Closing(days=EveryYear(first="12-29", last="01-03"), label="年末年始")
HOLIDAYS = Closing(days=OnHolidays())
HOLIDAY_DATA = national_holidays(2020, 2032)


def hours(opens: str, closes: str, last: str | None = None, **more: object) -> Hours:
    """Return opening hours from clock texts."""
    until = time.fromisoformat(last) if last else None
    intake = Intake.WHOLE_MINUTE if last else Intake.EXACT
    return Hours(
        opens=time.fromisoformat(opens),
        closes=time.fromisoformat(closes),
        last_reception=until,
        intake=intake,
        **more,  # type: ignore[arg-type]
    )


def city_hall(**more: object) -> Calendar:
    """Return Monday to Friday, closed on holidays and at the year's end."""
    opening = Opening(
        days=Weekdays(weekdays=OFFICE_WEEK),
        hours=hours("08:30", "17:15"),
        closed_on=(HOLIDAYS, YEAR_END),
    )
    given = {"closed_label": "市役所の閉庁日", "holidays": HOLIDAY_DATA} | more
    return Calendar(name="counter", label="窓口", openings=(opening,), **given)  # type: ignore[arg-type]


def weekend_too() -> Calendar:
    """Return weekdays with a late Wednesday, the 2nd Sunday and the 3rd Saturday."""
    short = (Weekday.MON, Weekday.TUE, Weekday.THU, Weekday.FRI)
    shut = (HOLIDAYS, YEAR_END)
    weekend = hours("09:00", "16:00", "15:45")
    return Calendar(
        name="counter",
        label="窓口",
        holidays=HOLIDAY_DATA,
        openings=(
            Opening(
                days=Weekdays(weekdays=short),
                hours=hours("08:30", "17:15", "17:00"),
                closed_on=shut,
            ),
            Opening(
                days=Weekdays(weekdays=(Weekday.WED,)),
                hours=hours("08:30", "20:00", "19:45"),
                closed_on=shut,
            ),
            Opening(days=NthWeekday(nth=2, weekday=Weekday.SUN), hours=weekend),
            Opening(days=NthWeekday(nth=3, weekday=Weekday.SAT), hours=weekend),
        ),
    )


def card_centre() -> Calendar:
    """Return a centre open on weekends and holidays, shut on Wednesday and Thursday."""
    week = Weekdays(weekdays=(Weekday.MON, Weekday.TUE, Weekday.FRI))
    weekend = Weekdays(weekdays=(Weekday.SAT, Weekday.SUN))
    after = NthWeekday(nth=3, weekday=Weekday.SAT, days_after=1)
    return Calendar(
        name="centre",
        label="センター",
        closed_label="センターの休み",
        valid_from=date(2026, 8, 1),
        openings=(
            Opening(days=week, hours=hours("10:30", "18:30")),
            Opening(days=weekend, hours=hours("09:00", "17:00")),
        ),
        closings=(Closing(days=after), YEAR_END),
    )
