"""What each city's contract says of its bookings, line by line."""

from dataclasses import fields
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from contracts.loader import FOLDER, load, load_text, profile_as_json
from domain.booking.booking_rules import (
    BookingChannel,
    BookingLine,
    BookingMode,
    Reminder,
    VenueSource,
)
from domain.contract import deadline
from domain.deadlines.deadline import Deadline
from domain.deadlines.due_rules import DueType
from domain.parties import Party
from tests.contracts.cities import SLUGS, at, calendar, city

WEB, PHONE, WINDOW, BOOTH = BookingChannel
FAMILY = {"party_max": 6, "per_contact_max": 5}
OURS = FAMILY | {
    "mode": BookingMode.OWN,
    "opens_days_before": 30,
    "hold_minutes": 10,
    "return_minutes": 10,
    "no_show_minutes": 30,
}

LINES: dict[tuple[str, str], dict[str, Any]] = {
    ("chiba", "application"): OURS
    | {
        "label": "申請受付",
        "procedures": ("application_reception",),
        "calendar": "venue",
        "venues": VenueSource.PLANNED,
        "slot_minutes": 60,
        "per_slot": 12,
        "per_hour": 12,
        "per_day": 80,
        "late_minutes": 60,
        "channels": (WEB, PHONE, WINDOW),
        "reissue_question": True,
        "clause": "第2-1(1)イウ",
    },
    ("chiba", "delivery"): {
        "label": "交付受付",
        "mode": BookingMode.WALK_IN,
        "procedures": ("delivery_reception",),
        "calendar": "venue",
        "venues": VenueSource.PLANNED,
        "per_hour": 3,
        "per_day": 20,
        "clause": "第2-1(1)ウ",
    },
    ("yokosuka", "card_delivery"): OURS
    | {
        "label": "カード交付",
        "procedures": ("card_delivery", "card_delivery_proxy"),
        "calendar": "centre",
        "venues": VenueSource.SITE,
        "site": "centre",
        "slot_minutes": 30,
        "per_slot": 8,
        "per_day": 128,
        "late_minutes": 15,
        "channels": (WEB, PHONE, WINDOW),
        "phone_party": Party.CITY,
        "required": True,
        "clause": "§6(2)ア",
    },
    ("yokosuka", "others"): {
        "label": "電子証明書の更新等その他の業務",
        "mode": BookingMode.WALK_IN,
        "procedures": (
            "certificate_issue_renewal",
            "certificate_issue_renewal_proxy",
            "pin_initialise_change",
            "pin_initialise_change_proxy",
            "loss_abolition_return",
            "printed_items_change",
            "face_authentication_card",
            "express_issue",
            "other",
        ),
        "calendar": "centre",
        "venues": VenueSource.SITE,
        "site": "centre",
        "phone_party": Party.CITY,
        "clause": "§6(2)ア",
    },
    ("ota", "card_delivery"): OURS
    | {
        "label": "カードの受取",
        "procedures": ("card_delivery",),
        "calendar": "counter",
        "venues": VenueSource.SITE,
        "site": "city_hall",
        "slot_minutes": 30,
        "per_slot": 6,
        "late_minutes": 15,
        "channels": (PHONE,),
        "entry_due": "reservation_entry",
        "clause": "§6(3)①",
    },
    ("ageo", "card_delivery"): FAMILY
    | {
        "label": "カードの交付等の予約",
        "mode": BookingMode.CITY_SYSTEM,
        "channels": (PHONE, BOOTH),
        "entry_due": "reservation_entry",
        "clause": "§5(3)③(ウ)",
    },
}
"""What differs from a line's defaults; everything else is compared as well."""


@pytest.mark.parametrize(("slug", "line_id"), LINES)
def test_each_line_is_what_its_contract_says(slug: str, line_id: str) -> None:
    """Every value of every line, so that a slip of the hand is seen."""
    expected = BookingLine(id=line_id, **LINES[slug, line_id])
    found = city(slug).booking(line_id)

    for field in fields(BookingLine):
        assert getattr(expected, field.name) == getattr(found, field.name), field.name


def test_no_contract_has_a_line_beside_these() -> None:
    """Urasoe takes no bookings at all."""
    found = {(slug, line.id) for slug in SLUGS for line in city(slug).bookings}

    assert found == LINES.keys()
    assert () == city("urasoe").bookings


def test_every_line_reminds_on_the_day_before() -> None:
    """No contract names a time; ten in the morning is ours."""
    for slug, line_id in LINES:
        line = city(slug).booking(line_id)

        assert Reminder(days_before=1, at=time(10)) == line.reminder
        assert time(0) == line.opens_at
        assert 0 == line.closes_minutes_before


def test_chibas_day_has_fewer_places_than_its_hours() -> None:
    """12 an hour for 7 hours are 84, and the day has 80: both limits hold."""
    line = city("chiba").booking("application")
    venue = calendar("chiba", "venue")

    for day in (date(2022, 8, 1), date(2022, 8, 7)):
        hours = venue.day(day).hours
        assert hours is not None
        assert 84 == (hours.closes.hour - hours.opens.hour) * (line.per_hour or 0)
    assert 80 == line.per_day


def test_yokosukas_slots_together_are_the_places_of_the_day() -> None:
    """Sixteen slots of eight, on weekdays and on weekends."""
    line = city("yokosuka").booking("card_delivery")
    centre = calendar("yokosuka", "centre")

    for day in (date(2026, 8, 3), date(2026, 8, 1)):
        opens, closes = centre.day(day).opens_at, centre.day(day).closes_at
        assert isinstance(opens, datetime)
        assert isinstance(closes, datetime)
        slots = (closes - opens) // timedelta(minutes=line.slot_minutes)
        assert (16, line.per_day) == (slots, slots * line.per_slot)


def test_yokosukas_telephone_is_the_citys() -> None:
    """Duty ツ: the provider books at the window, and on the web nobody asks who."""
    line = city("yokosuka").booking("card_delivery")

    assert line.takes(PHONE, Party.CITY)
    assert not line.takes(PHONE, Party.PROVIDER)
    assert line.takes(WINDOW, Party.PROVIDER)


def test_otas_mode_changes_by_one_word() -> None:
    """Which system keeps the bookings is open; either answer has to work at once."""
    text = (FOLDER / "ota.toml").read_text(encoding="utf-8")
    assert 1 == text.count('mode = { value = "own"')
    other = text.replace('mode = { value = "own"', 'mode = { value = "city_system"')
    own = load("ota").contract.booking("card_delivery")
    citys = load_text(other, "ota.toml").contract.booking("card_delivery")

    assert own.has_slots
    assert citys.is_entered_elsewhere
    assert (VenueSource.NONE, None) == (citys.venues, citys.site)
    assert own.takes(PHONE, Party.PROVIDER)
    assert citys.takes(PHONE, Party.PROVIDER)


@pytest.mark.parametrize(
    ("slug", "taken", "due"),
    [("ageo", "19:30", "20:30"), ("ota", "09:00", "10:00")],
)
def test_what_is_entered_elsewhere_is_due_within_the_hour(
    slug: str, taken: str, due: str
) -> None:
    """The hour is assumed: missing it is stuck work, and no breach of contract."""
    contract = city(slug)
    rule_id = contract.booking("card_delivery").entry_due or ""
    found = deadline(contract, rule_id, at("2026-07-06", taken))

    assert isinstance(found, Deadline)
    assert at("2026-07-06", due) == found.due_at
    assert DueType.NOT_STATED is found.rule.due_type
    assert not found.rule.contractual


@pytest.mark.parametrize(("slug", "line_id"), LINES)
def test_the_profile_shows_every_value_of_a_line_with_its_origin(
    slug: str, line_id: str
) -> None:
    """What the interface answers: a clause, or the mark that the value is ours."""
    shown = profile_as_json(load(slug))
    number = [line.id for line in city(slug).bookings].index(line_id)
    row = shown["values"]["bookings"][number]
    reminder = row.pop("reminder", {})

    assert line_id == row["id"]["value"] == shown["bookings"][number]["id"]
    assert city(slug).booking(line_id).mode == shown["bookings"][number]["mode"]
    for key, said in (row | reminder).items():
        assert said["clause"] or said.get("assumed"), key


@pytest.mark.parametrize(
    ("slug", "line_id", "key", "question"),
    [
        ("chiba", "application", "opens_days_before", "Q-CHIBA-05"),
        ("chiba", "application", "closes_minutes_before", "Q-CHIBA-05"),
        ("chiba", "application", "per_day", "Q-CHIBA-02"),
        ("chiba", "application", "people_use_places", "Q-CHIBA-13"),
        ("yokosuka", "card_delivery", "mode", "Q-YOKOSUKA-12"),
        ("yokosuka", "card_delivery", "slot_minutes", "Q-YOKOSUKA-11"),
        ("ota", "card_delivery", "mode", "Q-OTA-11"),
    ],
)
def test_what_is_open_names_its_question(
    slug: str, line_id: str, key: str, question: str
) -> None:
    """The city's answer then changes one value."""
    contract = city(slug)
    number = [line.id for line in contract.bookings].index(line_id)
    (fact,) = (f for f in contract.facts if f.path == f"bookings.{number}.{key}")

    assert question == fact.question
    assert question in contract.open_questions
