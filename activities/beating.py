"""Showing the engine that a long activity lives, whatever it happens to wait for.

Without it the loss of a worker is noticed only when the whole time for the work is over.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine
from datetime import timedelta
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from temporalio import activity

EVERY = timedelta(seconds=3)
"""Well inside ``workflows.options.LOST_AFTER``, also on a machine that is busy."""

Owner = TypeVar("Owner")
Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")
Method = Callable[Concatenate[Owner, Arguments], Coroutine[Any, Any, Answer]]


def beating(method: Method[Owner, Arguments, Answer]) -> Method[Owner, Arguments, Answer]:
    """Return the activity method so that it gives a sign of life while it runs."""

    @wraps(method)
    async def alive(
        self: Owner, /, *arguments: Arguments.args, **named: Arguments.kwargs
    ) -> Answer:
        async with _beats():
            return await method(self, *arguments, **named)

    return alive


@contextlib.asynccontextmanager
async def _beats() -> AsyncIterator[None]:
    async def beat() -> None:
        while True:
            activity.heartbeat()
            await asyncio.sleep(EVERY.total_seconds())

    task = asyncio.create_task(beat())
    try:
        yield
    finally:
        task.cancel()
