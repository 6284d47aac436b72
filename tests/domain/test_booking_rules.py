"""A line that can be booked refuses rules that could never be kept."""

from datetime import time

import pytest

from domain.booking.booking_rules import (
    BookingChannel,
    BookingLine,
    BookingMode,
    Reminder,
    VenueSource,
)
from domain.parties import Party


def line(**more: object) -> BookingLine:
    """Return a line whose bookings are ours: six places every half hour."""
    given: dict[str, object] = {
        "id": "delivery",
        "label": "交付",
        "mode": BookingMode.OWN,
        "calendar": "counter",
        "venues": VenueSource.SITE,
        "site": "hall",
        "slot_minutes": 30,
        "per_slot": 6,
        "channels": (BookingChannel.WEB, BookingChannel.PHONE),
    }
    return BookingLine(**(given | more))  # type: ignore[arg-type]


ELSEWHERE: dict[str, object] = {
    "mode": BookingMode.CITY_SYSTEM,
    "venues": VenueSource.NONE,
    "site": None,
    "entry_due": "reservation_entry",
}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"id": ""}, "id and a label"),
        ({"label": "　"}, "id and a label"),
        ({"channels": (BookingChannel.WEB, BookingChannel.WEB)}, "twice"),
        ({"channels": ()}, "channels"),
        ({"calendar": ""}, "calendar"),
        ({"site": None}, "site is named"),
        ({"venues": VenueSource.PLANNED}, "site is named"),
        ({"venues": VenueSource.NONE, "site": None}, "places"),
        ({"slot_minutes": 0}, "slots"),
        ({"per_slot": 0}, "slots"),
        ({"per_slot": -1}, "at least 0"),
        ({"per_hour": 0}, "at least 1"),
        ({"per_day": 0}, "at least 1"),
        ({"opens_days_before": -1}, "at least 0"),
        ({"closes_minutes_before": -1}, "at least 0"),
        ({"hold_minutes": 0}, "at least 1"),
        ({"return_minutes": -1}, "at least 0"),
        ({"late_minutes": -1}, "at least 0"),
        ({"no_show_minutes": -1}, "at least 0"),
        ({"party_max": 0}, "at least 1"),
        ({"per_contact_max": 0}, "at least 1"),
        ({"per_hour": 12, "slot_minutes": 45}, "fill an hour"),
        ({"party_max": 7}, "never find room"),
        ({"party_max": 6, "per_day": 5}, "never find room"),
        (ELSEWHERE | {"entry_due": None}, "due rule"),
        (ELSEWHERE | {"channels": ()}, "channels"),
        (ELSEWHERE | {"venues": VenueSource.PLANNED}, "city system's"),
        ({"mode": BookingMode.WALK_IN, "required": True}, "no booking to show"),
    ],
)
def test_a_line_that_could_not_be_kept_is_refused(wrong: dict[str, object], said: str) -> None:
    """A mistake is found when a contract is read, not when the first citizen books."""
    with pytest.raises(ValueError, match=said):
        line(**wrong)


def test_a_party_that_shares_a_place_may_be_larger_than_the_slot() -> None:
    """Where people take no places, one booking is one place."""
    family = line(people_use_places=False, party_max=7)

    assert 1 == family.places_for(7)
    assert 3 == line(party_max=3).places_for(3)
    with pytest.raises(ValueError, match="at least one"):
        family.places_for(0)


@pytest.mark.parametrize(
    ("channel", "party", "taken"),
    [
        (BookingChannel.WEB, None, True),
        (BookingChannel.PHONE, Party.CITY, True),
        (BookingChannel.PHONE, Party.PROVIDER, False),
        (BookingChannel.PHONE, None, False),
        (BookingChannel.BOOTH, Party.PROVIDER, False),
    ],
)
def test_only_whose_duty_it_is_books_by_telephone(
    channel: BookingChannel, party: Party | None, taken: bool
) -> None:
    """And nobody by a channel the line does not have."""
    assert taken == line(phone_party=Party.CITY).takes(channel, party)


@pytest.mark.parametrize(
    ("mode", "slots", "elsewhere", "bookable"),
    [
        (BookingMode.OWN, True, False, True),
        (BookingMode.CITY_SYSTEM, False, True, True),
        (BookingMode.WALK_IN, False, False, False),
        (BookingMode.UNSET, False, False, False),
    ],
)
def test_a_mode_says_what_can_be_done(
    mode: BookingMode, slots: bool, elsewhere: bool, bookable: bool
) -> None:
    """Nothing is bookable by default."""
    sample = line(**(ELSEWHERE | {"mode": mode})) if mode is not BookingMode.OWN else line()

    assert (slots, elsewhere, bookable) == (
        sample.has_slots,
        sample.is_entered_elsewhere,
        sample.is_bookable,
    )
    assert bookable == sample.takes(BookingChannel.WEB)


def test_a_reminder_comes_before_the_visit() -> None:
    """The day itself is early enough, the day after is not."""
    assert time(7) == Reminder(days_before=0, at=time(7)).at
    with pytest.raises(ValueError, match="before the visit"):
        Reminder(days_before=-1)


def test_every_channel_has_its_word() -> None:
    """Lists and figures name it."""
    words = [channel.ja for channel in BookingChannel]

    assert ["WEB", "電話", "窓口", "オンライン窓口"] == words
