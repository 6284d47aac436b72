"""A delivered lot over HTTP: how soon it is matched, and how soon its cards are under way.

    python -m bench.lot [--quick]

Here: from the upload to the answer, and from there to the last of the cards' courses having
begun. Beside them, in the same run: reading and matching alone, and starting as many courses
of the same shape with nothing in them. Not here: what happens to the cards afterwards
(``bench.year``).
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any

import httpx
from temporalio.client import Client, WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode

from api.access.door import now_in_tokyo
from api.deps import new_case_id
from api.lots.lot_intake import Files, read_lot
from bench.bare_worker import QUEUE
from bench.figures import Figure
from bench.installation import CITY, Installation, program
from bench.running import run_alone
from domain.case import CaseKind
from domain.parties import Role
from ops.make_lot import LotPlan, MadeLot, make_lot, spread
from workflows.names import workflow_id

ROWS = 1200
BADNESS = 0.07
ANSWER_SECONDS = 3.0
UNDER_WAY_SECONDS = 60.0

_AT_ONCE = 32
_BEGUN_EVENTS = 4
"""Started, and its first task scheduled, taken and finished."""


def measure(made: Installation, *, quick: bool = False) -> list[Figure]:
    """Return the figures of one lot."""
    rows = 24 if quick else ROWS
    lot = made_lot(rows, seed=1)
    with made.caller(Role.CLERK) as clerk, program(made, "bare", "-m", "bench.bare_worker"):
        # The first lot pays for what is loaded on first use: contracts, connections, caches.
        take_over(clerk, made_lot(20, seed=2))
        matched = _seconds(lambda: _match(made, lot))
        begun = time.perf_counter()
        answer = take_over(clerk, lot)
        answered = time.perf_counter() - begun
        card_ids = [row["case_id"] for row in answer["rows"]]
        under_way = asyncio.run(_until_begun(made, card_ids, begun))
        bare = asyncio.run(_bare(made, len(card_ids)))
    return [
        Figure(
            name=f"lot of {rows}: upload to answer",
            value=answered,
            unit="s",
            at_most=ANSWER_SECONDS,
        ),
        Figure(name=f"lot of {rows}: reading and matching alone", value=matched, unit="s"),
        Figure(
            name=f"lot of {rows}: upload to all courses begun",
            value=under_way,
            unit="s",
            at_most=UNDER_WAY_SECONDS,
        ),
        Figure(name=f"lot of {rows}: as many bare courses begun", value=bare, unit="s"),
        Figure(
            name=f"lot of {rows}: begun, of the bare courses' speed",
            value=bare / (under_way - answered),
            unit="ratio",
        ),
    ]


def made_lot(rows: int, *, seed: int, badness: float = BADNESS) -> MadeLot:
    """Return a lot, some of it at fault; each seed has a delivery day of its own."""
    return make_lot(
        LotPlan(
            rows=rows,
            seed=seed,
            delivered=now_in_tokyo().date() - timedelta(days=seed),
            faults=spread(rows, badness),
            rough=True,
        )
    )


def take_over(clerk: httpx.Client, lot: MadeLot) -> dict[str, Any]:
    """Take a lot over as a clerk does."""
    sent = {name: (f"{name}.csv", content) for name, content in lot.files.items()}
    answer = clerk.post(f"/api/v1/contracts/{CITY}/card-lots", files=sent)
    answer.raise_for_status()
    body: dict[str, Any] = answer.json()
    found = {row["ref"]: row["result"] for row in body["rows"]}
    assert found == dict(lot.expected), "fast and wrong is not fast"
    return body


def _match(made: Installation, lot: MadeLot) -> None:
    read_lot(made.parts.book.current(CITY), Files(**lot.files))


def _seconds(work: Callable[[], None]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


async def _until_begun(made: Installation, card_ids: Sequence[str], begun: float) -> float:
    client = await made.temporal()
    names = [workflow_id(CITY, CaseKind.CARD, card_id) for card_id in card_ids]
    query = "WorkflowType='Card' AND ExecutionStatus='Running'"
    while (await client.count_workflows(query)).count < len(names):  # noqa: ASYNC110  # Temporal tells nobody
        await asyncio.sleep(0.1)
    await _all_begun(client, names)
    return time.perf_counter() - begun


async def _bare(made: Installation, count: int) -> float:
    client = await Client.connect(str(made.chosen.temporal_address))
    names = [f"bare/card/{new_case_id(now_in_tokyo())}" for _ in range(count)]
    begun = time.perf_counter()

    async def start(name: str) -> None:
        await client.start_workflow(
            "BareCard", args=["bare/lot/none", 5], id=name, task_queue=QUEUE
        )

    await _each(names, start)
    await _all_begun(client, names)
    return time.perf_counter() - begun


async def _all_begun(client: Client, names: Sequence[str]) -> None:
    async def begun(name: str) -> None:
        handle = client.get_workflow_handle(name)
        while await _events(handle) < _BEGUN_EVENTS:  # noqa: ASYNC110  # ditto
            await asyncio.sleep(0.1)

    await _each(names, begun)


async def _events(handle: WorkflowHandle[Any, Any]) -> int:
    """Return how long the history is; 0 while the relay has not handed it over."""
    try:
        return int((await handle.describe()).history_length)
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        return 0


async def _each(names: Sequence[str], work: Callable[[str], Awaitable[None]]) -> None:
    turns = asyncio.Semaphore(_AT_ONCE)

    async def one(name: str) -> None:
        async with turns:
            await work(name)

    await asyncio.gather(*(one(name) for name in names))


if __name__ == "__main__":
    run_alone(measure)
