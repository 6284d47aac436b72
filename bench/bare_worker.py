"""A worker that runs ``bench.bare_course``: ``python -m bench.bare_worker``.

Here: the worker of the control, with the limits of the product's and the SDK's defaults
otherwise. Not here: what it runs.
"""

import asyncio
import signal
from concurrent.futures import ThreadPoolExecutor

from temporalio.client import Client
from temporalio.worker import Worker

import settings
from bench.bare_course import BareApplication, BareCard, BareLot, BareVisit, nothing
from worker import ACTIVITY_THREADS, CACHED_WORKFLOWS

QUEUE = "bench-bare"


async def main() -> None:
    """Run until told to stop."""
    client = await Client.connect(str(settings.load().temporal_address))
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    with ThreadPoolExecutor(ACTIVITY_THREADS) as threads:
        async with Worker(
            client,
            task_queue=QUEUE,
            workflows=[BareApplication, BareCard, BareLot, BareVisit],
            activities=[nothing],
            activity_executor=threads,
            max_concurrent_activities=ACTIVITY_THREADS,
            max_concurrent_local_activities=ACTIVITY_THREADS,
            max_cached_workflows=CACHED_WORKFLOWS,
        ):
            await stop.wait()


if __name__ == "__main__":
    asyncio.run(main())
