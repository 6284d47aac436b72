"""The opening of a day at a venue or outside, against what its contract wants to be there."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from contracts.loader import load
from domain.booking.booking_errors import KitIncomplete, NoOfficialNamed
from domain.booking.venue_case import Stage, Step, Venue
from domain.booking.venue_opening import DayThere, KitItem, Mode, kit_of
from domain.errors import DomainError, FieldMissing, WrongStage
from tests.builders import at
from tests.venue_at_hand import an_agreed_venue

CAMERA, PRINTER = KitItem.DIGITAL_CAMERA, KitItem.MOBILE_PRINTER
TERMINAL, WIFI = KitItem.APPLICATION_TERMINAL, KitItem.POCKET_WIFI
DAY = date(2022, 8, 1)
NOW = at(DAY, "12:30")
CELLS = [
    ("chiba", Mode.PAPER, (CAMERA, PRINTER)),
    ("chiba", Mode.ONLINE, (TERMINAL,)),
    ("chiba", Mode.BOTH, (CAMERA, PRINTER, TERMINAL)),
    *(("ota", mode, (TERMINAL, WIFI)) for mode in Mode),
]


def in_use(city: str = "chiba", *days: DayThere) -> Venue:
    """Return an open venue of a city."""
    kit = kit_of(load(city).contract)
    return replace(an_agreed_venue(), stage=Stage.IN_USE, kit=kit, days=days)


def a_day(
    mode: Mode = Mode.BOTH, day: date = DAY, officials: tuple[str, ...] = ("official-1",)
) -> DayThere:
    """Return a day for which an official is named."""
    return DayThere(day=day, mode=mode, officials=officials)


@pytest.mark.req("CHIBA-15")
@pytest.mark.req("OTA-37")
@pytest.mark.parametrize(("city", "mode", "needed"), CELLS)
def test_a_day_begins_only_with_what_people_apply_with(
    city: str, mode: Mode, needed: tuple[KitItem, ...]
) -> None:
    """
    Chiba: camera and printer for forms by hand, a terminal for online; Ota outside: terminal
    and Wi-Fi. Each missing piece alone refuses the opening.
    """
    venue = in_use(city, a_day(mode))
    for missing in needed:
        counted = {item: 1 for item in KitItem if item is not missing}
        with pytest.raises(KitIncomplete):
            venue.start(DAY, counted, NOW)
    begun = venue.start(DAY, dict.fromkeys(needed, 2), NOW)

    assert begun.receives(DAY)
    assert dict.fromkeys(map(str, needed), 2) == begun.on(DAY).kit


@pytest.mark.parametrize("city", ["ota", "chiba"])
def test_a_day_with_no_official_named_cannot_begin(city: str) -> None:
    """
    The provider accompanies officials, and does not go alone.
    """
    everything = dict.fromkeys(KitItem, 1)
    with pytest.raises(NoOfficialNamed):
        in_use(city, a_day(officials=())).start(DAY, everything, NOW)


def test_a_day_goes_from_its_plan_to_its_end_once() -> None:
    """
    Only agreed days, one at a time; what has begun is not arranged anew, and is ended before
    its venue is.
    """
    everything = dict.fromkeys(KitItem, 1)
    venue = in_use().arrange(a_day()).arrange(a_day(Mode.PAPER))
    begun = venue.start(DAY, everything, NOW)
    over = begun.end(DAY, 120, NOW)
    steps: list[tuple[type[DomainError], Callable[[], Venue]]] = [
        (FieldMissing, lambda: venue.arrange(a_day(day=date(2022, 6, 1)))),
        (WrongStage, lambda: in_use().start(DAY, everything, NOW)),
        (WrongStage, lambda: begun.arrange(a_day())),
        (WrongStage, lambda: begun.advance(Step.CLOSE_VENUE)),
        (WrongStage, lambda: over.end(DAY, 1, NOW)),
        (WrongStage, lambda: replace(venue, stage=Stage.AGREED).arrange(a_day())),
    ]
    for error, step in steps:
        with pytest.raises(error):
            step()

    assert (1, Mode.PAPER) == (len(venue.days), venue.on(DAY).mode)
    assert (True, False) == (begun.receives(DAY), over.receives(DAY))
    assert (120, Stage.CLOSED) == (over.on(DAY).leaflets, over.advance(Step.CLOSE_VENUE).stage)
