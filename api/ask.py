"""How, and how long, the API asks the course of a case."""

import asyncio
import hashlib
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

from temporalio.client import Client, WorkflowHandle, WorkflowUpdateFailedError
from temporalio.service import RPCError, RPCStatusCode

from api.problems import root_refusal
from domain.errors import KeyUsedOtherwise, WrongStage
from store.cases import CaseFile
from store.values import value_of
from workflows.messages import Act, CaseView
from workflows.names import workflow_id

PATIENCE = timedelta(seconds=35)
"""Longer than the slowest honest answer: ``workflows.options.ANSWER_WITHIN``."""

_BEGINNING = (0.1, 0.2, 0.4, 0.8, 1.5)
"""Seconds to wait for a course that the relay has not handed over yet."""

_CATCHING_UP = (0.1, 0.3)
"""Seconds to wait for a course that compares itself with its record."""

Handle = WorkflowHandle[Any, Any]


async def act(temporal: Client, file: CaseFile, act: Act, *, key: str) -> CaseView:
    """Ask a case to take a step; the same key gives the first answer again.

    Raises:
        KeyUsedOtherwise: The key came with another request before.
        WrongStage: The case has ended.
        WorkflowUpdateFailedError: It refused.
        WorkflowUpdateRPCTimeoutOrCancelledError: No answer yet; ask again with the key.
        RPCError: The engine is away, or the course has not begun.
    """
    act = replace(act, digest=_digest(act))
    view = await _answer(temporal, file, act, key)
    # The engine tells updates by their ids alone. What was asked by older code, or was
    # learned from the record, has no digest.
    if view.action not in {None, act.action} or view.digest not in {None, act.digest}:
        raise KeyUsedOtherwise("同じ受付キーは、同じ依頼をもう一度送るときだけ使えます。")
    return view


def _digest(act: Act) -> str:
    """Return what tells a request from another; not what was worked out for it meanwhile."""
    asked = [act.action, act.by.account_id, act.reason, act.fields]
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()


async def _answer(temporal: Client, file: CaseFile, act: Act, key: str) -> CaseView:
    handle = temporal.get_workflow_handle(
        workflow_id(file.ref.municipality, file.kind, file.ref.case_id)
    )
    for pause in (*_BEGINNING, None):
        try:
            return await _update(handle, act, key)
        except WorkflowUpdateFailedError as failed:
            if not _may_be_behind(failed, file, act):
                raise
            return await _after_catching_up(handle, act, key)
        except RPCError as error:
            missing = error.status is RPCStatusCode.NOT_FOUND
            if missing and file.closed_at is not None:
                raise WrongStage("終わった案件ではできない操作です。") from error
            if pause is None or not missing:
                raise
            await asyncio.sleep(pause)
    raise AssertionError("the last attempt answers or raises")


async def until_begun(handle: Handle) -> None:
    """Wait a moment for a course that the relay has not handed over yet.

    Raises:
        RPCError: It has still not begun, or the engine is away.
    """
    for pause in (*_BEGINNING, None):
        try:
            await handle.describe()
            return
        except RPCError as error:
            if pause is None or error.status is not RPCStatusCode.NOT_FOUND:
                raise
            await asyncio.sleep(pause)


async def _update(handle: Handle, act: Act, key: str) -> CaseView:
    view: CaseView = await handle.execute_update(
        "act", act, id=key, result_type=CaseView, rpc_timeout=PATIENCE
    )
    return view


def _may_be_behind(failed: WorkflowUpdateFailedError, file: CaseFile, act: Act) -> bool:
    """Tell whether the course refused what the record, and so the page, offered."""
    refusal = root_refusal(failed.cause)
    at_odds = refusal is not None and refusal.type == WrongStage.__name__
    return at_odds and act.action in {str(step) for step in value_of(file).steps()}


async def _after_catching_up(handle: Handle, act: Act, key: str) -> CaseView:
    """Ask again once the course has looked whether the record knows more than it does."""
    await handle.signal("catch_up")
    for pause in _CATCHING_UP:
        await asyncio.sleep(pause)
        try:
            return await _update(handle, act, key)
        except WorkflowUpdateFailedError:
            continue
    return await _update(handle, act, key)
