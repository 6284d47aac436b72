"""What database and workflow engine say of each other's cases, and mending what can be.

    python -m ops.reconcile [ota …] [--dry-run]

An open case without a course is begun again from the message it began with; the course
then learns from the record how far the case is. A course without a case is named and left
alone: only a person can say where it came from. Ends with 1 if something is left to do.
"""

import argparse
import asyncio
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, text
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

import settings
from domain.case import CaseKind
from ops import wiring
from ops.fault import EngineFault
from ops.running import found
from store.scope import scope
from workflows.names import workflow_id

_SETTLING = timedelta(minutes=30)
"""A course that ended its case may still be telling others so."""

_CASES = text(
    "SELECT case_id, kind, closed_at FROM case_file WHERE municipality = :municipality"
    " AND (closed_at IS NULL OR closed_at > :since OR case_id = ANY(:also))"
)
_WAITING = text("SELECT key FROM outbox WHERE municipality = :municipality AND done_at IS NULL")
_AGAIN = text(
    "UPDATE outbox SET done_at = NULL, tries = 0, last_problem = NULL"
    " WHERE municipality = :municipality AND key = :key"
)
_UNARCHIVED = text(
    """
    SELECT f.case_id FROM case_file f
     WHERE f.municipality = :municipality AND f.closed_at < :before
       AND NOT EXISTS (SELECT FROM history_archive a
            WHERE a.municipality = f.municipality AND a.case_id = f.case_id)
       AND NOT EXISTS (SELECT FROM outbox o WHERE o.municipality = f.municipality
            AND o.key = 'archive/' || f.case_id AND o.done_at IS NULL)
     ORDER BY 1
    """
)


class What(StrEnum):
    """How the two differ."""

    NO_COURSE = "open case without a course"
    CUT_OFF = "open case whose course was cut off"
    ENDED = "open case whose course has ended"
    STRAY = "running course without a case"
    OUTLIVES = "running course of a closed case"
    UNARCHIVED = "closed case without an archived history"


MENDED_BY_STARTING = frozenset({What.NO_COURSE, What.CUT_OFF})


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlike:
    """One difference, and whether it was put in order."""

    municipality: str
    what: What
    thing: str
    """The id of a case or of a workflow."""

    mended: bool


async def reconcile(
    engine: Engine, client: Client, municipality: str, *, now: datetime, write: bool
) -> list[Unlike]:
    """Return where the two differ; with ``write``, let the relay begin or archive again."""
    running = await _running(client, municipality)
    cases, waiting = await asyncio.to_thread(_cases, engine, municipality, running, now)
    unlike: list[tuple[What, str]] = []
    for case_id, (kind, closed_at) in sorted(cases.items()):
        course = workflow_id(municipality, kind, case_id)
        if closed_at is not None:
            if course in running and closed_at < now - _SETTLING:
                unlike.append((What.OUTLIVES, course))
        elif course not in running and f"start/{case_id}" not in waiting:
            # What the engine lists lags behind; asked directly it does not.
            what = await _missing(client, course)
            unlike += [(what, case_id)] if what else []
    known = {workflow_id(municipality, kind, each) for each, (kind, _) in cases.items()}
    unlike += [(What.STRAY, course) for course in sorted(running - known)]
    unlike += [(What.UNARCHIVED, each) for each in _unarchived(engine, municipality, now)]
    return [
        Unlike(
            municipality=municipality,
            what=what,
            thing=thing,
            mended=write and _mend(engine, municipality, what, thing),
        )
        for what, thing in unlike
    ]


async def _running(client: Client, municipality: str) -> set[str]:
    query = f"ExecutionStatus = 'Running' AND WorkflowId STARTS_WITH '{municipality}/'"
    return {each.id async for each in client.list_workflows(query, page_size=1000)}


async def _missing(client: Client, course: str) -> What | None:
    try:
        described = await client.get_workflow_handle(course).describe()
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return What.NO_COURSE
        raise
    match described.status:
        case WorkflowExecutionStatus.RUNNING | WorkflowExecutionStatus.CONTINUED_AS_NEW:
            return None
        case WorkflowExecutionStatus.COMPLETED:
            return What.ENDED
    return What.CUT_OFF


def _cases(
    engine: Engine, municipality: str, running: set[str], now: datetime
) -> tuple[Mapping[str, tuple[CaseKind, datetime | None]], set[str]]:
    also = [course.rpartition("/")[2] for course in running]
    wanted = {"municipality": municipality, "since": now - _SETTLING, "also": also}
    with scope(engine, municipality) as connection:
        rows = connection.execute(_CASES, wanted).all()
        waiting = connection.execute(_WAITING, {"municipality": municipality}).scalars()
        return (
            {row.case_id: (CaseKind(row.kind), row.closed_at) for row in rows},
            set(waiting),
        )


def _unarchived(engine: Engine, municipality: str, now: datetime) -> list[str]:
    wanted = {"municipality": municipality, "before": now - _SETTLING}
    with scope(engine, municipality) as connection:
        return list(connection.execute(_UNARCHIVED, wanted).scalars())


def _mend(engine: Engine, municipality: str, what: What, thing: str) -> bool:
    """Return whether the relay has something to do now that puts it in order."""
    with scope(engine, municipality) as connection:
        if what in MENDED_BY_STARTING:
            return _owe_again(connection, municipality, f"start/{thing}")
        if what is What.UNARCHIVED:
            return _owe_again(connection, municipality, f"archive/{thing}")
    return False


def _owe_again(connection: Connection, municipality: str, key: str) -> bool:
    return connection.execute(_AGAIN, {"municipality": municipality, "key": key}).rowcount == 1


async def _all(parsed: argparse.Namespace) -> list[Unlike]:
    chosen = found(settings.load())
    parts = wiring.parts(chosen, process="reconcile", pool_size=2)
    client = await wiring.connect(chosen, parts.keys)
    now = datetime.now(ZoneInfo("Asia/Tokyo"))
    unlike: list[Unlike] = []
    for municipality in parsed.municipality or parts.book.slugs():
        unlike += await reconcile(
            parts.engine, client, municipality, now=now, write=not parsed.dry_run
        )
    parts.engine.dispose()
    return unlike


def main(arguments: Sequence[str] | None = None) -> int:
    """Reconcile, say what differs; return what the shell should see."""
    parser = argparse.ArgumentParser(
        prog="python -m ops.reconcile", description="Compare cases with their courses."
    )
    parser.add_argument("municipality", nargs="*", help="all with a contract, if none is named")
    parser.add_argument("--dry-run", action="store_true", help="say it and mend nothing")
    try:
        unlike = asyncio.run(_all(parser.parse_args(arguments)))
    except (EngineFault, settings.WrongSetting, RuntimeError) as fault:
        print(fault, file=sys.stderr)
        return 1
    for each in unlike:
        did = "begun again" if each.what in MENDED_BY_STARTING else "owed again"
        print(
            f"{each.municipality} {each.what}: {each.thing}:"
            f" {did if each.mended else 'left as it is'}"
        )
    print(f"{len(unlike)} differences, {sum(each.mended for each in unlike)} mended")
    return 0 if all(each.mended for each in unlike) else 1


if __name__ == "__main__":
    sys.exit(main())
