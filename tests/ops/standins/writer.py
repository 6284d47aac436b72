"""A program that runs an embedded database and says which rows were acknowledged."""

import sys
from pathlib import Path

import psycopg

from ops.postgres import EmbeddedPostgres
from ops.privilege import Mode


def say(number: int | None) -> None:
    """Tell the test, at once."""
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    server = EmbeddedPostgres(Path(sys.argv[1]), mode=Mode(sys.argv[2]))
    server.start()
    say(server.pid)
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS acknowledged (row int)")
        for row in range(1_000_000):
            connection.execute("INSERT INTO acknowledged VALUES (%s)", [row])
            say(row)
