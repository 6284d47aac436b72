"""Two ways of one shape of course, measured in turns: the product's and the bare engine's.

Here: driving cases at once, what a turn cost, and the figures of both. Not here: which cases
they are (``bench.card_case``, ``bench.application_case``).
"""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psutil
from temporalio.client import WorkflowHandle

from bench.figures import Figure, median_ratio, percentile
from bench.installation import CITY, Installation
from store import outbox
from workflows.messages import Act

CLIENTS = 50
"""How many cases are under way at once."""

_WORTH_TELLING_MS = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What one turn of one way took."""

    cases_a_second: float
    step_ms: Sequence[float]
    cpu_ms: Mapping[str, float]
    """Of each process for one case."""


def figures(turns: Sequence[tuple[Turn, Turn]], shape: str, *, at_least: float) -> list[Figure]:
    """Return what the turns of both ways come to; ``shape`` is what they are turns of."""
    ratio = median_ratio((p.cases_a_second, b.cases_a_second) for p, b in turns)
    found = [
        Figure(
            name=f"{shape}: cases/s of the bare shape's",
            value=ratio,
            unit="ratio",
            at_least=at_least,
        )
    ]
    for name, mine in zip(("product", "bare"), zip(*turns, strict=True), strict=True):
        rate = statistics.median(turn.cases_a_second for turn in mine)
        steps = [took for turn in mine for took in turn.step_ms]
        found.append(Figure(name=f"{shape}, {name}", value=rate, unit="cases/s"))
        found += [
            Figure(
                name=f"{shape}, {name}: p{share * 100:.0f} of a step, {CLIENTS} at once",
                value=percentile(steps, share),
                unit="ms",
            )
            for share in (0.5, 0.95)
        ]
        found += _cpu_figures(shape, name, mine)
    return found


def _cpu_figures(shape: str, name: str, mine: Sequence[Turn]) -> list[Figure]:
    used = {
        process: statistics.median(turn.cpu_ms[process] for turn in mine)
        for process in mine[0].cpu_ms
    }
    return [
        Figure(name=f"{shape}, {name}: CPU of {process}", value=spent, unit="ms/case")
        for process, spent in used.items()
        if spent >= _WORTH_TELLING_MS
    ]


async def take_turn(
    made: Installation,
    pids: Mapping[str, int],
    count: int,
    way: Callable[[], Awaitable[list[float]]],
) -> Turn:
    """Return what it took to carry ``count`` cases through one way."""
    before = _cpu(pids)
    begun = time.perf_counter()
    steps = await way()
    took = time.perf_counter() - begun
    # What is owed afterwards, the archive, counts as CPU though nobody waits for it.
    await asyncio.to_thread(settled, made)
    after = _cpu(pids)
    return Turn(
        cases_a_second=count / took,
        step_ms=steps,
        cpu_ms={name: 1000 * (after[name] - before[name]) / count for name in pids},
    )


def settled(made: Installation) -> None:
    """Wait until the relay owes nothing more."""
    last = time.monotonic() + 120
    while outbox.backlog(made.parts.engine, CITY):
        if time.monotonic() > last:
            raise TimeoutError("the relay does not come to an end")
        time.sleep(0.1)


async def drive(
    handles: Sequence[WorkflowHandle[Any, Any]],
    acts: Sequence[Act],
    step: Callable[[WorkflowHandle[Any, Any], Act], Awaitable[None]],
) -> list[float]:
    """Take every handle through all steps; return what each step but the first took."""
    took: list[float] = []
    turns = asyncio.Semaphore(CLIENTS)

    async def one(handle: WorkflowHandle[Any, Any]) -> None:
        async with turns:
            for place, act in enumerate(acts):
                begun = time.perf_counter()
                await step(handle, act)
                if place:
                    took.append(1000 * (time.perf_counter() - begun))
            await handle.result()

    await asyncio.gather(*(one(handle) for handle in handles))
    return took


def _cpu(pids: Mapping[str, int]) -> dict[str, float]:
    used = {}
    for name, pid in pids.items():
        head = psutil.Process(pid)
        tree = [head, *head.children(recursive=True)]
        used[name] = sum(sum(each.cpu_times()[:2]) for each in tree)
    return used
