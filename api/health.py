"""Whether the product is alive and ready, for machines that watch it."""

import asyncio
from collections.abc import Awaitable
from datetime import timedelta

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.service import RPCError

from api.deps import Desk, TheDesk
from api.problems import never_connected
from store.scope import unscoped
from workflows.names import WINDOW_QUEUE

router = APIRouter(tags=["health"])

_PATIENCE = timedelta(seconds=3)


@router.get("/healthz", summary="Alive")
async def alive() -> dict[str, str]:
    """Answer as long as the process can."""
    return {"status": "ok"}


@router.get("/readyz", summary="Ready", responses={503: {"description": "A part is away"}})
async def ready(desk: TheDesk) -> JSONResponse:
    """Name each part and whether it is there; 503 if one is not."""
    database, temporal, worker = await asyncio.gather(
        _there(_database(desk)), _there(_temporal(desk)), _there(_worker(desk))
    )
    parts = {"database": database, "temporal": temporal, "worker": worker}
    whole = all(state == "ok" for state in parts.values())
    return JSONResponse(
        {"status": "ok" if whole else "unavailable", **parts},
        status_code=200 if whole else 503,
    )


async def _there(part: Awaitable[bool]) -> str:
    try:
        async with asyncio.timeout(_PATIENCE.total_seconds()):
            return "ok" if await part else "unavailable"
    except (TimeoutError, RPCError, SQLAlchemyError, OSError):
        return "unavailable"
    except RuntimeError as error:
        if not never_connected(error):
            raise
        return "unavailable"


async def _database(desk: Desk) -> bool:
    def ask() -> None:
        with unscoped(desk.engine) as connection:
            connection.execute(text("SELECT 1"))

    await asyncio.to_thread(ask)
    return True


async def _temporal(desk: Desk) -> bool:
    return await desk.temporal.service_client.check_health()


async def _worker(desk: Desk) -> bool:
    described = await desk.temporal.workflow_service.describe_task_queue(
        DescribeTaskQueueRequest(
            namespace=desk.temporal.namespace,
            task_queue=TaskQueue(name=WINDOW_QUEUE),
            task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
        )
    )
    return len(described.pollers) > 0
