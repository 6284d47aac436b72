"""Screens in front of residents: opened for a place, driven by one session, looked at.

One place has one screen and one session drives one screen; a newer one takes the place of the
older. When a screen goes blank is ``domain.guidance.screen``'s to say.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    and_,
    case,
    delete,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert

from domain.guidance.screen import Driven
from store.sessions import IDLE
from store.tables.base import METADATA

_DISPLAY = METADATA.tables["resident_display"]
_ACCOUNT = METADATA.tables["account"]
_SESSION = METADATA.tables["login_session"]
_CASE = METADATA.tables["case_file"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Display:
    """A screen, as those who work with it see it."""

    place: str
    display_id: str
    session_id: str
    in_charge: str
    turn: int
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """Who is in charge, and in which session."""

    account_id: str
    session_id: str


def open_display(
    connection: Connection,
    municipality: str,
    place: str,
    driver: Driver,
    *,
    display_id: str,
    expires_at: datetime,
    now: datetime,
) -> None:
    """Open the screen of a place; whatever the driver or the place had before is gone."""
    close_display(connection, municipality, driver.session_id)
    values = {
        "display_id": display_id,
        "account_id": driver.account_id,
        "session_id": driver.session_id,
        "visit_id": None,
        "words": None,
        "turn": 0,
        "away": False,
        "opened_at": now,
        "expires_at": expires_at,
        "seen_at": now,
    }
    connection.execute(
        upsert(_DISPLAY)
        .values(municipality=municipality, place=place, **values)
        .on_conflict_do_update(index_elements=["municipality", "place"], set_=values)
    )


def close_display(connection: Connection, municipality: str, session_id: str) -> None:
    """Forget the screen that a session drives, if it drives one."""
    connection.execute(delete(_DISPLAY).where(*_driven_by(municipality, session_id)))


def drive(
    connection: Connection,
    municipality: str,
    session_id: str,
    *,
    visit_id: str,
    words: str,
    now: datetime,
) -> None:
    """Let the screen of this session, if there is one, show the words of a step."""
    connection.execute(
        update(_DISPLAY)
        .where(*_driven_by(municipality, session_id))
        .values(
            visit_id=visit_id, words=words, turn=_DISPLAY.c.turn + 1, away=False, seen_at=now
        )
    )


def turn_away(connection: Connection, municipality: str, session_id: str, turn: int) -> None:
    """Note that the driver looks at something else, unless they have come back since."""
    connection.execute(
        update(_DISPLAY)
        .where(*_driven_by(municipality, session_id), _DISPLAY.c.turn == turn)
        .values(away=True)
    )


def take_over(
    connection: Connection, municipality: str, visit_id: str, driver: Driver, *, now: datetime
) -> bool:
    """Let somebody else be in charge of the screen that shows a visit; it stays open.

    Returns:
        False if no screen shows it.
    """
    showing = and_(_DISPLAY.c.municipality == municipality, _DISPLAY.c.visit_id == visit_id)
    connection.execute(
        delete(_DISPLAY).where(
            *_driven_by(municipality, driver.session_id),
            or_(_DISPLAY.c.visit_id.is_(None), _DISPLAY.c.visit_id != visit_id),
        )
    )
    taken = connection.execute(
        update(_DISPLAY)
        .where(showing)
        .values(account_id=driver.account_id, session_id=driver.session_id, seen_at=now)
    )
    return taken.rowcount > 0


def note_presence(
    connection: Connection, municipality: str, session_id: str, now: datetime
) -> None:
    """Note that the page of the one in charge is still there."""
    connection.execute(
        update(_DISPLAY).where(*_driven_by(municipality, session_id)).values(seen_at=now)
    )


def of_session(connection: Connection, municipality: str, session_id: str) -> Display | None:
    """Return the screen that a session drives."""
    return _found(connection, *_driven_by(municipality, session_id))


def of_visit(connection: Connection, municipality: str, visit_id: str) -> Display | None:
    """Return the screen that shows a visit, whoever drives it."""
    return _found(
        connection, _DISPLAY.c.municipality == municipality, _DISPLAY.c.visit_id == visit_id
    )


def driven(
    connection: Connection, municipality: str, display_id: str, now: datetime
) -> Driven | None:
    """Return how a screen was left; ``None`` if there is no such screen any more."""
    alive = and_(
        _SESSION.c.session_id.is_not(None),
        _SESSION.c.expires_at > now,
        _SESSION.c.seen_at > now - IDLE,
        _ACCOUNT.c.disabled_at.is_(None),
    )
    here = case((alive, func.greatest(_SESSION.c.seen_at, _DISPLAY.c.seen_at)), else_=None)
    row = connection.execute(
        select(
            _DISPLAY.c.words,
            _DISPLAY.c.expires_at,
            _DISPLAY.c.away,
            _ACCOUNT.c.display_name,
            here.label("here_at"),
            _CASE.c.closed_at,
        )
        .join_from(_DISPLAY, _ACCOUNT, _same("account_id", _ACCOUNT))
        .outerjoin(_SESSION, _same("session_id", _SESSION))
        .outerjoin(
            _CASE,
            and_(
                _CASE.c.municipality == _DISPLAY.c.municipality,
                _CASE.c.case_id == _DISPLAY.c.visit_id,
            ),
        )
        .where(_DISPLAY.c.municipality == municipality, _DISPLAY.c.display_id == display_id)
    ).one_or_none()
    if row is None:
        return None
    return Driven(
        in_charge=row.display_name,
        words=row.words or "",
        expires_at=row.expires_at,
        here_at=row.here_at,
        away=row.away,
        over=row.closed_at is not None,
    )


def name_of(connection: Connection, municipality: str, account_id: str) -> str:
    """Return the name by which residents know somebody; empty if there is no such account."""
    found = connection.execute(
        select(_ACCOUNT.c.display_name).where(
            _ACCOUNT.c.municipality == municipality, _ACCOUNT.c.account_id == account_id
        )
    )
    return found.scalar_one_or_none() or ""


def _found(connection: Connection, *wanted: ColumnElement[bool]) -> Display | None:
    row = connection.execute(
        select(
            _DISPLAY.c.place,
            _DISPLAY.c.display_id,
            _DISPLAY.c.session_id,
            _DISPLAY.c.turn,
            _DISPLAY.c.expires_at,
            _ACCOUNT.c.display_name.label("in_charge"),
        )
        .join_from(_DISPLAY, _ACCOUNT, _same("account_id", _ACCOUNT))
        .where(*wanted)
        .limit(1)
    ).one_or_none()
    return None if row is None else Display(**row._mapping)


def _driven_by(municipality: str, session_id: str) -> tuple[ColumnElement[bool], ...]:
    return (_DISPLAY.c.municipality == municipality, _DISPLAY.c.session_id == session_id)


def _same(name: str, other: Table) -> ColumnElement[bool]:
    return and_(
        other.c.municipality == _DISPLAY.c.municipality, other.c[name] == _DISPLAY.c[name]
    )
