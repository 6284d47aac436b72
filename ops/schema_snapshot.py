"""The schema as PostgreSQL sees it, kept in ``migrations/schema.sql`` for reviews and drift.

    python -m ops.schema_snapshot --check | --write

Alembic's own comparison does not see CHECK constraints, the conditions of partial indexes,
policies, grants or functions; what ``pg_dump`` prints does. Migrating does not belong here.
"""

import argparse
import difflib
import re
import subprocess
import sys
import tempfile
from collections.abc import Collection, Sequence
from pathlib import Path

from sqlalchemy import create_engine, make_url

import settings
from ops.migrate import prepare
from ops.postgres import EmbeddedPostgres
from ops.privilege import program
from store.engine import driver_url, libpq_url
from store.tables import METADATA

SNAPSHOT = Path(__file__).parent.parent / "migrations" / "schema.sql"

_HEAD = "-- Written by python -m ops.schema_snapshot --write; never by hand.\n\n"
_OWNER = "the_owner"
_NOISE = re.compile(r"--|\\(un)?restrict|SET |SELECT pg_catalog\.set_config|$")
_STATEMENT_END = re.compile(r";\n")
# What a model declares. The rest of the schema is the migrations' own.
_DECLARED = re.compile(
    r"CREATE TABLE|CREATE (UNIQUE )?INDEX"
    r"|ALTER TABLE (ONLY )?public\.\w+\s+(ALTER COLUMN|ADD CONSTRAINT)"
)
_TABLE = re.compile(r"(?:TABLE|ONLY|ON|TABLE ONLY) public\.(\w+)")


def dump(owner_url: str) -> str:
    """Return the schema of a database in a form that is equal for equal schemas."""
    url = make_url(owner_url)
    done = subprocess.run(
        [
            program("pg_dump"),
            "--schema-only",
            # Months come and go; see ops.partitions.
            "--exclude-table=public.case_event_[0-9]*",
            "--dbname",
            libpq_url(url, with_password=False),
        ],
        env=settings.child_environment({"PGPASSWORD": str(url.password or "")}),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"pg_dump: {done.stderr.strip()[-500:]}")
    kept = [line for line in done.stdout.splitlines() if not _NOISE.match(line)]
    text = re.sub(rf"\b{re.escape(str(url.username))}\b", _OWNER, "\n".join(kept) + "\n")
    return _HEAD + text.replace(";\n", ";\n\n")


def declared(schema: str, tables: Collection[str]) -> set[str]:
    """Return the part of a dump that models declare, whatever the order of columns."""
    found = set()
    for statement in _STATEMENT_END.split(schema.removeprefix(_HEAD)):
        table = _TABLE.search(statement)
        if table and table[1] in tables and _DECLARED.match(statement.strip()):
            lines = [line.strip().rstrip(",") for line in statement.strip().splitlines()]
            found.add("\n".join([lines[0], *sorted(lines[1:])]))
    return found


def build_from_models(owner_url: str) -> None:
    """Make the tables in an empty database as the models declare them, without migrations."""
    engine = create_engine(driver_url(owner_url))
    METADATA.create_all(engine)
    engine.dispose()


def migrated_schema() -> str:
    """Return the schema that the migrations make, from a cluster made for the purpose."""
    with (
        tempfile.TemporaryDirectory() as directory,
        EmbeddedPostgres(Path(directory), fast=True) as postgres,
    ):
        prepare(postgres.url())
        return dump(postgres.url())


def difference(before: str, after: str) -> str:
    """Return what changed, as reviewers read it; empty if nothing did."""
    return "".join(
        difflib.unified_diff(
            before.splitlines(keepends=True),
            after.splitlines(keepends=True),
            fromfile="migrations/schema.sql",
            tofile="what the migrations make",
        )
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare or write the snapshot; return what the shell should see."""
    parser = argparse.ArgumentParser(
        prog="python -m ops.schema_snapshot", description="The schema, written down."
    )
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--check", action="store_true", help="fail if it is out of date")
    which.add_argument("--write", action="store_true", help="write it anew")
    asked = parser.parse_args(arguments)
    made = migrated_schema()
    if asked.write:
        SNAPSHOT.write_text(made)
        return 0
    changed = difference(SNAPSHOT.read_text() if SNAPSHOT.exists() else "", made)
    if changed:
        print(changed + "Review it, then: python -m ops.schema_snapshot --write")
    return 1 if changed else 0


if __name__ == "__main__":
    sys.exit(main())
