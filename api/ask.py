"""How, and how long, the API asks the course of a case."""

import asyncio
from datetime import timedelta

from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from store.cases import CaseFile
from workflows.messages import Act, CaseView
from workflows.names import workflow_id

PATIENCE = timedelta(seconds=35)
"""Longer than the slowest honest answer: ``workflows.options.ANSWER_WITHIN``."""

_BEGINNING = (0.1, 0.2, 0.4, 0.8, 1.5)
"""Seconds to wait for a course that the relay has not handed over yet."""


async def act(temporal: Client, file: CaseFile, act: Act, *, key: str) -> CaseView:
    """Ask a case to take a step; the same key gives the first answer again.

    Raises:
        WorkflowUpdateFailedError: It refused.
        WorkflowUpdateRPCTimeoutOrCancelledError: No answer yet; ask again with the key.
        RPCError: The engine is away, or the course has not begun.
    """
    handle = temporal.get_workflow_handle(
        workflow_id(file.ref.municipality, file.kind, file.ref.case_id)
    )
    for pause in (*_BEGINNING, None):
        try:
            view: CaseView = await handle.execute_update(
                "act", act, id=key, result_type=CaseView, rpc_timeout=PATIENCE
            )
            return view
        except RPCError as error:
            just_opened = error.status is RPCStatusCode.NOT_FOUND and file.closed_at is None
            if pause is None or not just_opened:
                raise
            await asyncio.sleep(pause)
    raise AssertionError("the last attempt answers or raises")
