"""Who may touch which table: row-level security, grants and finder functions.

Every migration that makes a table calls ``protect`` (or ``share``) on it. A table that
nobody protected cannot be reached by the application at all: there are deliberately no
default privileges, because a partition made later would inherit them and, queried by its
own name, would answer without the policy of its parent.

Roles themselves are made by ``ops.migrate``, because they belong to the whole cluster.
"""

from alembic import op

APP_ROLE = "madoguchi_app"
"""The role that server and worker log in with: no owner, no superuser, no BYPASSRLS."""

FINDER_ROLE = "madoguchi_finder"
"""Owns the functions that answer with a municipality's slug; nobody can log in with it."""

_VISIBLE = "municipality = current_setting('app.municipality', true)"


def protect(table: str, *, append_only: bool = False) -> None:
    """Show the application only the rows of the municipality its transaction names.

    Args:
        table: Has a ``municipality`` column. May be partitioned; its partitions need
            nothing, as long as nobody grants anything on them.
        append_only: What was written stays: no UPDATE and no DELETE.
    """
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY {table}_municipality ON {table} TO PUBLIC"
        f" USING ({_VISIBLE}) WITH CHECK ({_VISIBLE})"
    )
    allowed = "SELECT, INSERT" if append_only else "SELECT, INSERT, UPDATE, DELETE"
    op.execute(f"GRANT {allowed} ON {table} TO {APP_ROLE}")


def share(table: str, *, writable: bool = False) -> None:
    """Let the application use a table that belongs to no municipality."""
    allowed = "SELECT, INSERT, UPDATE, DELETE" if writable else "SELECT"
    op.execute(f"GRANT {allowed} ON {table} TO {APP_ROLE}")


def find_municipality(name: str, *, table: str, key: str, key_type: str) -> None:
    """Make the function ``municipality_of_<name>(key)``: whose row has this unique key?

    For the moments before a municipality is known: a login name, a session, a token.
    """
    _let_finder_read(table, ("municipality", key))
    _definer_function(
        f"municipality_of_{name}(wanted {key_type}) RETURNS text",
        f"SELECT municipality FROM public.{table} WHERE {key} = wanted",  # noqa: S608  # ours
        f"municipality_of_{name}({key_type})",
    )


def find_waiting(name: str, *, table: str, columns: tuple[str, ...], condition: str) -> None:
    """Make the function ``municipalities_with_<name>()``: who has rows that wait for work?

    For background work over everybody, such as an outbox relay: it learns the slugs here
    and then takes the rows inside each municipality's own scope.

    Args:
        name: What waits, in the plural.
        table: Where it waits; has a ``municipality`` column.
        columns: The columns that ``condition`` looks at.
        condition: True for a waiting row. Give it a partial index that leads with the
            municipality.
    """
    _let_finder_read(table, ("municipality", *columns))
    _definer_function(
        f"municipalities_with_{name}() RETURNS SETOF text",
        f"SELECT DISTINCT municipality FROM public.{table} WHERE {condition}",  # noqa: S608
        f"municipalities_with_{name}()",
    )


def forget_finder(signature: str) -> None:
    """Drop a finder function; for downgrades. Give name and argument types."""
    op.execute(f"DROP FUNCTION {signature}")


def _let_finder_read(table: str, columns: tuple[str, ...]) -> None:
    op.execute(f"GRANT SELECT ({', '.join(columns)}) ON {table} TO {FINDER_ROLE}")
    op.execute(
        f"DO $$ BEGIN"
        f" CREATE POLICY {table}_finder ON {table} FOR SELECT TO {FINDER_ROLE} USING (true);"
        f" EXCEPTION WHEN duplicate_object THEN NULL; END $$"
    )


def _definer_function(head: str, body: str, signature: str) -> None:
    op.execute(
        f"CREATE FUNCTION {head} LANGUAGE sql STABLE SECURITY DEFINER"
        # Names are resolved now and not by whoever calls: no table can be slipped in.
        f" SET search_path = pg_catalog BEGIN ATOMIC {body}; END"
    )
    op.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO {APP_ROLE}")
    # An owner who is no superuser may only give a function to a role that could make it.
    op.execute(f"GRANT CREATE ON SCHEMA public TO {FINDER_ROLE}")
    op.execute(f"ALTER FUNCTION {signature} OWNER TO {FINDER_ROLE}")
    op.execute(f"REVOKE CREATE ON SCHEMA public FROM {FINDER_ROLE}")
