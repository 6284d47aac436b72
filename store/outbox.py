"""What committed transactions owe the workflow engine, for the relay to hand over.

Rows are written by ``store.opening`` and ``store.record``. Reading takes no lock and no
transaction stays open while the engine is asked: handing something over twice is once,
because the key is the id of what it starts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, func, select, text, update

from store.record import OUTBOX
from store.scope import scope, unscoped

_PROBLEM_CHARACTERS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """One thing to hand over."""

    municipality: str
    key: str
    topic: str
    body: Mapping[str, Any]
    tries: int


def waiting_municipalities(engine: Engine) -> list[str]:
    """Return the municipalities that have something waiting."""
    with unscoped(engine) as connection:
        rows = connection.execute(text("SELECT municipalities_with_outbox()"))
        return sorted(row[0] for row in rows)


def waiting(engine: Engine, municipality: str, *, limit: int = 200) -> list[Owed]:
    """Return what waits, oldest first; what failed often comes after what never failed."""
    with scope(engine, municipality) as connection:
        rows = connection.execute(
            select(OUTBOX.c.key, OUTBOX.c.topic, OUTBOX.c.body, OUTBOX.c.tries)
            .where(OUTBOX.c.municipality == municipality, OUTBOX.c.done_at.is_(None))
            .order_by(OUTBOX.c.tries, OUTBOX.c.made_at, OUTBOX.c.key)
            .limit(limit)
        ).all()
    return [
        Owed(
            municipality=municipality,
            key=row.key,
            topic=row.topic,
            body=row.body,
            tries=row.tries,
        )
        for row in rows
    ]


def is_waiting(engine: Engine, municipality: str, key: str) -> bool:
    """Tell whether something is still to be handed over."""
    with scope(engine, municipality) as connection:
        row = connection.execute(
            select(OUTBOX.c.key).where(
                OUTBOX.c.municipality == municipality,
                OUTBOX.c.key == key,
                OUTBOX.c.done_at.is_(None),
            )
        ).one_or_none()
    return row is not None


def settle(engine: Engine, municipality: str, keys: Sequence[str], *, at: datetime) -> None:
    """Mark things as handed over."""
    if not keys:
        return
    with scope(engine, municipality) as connection:
        connection.execute(
            update(OUTBOX)
            .where(OUTBOX.c.municipality == municipality, OUTBOX.c.key.in_(keys))
            .values(done_at=at, last_problem=None)
        )


def postpone(engine: Engine, municipality: str, problems: Mapping[str, str]) -> None:
    """Count a failed attempt, with what went wrong; it will be tried again."""
    if not problems:
        return
    with scope(engine, municipality) as connection:
        for key, problem in problems.items():
            connection.execute(
                update(OUTBOX)
                .where(OUTBOX.c.municipality == municipality, OUTBOX.c.key == key)
                .values(tries=OUTBOX.c.tries + 1, last_problem=problem[:_PROBLEM_CHARACTERS])
            )


def backlog(engine: Engine, municipality: str) -> int:
    """Return how many things wait."""
    with scope(engine, municipality) as connection:
        return connection.execute(
            select(func.count())
            .select_from(OUTBOX)
            .where(OUTBOX.c.municipality == municipality, OUTBOX.c.done_at.is_(None))
        ).scalar_one()
