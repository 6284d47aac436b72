"""The calendar's free, few and full, day by day and for parties of any size."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from api.pages.booking.booking_views import Offer, Room, first_free, month_of, times_of

TOKYO = ZoneInfo("Asia/Tokyo")
TODAY, LAST = date(2022, 9, 9), date(2022, 10, 9)


def offer(day: date, hour: int = 10, free: int = 12, *, closed: bool = False) -> Offer:
    """One time, as the inventory tells it."""
    starts_at = datetime(day.year, day.month, day.day, hour, tzinfo=TOKYO)
    state = "closed" if closed else "full" if not free else "few" if free <= 3 else "free"
    return Offer.of(
        {
            "venue": "chuo",
            "starts_at": starts_at.isoformat(),
            "ends_at": (starts_at + timedelta(hours=1)).isoformat(),
            "free": free,
            "capacity": 12,
            "state": state,
        }
    )


def rooms(*offers: Offer, places: int = 1, first: date = date(2022, 9, 1)) -> dict[int, Room]:
    """Return how the days of a month are shown."""
    month = month_of(first, offers, places=places, today=TODAY, window=(TODAY, LAST))
    return {cell.day.day: cell.room for week in month.weeks for cell in week if cell}


def test_a_day_is_free_few_full_or_not_offered() -> None:
    """What a citizen looks for first."""
    shown = rooms(
        offer(date(2022, 9, 10)),
        offer(date(2022, 9, 11), free=2),
        offer(date(2022, 9, 12), free=0),
        offer(date(2022, 9, 13), closed=True, free=0),
    )

    assert [Room.FREE, Room.FEW, Room.FULL, Room.CLOSED, Room.CLOSED] == [
        shown[day] for day in (10, 11, 12, 13, 14)
    ]


def test_days_after_the_window_cannot_be_booked_yet() -> None:
    """They are not closed: they only wait for their turn."""
    shown = rooms(offer(date(2022, 10, 9)), first=date(2022, 10, 1))

    assert (Room.FREE, Room.NOT_YET) == (shown[9], shown[10])


def test_a_day_without_room_for_all_of_a_party_is_full_for_it() -> None:
    """Two places at ten and two at eleven are no four."""
    two_and_two = [offer(date(2022, 9, 10), hour, free=2) for hour in (10, 11)]

    assert Room.FEW is rooms(*two_and_two, places=2)[10]
    assert Room.FULL is rooms(*two_and_two, places=4)[10]


def test_times_of_a_party_are_judged_one_by_one() -> None:
    """The list of a day and the first free time agree."""
    day = [offer(date(2022, 9, 10), hour, free=free) for hour, free in ((11, 5), (10, 1))]

    assert [Room.FULL, Room.FREE] == [time.room for time in times_of(day, 3)]
    found = first_free(day, 3)
    assert found is not None
    assert 11 == found.starts_at.hour
    assert first_free(day, 6) is None


def test_one_turns_only_to_months_in_which_something_can_be_booked() -> None:
    """An empty month is a dead end."""
    first = month_of(date(2022, 9, 1), [], places=1, today=TODAY, window=(TODAY, LAST))
    second = month_of(date(2022, 10, 1), [], places=1, today=TODAY, window=(TODAY, LAST))

    assert (None, date(2022, 10, 1)) == (first.before, first.after)
    assert (date(2022, 9, 1), None) == (second.before, second.after)


def test_weeks_begin_on_sunday_and_hold_their_month_alone() -> None:
    """As calendars in Japan do."""
    month = month_of(date(2022, 9, 1), [], places=1, today=TODAY, window=(TODAY, LAST))

    assert [None] * 4 == list(month.weeks[0][:4])
    assert [4, 11, 18, 25] == [w[0].day.day for w in month.weeks[1:] if w[0]]
    assert [TODAY] == [cell.day for week in month.weeks for cell in week if cell and cell.today]
