"""The resident's screen from the side of whoever drives it: opened, shown, handed on.

What the resident sees stands in ``display``, when it is blank in ``domain.guidance.screen``.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import Connection

from api.access.door import Door, Person
from api.counter import display_links
from api.deps import Desk
from api.pages.desk.sending import Sent
from api.pages.guide.guided import Guided
from domain.contract import Contract
from domain.contract_parts import ChannelKind
from domain.errors import ActionUnknown, FieldMissing, Unauthenticated
from domain.guidance.screen import LIFETIME
from domain.procedures.visit import Visit
from domain.writing.privacy import refuse_forbidden
from store import displays
from store.displays import Display, Driver
from store.scope import scope
from store.values import value_of

_STANDS_AT: Final = frozenset(
    {ChannelKind.BOOTH, ChannelKind.COUNTER, ChannelKind.DESK, ChannelKind.OUTREACH}
)
_LONGEST_SEAT = 20


class Act(StrEnum):
    """What can be done with a screen."""

    OPEN = "open"
    TAKE = "take"
    END = "end"
    AWAY = "away"


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """What a guide's page says of the resident's screen."""

    places: tuple[tuple[str, str], ...]
    """Where a screen may stand."""

    mine: Display | None
    """The one that this person drives."""

    path: str = ""
    """Where it is opened."""

    place: str = ""
    others: str = ""
    """Who is in charge of this visit, if somebody else is."""


def show(desk: Desk, door: Door, person: Person, guided: Guided, words: str) -> Panel:
    """Let this person's screen, if any, show words; return what the page says of it."""
    municipality, now = person.municipality, door.clock()
    places = places_of(guided.contract)
    if person.session_id is None:
        return Panel(places=places, mine=None)
    visit_id = guided.root.ref.case_id
    with scope(desk.engine, municipality) as connection:
        displays.drive(
            connection,
            municipality,
            person.session_id,
            visit_id=visit_id,
            words=words,
            now=now,
        )
        mine = displays.of_session(connection, municipality, person.session_id)
        others = _others(connection, person, guided)
    if mine is not None and mine.expires_at <= now:
        mine = None
    return Panel(
        places=places,
        mine=mine,
        path=_path(desk, municipality, mine) if mine else "",
        place=_place_words(mine.place, guided.contract) if mine else "",
        others=others,
    )


def act(desk: Desk, door: Door, person: Person, guided: Guided, posted: Sent) -> None:
    """Open the screen of a place, take over that of the visit, end it, or turn away from it.

    Raises:
        Unauthenticated: Nobody is logged in: a program drives no screen.
        FieldMissing: The place is missing or is none of the contract.
        ActionUnknown: Nothing of the kind can be done.
    """
    if person.session_id is None:
        raise Unauthenticated("ログインしてください")
    if posted.text("act") not in set(Act):
        raise ActionUnknown("住民用の画面にない操作です。")
    driver = Driver(account_id=person.account_id, session_id=person.session_id)
    municipality, now = person.municipality, door.clock()
    wanted = Act(posted.text("act"))
    place = _place(guided.contract, posted) if wanted is Act.OPEN else ""
    with scope(desk.engine, municipality) as connection:
        match wanted:
            case Act.OPEN:
                displays.open_display(
                    connection,
                    municipality,
                    place,
                    driver,
                    display_id=secrets.token_hex(16),
                    expires_at=_ends(now),
                    now=now,
                )
            case Act.TAKE:
                visit_id = guided.root.ref.case_id
                if displays.of_visit(connection, municipality, visit_id) is not None:
                    displays.take_over(connection, municipality, visit_id, driver, now=now)
            case Act.END:
                displays.close_display(connection, municipality, driver.session_id)
            case Act.AWAY:
                turn = _turn(posted)
                displays.turn_away(connection, municipality, driver.session_id, turn)


def changes_hands(person: Person, guided: Guided, posted: Sent) -> bool:
    """Say whether somebody else is in charge of the visit after this."""
    visit = value_of(guided.root)
    if not isinstance(visit, Visit) or visit.closed:
        return False
    match posted.text("act"):
        case Act.TAKE:
            return True
        case Act.OPEN:
            # Whose name the screen shows, the record says as well.
            return visit.in_charge not in {"", person.account_id}
    return False


def note_presence(desk: Desk, door: Door, person: Person) -> None:
    """Note that the page of whoever drives a screen is still there."""
    if person.session_id is not None:
        with scope(desk.engine, person.municipality) as connection:
            displays.note_presence(
                connection, person.municipality, person.session_id, door.clock()
            )


def places_of(contract: Contract) -> tuple[tuple[str, str], ...]:
    """Return the counters and booths at which a screen may stand."""
    return tuple((c.id, c.label) for c in contract.channels if c.kind in _STANDS_AT)


def _others(connection: Connection, person: Person, guided: Guided) -> str:
    """Return the name of who is in charge of the visit, if it is somebody else."""
    visit = value_of(guided.root)
    if not isinstance(visit, Visit) or visit.in_charge in {"", person.account_id}:
        return ""
    return displays.name_of(connection, person.municipality, visit.in_charge)


def _path(desk: Desk, municipality: str, mine: Display) -> str:
    token = display_links.make(
        desk.keys.city_key(municipality),
        municipality=municipality,
        display_id=mine.display_id,
        expires_at=mine.expires_at,
    )
    return f"/display/{token}"


def _place(contract: Contract, posted: Sent) -> str:
    channel, seat = posted.text("channel"), posted.text("seat").strip()
    if channel not in {each for each, _ in places_of(contract)}:
        raise FieldMissing("「窓口」を選んでください。")
    if not 1 <= len(seat) <= _LONGEST_SEAT or "/" in seat:
        raise FieldMissing(f"「席」を{_LONGEST_SEAT}文字までで入力してください。")
    refuse_forbidden(seat)
    return f"{channel}/{seat}"


def _place_words(place: str, contract: Contract) -> str:
    channel, _, seat = place.partition("/")
    return f"{dict(places_of(contract)).get(channel, channel)} {seat}"


def _ends(now: datetime) -> datetime:
    # A link says its end to the second.
    return (now + LIFETIME).replace(microsecond=0)


def _turn(posted: Sent) -> int:
    text = posted.text("turn")
    return int(text[:9]) if text.isascii() and text.isdecimal() else -1
