"""Transactions in which the rows of one municipality are visible, and no others.

PostgreSQL enforces it by row-level security: the policies compare ``municipality`` with
the setting below. The setting is made for the transaction only; a plain ``SET`` would
stay on the pooled connection and show its next user foreign rows. Statements about any
particular table do not belong here. See ``docs/decisions`` for why it is so.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import psycopg
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import SessionTransaction
from sqlmodel import Session

SETTING: Final = "app.municipality"

_SLUG = re.compile(r"[a-z][a-z0-9-]{1,39}")
_ENTER = text("SELECT set_config('app.municipality', :municipality, true)")
_ENTER_AT_ONCE = "SELECT set_config('app.municipality', %(municipality)s, true)"
_INFO = "municipality"


class NoMunicipality(ValueError):
    """A transaction was begun without saying whose rows it is about: a bug."""


@contextmanager
def scope(engine: Engine, municipality: str) -> Iterator[Connection]:
    """Open one transaction that sees ``municipality``; commit at the end, or roll back.

    Raises:
        NoMunicipality: The municipality is empty or not a slug.
    """
    _check(municipality)
    with engine.begin() as connection:
        connection.execute(_ENTER, {"municipality": municipality})
        yield connection


@contextmanager
def session_scope(engine: Engine, municipality: str) -> Iterator["ScopedSession"]:
    """Open a session that sees ``municipality``, also after a commit within it.

    Commits at the end, or rolls back.

    Raises:
        NoMunicipality: The municipality is empty or not a slug.
    """
    _check(municipality)
    with ScopedSession(engine, info={_INFO: municipality}) as session, session.begin():
        yield session


@contextmanager
def unscoped(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that sees no municipality's rows at all.

    For the finder functions, which answer with nothing but a slug, and for readiness
    checks. After ``enter_found`` the transaction is an ordinary scope.
    """
    with engine.begin() as connection:
        yield connection


def enter_found(connection: Connection, finder: str, key: str | bytes) -> str | None:
    """Let a finder function choose the scope of this transaction.

    Returns:
        The municipality that is visible from now on, or ``None`` if nothing was found.
    """
    _check_finder(finder)
    # The name is checked above; a function cannot be a bound parameter.
    find = text(f"SELECT set_config('{SETTING}', coalesce({finder}(:key), ''), true)")
    return connection.execute(find, {"key": key}).scalar_one() or None


@contextmanager
def one_journey(engine: Engine, municipality: str) -> Iterator[psycopg.Connection]:
    """Open a transaction whose statements, its commit included, go to the database together.

    For what is asked so often that going there and back costs more than doing it, and for
    rows that everybody waits for. Answers are there after the end; none may be read before.

    Raises:
        NoMunicipality: The municipality is empty or not a slug.
    """
    _check(municipality)
    with _journey(engine) as driver:
        driver.execute(_ENTER_AT_ONCE, {"municipality": municipality}, prepare=True)
        yield driver


@contextmanager
def found_journey(
    engine: Engine, finder: str, key: str | bytes
) -> Iterator[psycopg.Connection]:
    """Like ``one_journey``, in the municipality that a finder function chooses.

    If it finds nothing, no rows are visible.
    """
    _check_finder(finder)
    with _journey(engine) as driver:
        find = f"SELECT set_config('{SETTING}', coalesce({finder}(%(key)s), ''), true)"
        driver.execute(find.encode(), {"key": key}, prepare=True)
        yield driver


@contextmanager
def _journey(engine: Engine) -> Iterator[psycopg.Connection]:
    pooled = engine.raw_connection()
    driver = pooled.driver_connection
    assert isinstance(driver, psycopg.Connection)
    try:
        # Without a BEGIN all that is sent before the answers are asked for is one
        # transaction, to the server too.
        driver.autocommit = True
        with driver.pipeline():
            yield driver
    except psycopg.OperationalError as away:
        if driver.closed:
            pooled.invalidate()
        # As the library tells of it everywhere else.
        raise OperationalError("", None, away) from away
    finally:
        if not driver.closed:
            driver.autocommit = False
        pooled.close()


class ScopedSession(Session):
    """A session that refuses to begin without a municipality in its ``info``."""


@event.listens_for(ScopedSession, "after_begin")
def _enter(session: Session, _: SessionTransaction, connection: Connection) -> None:
    municipality = session.info.get(_INFO)
    _check(municipality)
    connection.execute(_ENTER, {"municipality": municipality})


def _check_finder(finder: str) -> None:
    if not re.fullmatch(r"municipality_of_[a-z_]+", finder):
        raise ValueError("not the name of a finder function")


def _check(municipality: object) -> None:
    if not isinstance(municipality, str) or not _SLUG.fullmatch(municipality):
        raise NoMunicipality("a transaction needs the municipality it is about")
