"""Turns the bookings section of a contract file into lines that can, or cannot, be booked.

Here: what a line needs under its mode, what contradicts what, and what it refers to. Not
here: slots and claims, which follow from the line (``domain/booking/slots.py``).

The values of a mode that is not in force may stand in the file: whether bookings are ours or
the city's is often open for long, and then changes by one word.
"""

from collections.abc import Iterator
from typing import Any

from contracts.leaves import at_time, clause, value, word, words
from contracts.lines import Path
from contracts.parameters import RETIRED
from contracts.reading import Reader, Tree
from domain.booking.booking_rules import (
    BookingChannel,
    BookingLine,
    BookingMode,
    Reminder,
    VenueSource,
)
from domain.contract_parts import SiteKind
from domain.parties import Party

_BOOKABLE = ("channels", "party_max", "per_contact_max", "reminder")
_VALUED = {
    BookingMode.OWN: (
        *_BOOKABLE,
        "calendar",
        "venues",
        "slot_minutes",
        "per_slot",
        "opens_at",
        "closes_minutes_before",
        "hold_minutes",
        "return_minutes",
        "no_show_minutes",
        "people_use_places",
    ),
    BookingMode.CITY_SYSTEM: (*_BOOKABLE, "entry_due"),
}
_WRITTEN = {BookingMode.OWN: ("per_hour", "per_day", "opens_days_before", "late_minutes")}
"""What may be unset, but not forgotten: no limit is a statement too."""


def build_bookings(reader: Reader, tree: Tree) -> tuple[BookingLine, ...]:
    """Return the lines of a contract; what is wrong is noted with the reader."""
    rows = tree.get("bookings", [])
    if rows:
        _check_retired(reader, tree.get("parameters", {}))
    lines = []
    for number, row in enumerate(rows):
        path: Path = ("bookings", number)
        phone = _phone_party(row, tree)
        for key, message in _references(rows, number, tree):
            reader.complain((*path, key), message)
        if not reader.is_clean(path):
            continue
        if missing := _missing(row, _mode(row)):
            message = f"mode = {_mode(row)} には {'、'.join(missing)} が要ります"
            reader.complain((*path, "mode"), message)
            continue
        for key, message in _contradictions(row, _mode(row), phone):
            reader.complain((*path, key), message)
        if reader.is_clean(path):
            lines.append(_line(row, _mode(row), phone or Party.PROVIDER))
    return tuple(lines)


def _mode(row: Tree) -> BookingMode:
    return BookingMode(word(row, "mode") or BookingMode.UNSET)


def _phone_party(row: Tree, tree: Tree) -> Party | None:
    """Who answers the telephone of the contract also takes its bookings, unless said."""
    answering = word(tree.get("parameters", {}).get("call_centre", {}), "phone_party")
    said = word(row, "phone_party") or answering
    return Party(said) if said in tuple(Party) else None


def _check_retired(reader: Reader, parameters: Tree) -> None:
    for group, keys in RETIRED.items():
        for key in keys:
            if key in parameters.get(group, {}):
                message = "予約の受付ごとの値です。[[bookings]] に書いてください"
                reader.complain(("parameters", group, key), message)


def _references(rows: Tree, number: int, tree: Tree) -> Iterator[tuple[str, str]]:
    yield from _unknown(rows[number], tree)
    yield from _unsettled(rows[number], tree)
    yield from _taken(rows, number)


def _unknown(row: Tree, tree: Tree) -> Iterator[tuple[str, str]]:
    """Yield what the line names and the contract does not have."""
    calendars, rules = tuple(tree.get("calendars", {})), tuple(tree.get("due", {}))
    sites = tuple(word(site, "id") for site in tree.get("sites", []))
    codes = tuple(word(each, "code") for each in tree.get("procedures", []))
    for key, named, known, what in (
        ("calendar", (word(row, "calendar"),), calendars, "暦"),
        ("site", (word(row, "site"),), sites, "場所"),
        ("procedures", words(row, "procedures"), codes, "手続き"),
        ("entry_due", (word(row, "entry_due"),), rules, "期限"),
    ):
        for name in named:
            if name and name not in known:
                yield (
                    key,
                    f"「{name}」という{what}はありません。あるのは {'、'.join(known)} です",
                )


def _unsettled(row: Tree, tree: Tree) -> Iterator[tuple[str, str]]:
    """Yield the site of the line if the contract leaves it open: nobody is received there."""
    for site in tree.get("sites", []):
        if word(site, "id") == word(row, "site") and word(site, "kind") == SiteKind.OPEN:
            yield "site", 'まだ決まっていない場所（kind = "open"）では予約を受けられません'


def _taken(rows: Tree, number: int) -> Iterator[tuple[str, str]]:
    """Yield the procedures that stand on an earlier line: nobody would know which to ask."""
    before = {code for row in rows[:number] for code in words(row, "procedures")}
    for code in words(rows[number], "procedures"):
        if code in before:
            yield (
                "procedures",
                f"「{code}」は前の受付にあります。一つの受付だけに書いてください",
            )


def _missing(row: Tree, mode: BookingMode) -> list[str]:
    valued = [
        key
        for key in _VALUED.get(mode, ())
        if key not in row or (key != "reminder" and value(row, key) in (None, "", ()))
    ]
    written = [key for key in _WRITTEN.get(mode, ()) if key not in row]
    return valued + [f"{key}（なければ unset = true）" for key in written]


def _contradictions(
    row: Tree, mode: BookingMode, phone: Party | None
) -> Iterator[tuple[str, str]]:
    channels = words(row, "channels")
    if len(set(channels)) != len(channels):
        yield "channels", "同じ方法を重ねずに書いてください"
    if (word(row, "venues") == VenueSource.SITE) != bool(word(row, "site")):
        yield "venues", 'venues = "site" には site（場所の id）を、ほかには書かないでください'
    if BookingChannel.PHONE in channels and phone is None:
        yield (
            "channels",
            "電話を受ける側を、ここか [parameters.call_centre] の phone_party に"
            "「provider」か「city」で書いてください",
        )
    if mode is BookingMode.WALK_IN and value(row, "required"):
        yield "required", "予約を受けない受付では、予約を必須にできません"
    if mode is BookingMode.OWN:
        yield from _contradictions_of_slots(row)


def _contradictions_of_slots(row: Tree) -> Iterator[tuple[str, str]]:
    if value(row, "per_hour") is not None and 60 % value(row, "slot_minutes"):
        yield "per_hour", "1時間の人数を決めるなら、slot_minutes は60を割り切る数にしてください"
    limits = [value(row, key) for key in ("per_slot", "per_hour", "per_day")]
    fewest = min(limit for limit in limits if limit is not None)
    if value(row, "people_use_places") and value(row, "party_max") > fewest:
        yield "party_max", f"枠の人数（{fewest}）以下にしてください。一組で枠を越えます"


def _line(row: Tree, mode: BookingMode, phone: Party) -> BookingLine:
    elsewhere = mode in (BookingMode.CITY_SYSTEM, BookingMode.UNSET)
    venues = VenueSource.NONE if elsewhere else word(row, "venues") or VenueSource.NONE
    return BookingLine(
        id=word(row, "id"),
        label=word(row, "label"),
        mode=mode,
        procedures=words(row, "procedures"),
        calendar=word(row, "calendar"),
        venues=VenueSource(venues),
        site=None if elsewhere else word(row, "site") or None,
        slot_minutes=value(row, "slot_minutes") or 0,
        per_slot=value(row, "per_slot") or 0,
        per_hour=value(row, "per_hour"),
        per_day=value(row, "per_day"),
        opens_days_before=value(row, "opens_days_before"),
        closes_minutes_before=value(row, "closes_minutes_before") or 0,
        return_minutes=value(row, "return_minutes") or 0,
        late_minutes=value(row, "late_minutes"),
        no_show_minutes=value(row, "no_show_minutes") or 0,
        people_use_places=value(row, "people_use_places") is not False,
        reissue_question=bool(value(row, "reissue_question")),
        channels=tuple(BookingChannel(channel) for channel in words(row, "channels")),
        phone_party=phone,
        entry_due=word(row, "entry_due") or None,
        required=bool(value(row, "required")),
        clause=clause(row),
        **_stated(row),
    )


def _stated(row: Tree) -> dict[str, Any]:
    """Return what has a default of its own, where the file states it."""
    found: dict[str, Any] = {
        key: value(row, key)
        for key in ("hold_minutes", "party_max", "per_contact_max")
        if value(row, key) is not None
    }
    if opens_at := at_time(row, "opens_at"):
        found["opens_at"] = opens_at
    if (reminder := row.get("reminder")) is not None:
        at = at_time(reminder, "at")
        if at is not None:
            found["reminder"] = Reminder(days_before=value(reminder, "days_before"), at=at)
    return found
