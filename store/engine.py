"""Engines and pools for the application's role.

Who connects and how long a statement may take is decided here. What is visible to a
connection is decided by ``store.scope``; nobody else should call ``engine.begin()``.
"""

import time
from datetime import timedelta

import psycopg
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry

STATEMENT_TIMEOUT = timedelta(seconds=20)
"""Below the 30 s that an activity or a request waits, so that the database gives up first."""

_IDLE_IN_TRANSACTION = timedelta(seconds=60)
_RESTS_SINCE = "rests_since"
_TRUSTED_FOR = timedelta(seconds=1)
_LOCK_TIMEOUT = timedelta(seconds=10)
_WAIT_FOR_POOL = timedelta(seconds=10)


def driver_url(url: str | URL) -> URL:
    """Return the address with our driver named, however the operator wrote it."""
    return make_url(url).set(drivername="postgresql+psycopg")


def libpq_url(url: str | URL, *, with_password: bool = True) -> str:
    """Return the address as PostgreSQL's own programs and psycopg read it.

    Args:
        url: The address in whatever form the operator wrote it.
        with_password: ``False`` for a command line, which every user of a machine can see.
    """
    plain = make_url(url).set(drivername="postgresql")
    if not with_password:
        # ``set`` takes None for "leave it".
        plain = plain._replace(password=None)
    # SQLAlchemy leaves spaces in a password as they are; libpq does not accept them.
    return plain.render_as_string(hide_password=False).replace(" ", "%20")


def build_engine(
    url: str | URL,
    *,
    application_name: str = "madoguchi",
    pool_size: int = 8,
    overflow: int = 8,
    statement_timeout: timedelta = STATEMENT_TIMEOUT,
) -> Engine:
    """Return an engine whose connections cannot hang and whose pool has a limit."""
    limits = {
        "statement_timeout": statement_timeout,
        "lock_timeout": _LOCK_TIMEOUT,
        "idle_in_transaction_session_timeout": _IDLE_IN_TRANSACTION,
    }
    options = [f"-c {name}={_milliseconds(limit)}" for name, limit in limits.items()]
    options.append("-c timezone=Asia/Tokyo")
    # Statements are few and asked again and again: one plan each. Planning a page of a list
    # anew costs as much as reading it.
    options.append("-c plan_cache_mode=force_generic_plan")
    engine = create_engine(
        driver_url(url),
        connect_args={"application_name": application_name, "options": " ".join(options)},
        pool_size=pool_size,
        max_overflow=overflow,
        pool_timeout=_WAIT_FOR_POOL.total_seconds(),
    )
    event.listen(engine, "checkin", _note_rest)
    event.listen(engine, "checkout", _look_after_a_rest)
    return engine


def _note_rest(_: object, record: ConnectionPoolEntry) -> None:
    record.info[_RESTS_SINCE] = time.monotonic()


def _look_after_a_rest(
    driver: psycopg.Connection, record: ConnectionPoolEntry, _: object
) -> None:
    """Make sure that a connection which was not used lately is still one.

    A restarted PostgreSQL must not cost one failed request per pooled connection. One that
    was used a moment ago is trusted: asking each time is a third of a short transaction.
    """
    since = record.info.get(_RESTS_SINCE)
    if since is None or time.monotonic() - since < _TRUSTED_FOR.total_seconds():
        return
    try:
        driver.execute("")
        driver.rollback()
    except psycopg.Error as away:
        # The pool opens another, and trusts none that is older than this.
        raise InvalidatePoolError from away


def raw(connection: Connection) -> psycopg.Connection:
    """Return the psycopg connection under ``connection``, in the same transaction."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    return driver


def _milliseconds(duration: timedelta) -> int:
    return round(duration.total_seconds() * 1000)
