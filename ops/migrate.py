"""Bring a database up to date: roles, schema, grants. Safe when two start at once.

    python -m ops.migrate

Reads ``DATABASE_OWNER_URL`` and ``DATABASE_URL``. Belongs here: what only the owner of a
database may do. What each table allows stands in ``migrations/``.
"""

import argparse
import hashlib
import hmac
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import LiteralString

import psycopg
from alembic import command
from alembic.config import Config
from psycopg import sql
from sqlalchemy import URL, create_engine, make_url
from sqlalchemy.pool import NullPool

import settings
from migrations.protection import APP_ROLE, FINDER_ROLE
from ops.partitions import make_months, this_day
from store.engine import driver_url, libpq_url

_INI = Path(__file__).parent.parent / "migrations" / "alembic.ini"
# Any number will do, as long as nothing else in the database locks the same one.
_TURN = 0x4D41444F


class UnsafeRole(RuntimeError):
    """The application's role could see every municipality; nothing was migrated."""


def prepare(owner_url: str, app_password: str | None = None) -> str:
    """Return the address the application connects to, with the schema up to date.

    Doing it again changes nothing. A second start waits until the first is done.

    Args:
        owner_url: Someone who may make tables, and roles unless both exist already.
        app_password: For the application's role. ``None`` derives one from the owner's
            password: nothing to store, the same at each start, and of no use for finding
            the owner's.

    Raises:
        UnsafeRole: The application's role is a superuser or bypasses row-level security.
        ValueError: There is no password to derive one from.
    """
    owner = make_url(owner_url)
    app = owner.set(username=APP_ROLE, password=app_password or _derived(owner))
    with _turn(owner) as connection:
        _make_roles(connection, owner, app)
        migrate(owner_url)
        make_months(connection, this_day())
    return driver_url(app).render_as_string(hide_password=False)


def migrate(owner_url: str, revision: str = "head") -> None:
    """Take the schema up, or with an earlier ``revision`` down, to ``revision``."""
    engine = create_engine(driver_url(owner_url), poolclass=NullPool)
    with engine.connect() as connection:
        config = Config(str(_INI))
        config.attributes["connection"] = connection
        upwards = revision == "head"
        (command.upgrade if upwards else command.downgrade)(config, revision)
    engine.dispose()


@contextmanager
def _turn(owner: URL) -> Iterator[psycopg.Connection]:
    """Hold the one place of this database in which migrations run."""
    with psycopg.connect(libpq_url(owner), autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", (_TURN,))
        yield connection  # closing the connection gives the lock back


def _derived(owner: URL) -> str:
    if not owner.password:
        raise ValueError("the owner's address has no password: give the application's own")
    return hmac.new(str(owner.password).encode(), APP_ROLE.encode(), hashlib.sha256).hexdigest()


def _make_roles(connection: psycopg.Connection, owner: URL, app: URL) -> None:
    for role, may_log_in in ((APP_ROLE, "LOGIN"), (FINDER_ROLE, "NOLOGIN")):
        _make_role(connection, role, may_log_in)
    _refuse_unsafe(connection)
    _set_password(connection, app)
    # Needed to hand functions over when the owner is no superuser; harmless otherwise.
    if not _one(connection, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"):
        _let_owner_act_as_finder(connection)
    connection.execute(
        sql.SQL("GRANT USAGE ON SCHEMA public TO {}, {}").format(
            sql.Identifier(APP_ROLE), sql.Identifier(FINDER_ROLE)
        )
    )


def _make_role(connection: psycopg.Connection, role: str, may_log_in: LiteralString) -> None:
    if _one(connection, "SELECT 1 FROM pg_roles WHERE rolname = %s", role):
        return
    # Roles belong to the cluster: the start of another database may have been faster.
    with suppress(psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
        connection.execute(
            sql.SQL("CREATE ROLE {} {}").format(sql.Identifier(role), sql.SQL(may_log_in))
        )


def _refuse_unsafe(connection: psycopg.Connection) -> None:
    unsafe = connection.execute(
        "SELECT rolname FROM pg_roles WHERE rolname = ANY(%s) AND (rolsuper OR rolbypassrls)",
        ([APP_ROLE, FINDER_ROLE],),
    ).fetchall()
    if unsafe:
        raise UnsafeRole(f"must not be superuser or have BYPASSRLS: {unsafe[0][0]}")


def _set_password(connection: psycopg.Connection, app: URL) -> None:
    """Set the password only if it is not already the one; others may be logging in."""
    try:
        psycopg.connect(libpq_url(app), connect_timeout=5).close()
    except psycopg.OperationalError:
        # Hashed here: a server that logs its statements must not log the password.
        verifier = connection.pgconn.encrypt_password(
            str(app.password).encode(), APP_ROLE.encode(), b"scram-sha-256"
        )
        connection.execute(
            sql.SQL("ALTER ROLE {} PASSWORD {}").format(
                sql.Identifier(APP_ROLE), sql.Literal(verifier.decode())
            )
        )


def _let_owner_act_as_finder(connection: psycopg.Connection) -> None:
    if not _one(connection, "SELECT pg_has_role(current_user, %s, 'MEMBER')", FINDER_ROLE):
        connection.execute(
            sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(FINDER_ROLE))
        )


def _one(connection: psycopg.Connection, query: LiteralString, *parameters: str) -> object:
    row = connection.execute(query, parameters).fetchone()
    return row[0] if row else None


def main(arguments: Sequence[str] | None = None) -> None:
    """Migrate the database that the settings name."""
    parser = argparse.ArgumentParser(
        prog="python -m ops.migrate",
        description="Bring a database up to date: roles, schema, grants.",
    )
    parser.parse_args(arguments)
    chosen = settings.load()
    if not chosen.database_owner_url or not chosen.database_url:
        parser.error("set DATABASE_OWNER_URL and DATABASE_URL (embedded: make run migrates)")
    app = make_url(chosen.database_url)
    if app.username != APP_ROLE:
        parser.error(f"DATABASE_URL has to log in as {APP_ROLE}")
    prepare(chosen.database_owner_url, str(app.password) if app.password else None)
    print("The database is up to date.")


if __name__ == "__main__":
    main()
