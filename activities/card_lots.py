"""The cards of a lot taken together: which are ready, and one step with many of them."""

import asyncio
from datetime import timedelta
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Engine
from temporalio import activity
from temporalio.client import Client, WorkflowHandle, WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError, FailureError
from temporalio.service import RPCError, RPCStatusCode

from activities.beating import beating
from domain.case import CaseKind, CaseRef
from domain.errors import WrongStage
from domain.lots.card import Card, Stage
from domain.refusals import refusals
from store import cases, lots
from store.scope import scope
from workflows.messages import (
    Act,
    AdvanceCards,
    Advanced,
    CaseView,
    FoundCards,
    WantedCards,
)
from workflows.names import workflow_id
from workflows.ports import LotPort

AT_ONCE = 16
"""How many cards are asked at the same time; more only lengthens every answer."""

_CATCHING_UP = timedelta(seconds=1)
"""How long a course may take to compare itself with its record."""

_CARD: TypeAdapter[Card] = TypeAdapter(Card)


class TemporalLots(LotPort):
    """Asks the courses of the cards, on every attempt all of them.

    The id of the batch makes asking twice the same step. A card that only its record knows
    to have taken it has lost it, and learns of it by being asked.
    """

    def __init__(self, engine: Engine, client: Client) -> None:
        self._engine = engine
        self._client = client

    @activity.defn(name="find_cards")
    def find_cards(self, wanted: WantedCards) -> FoundCards:
        lot = wanted.lot
        with scope(self._engine, lot.municipality) as connection:
            quantity = (
                lots.open_slip_quantity(connection, lot, wanted.slip_id)
                if wanted.slip_id is not None
                else None
            )
            files = cases.children(connection, lot.municipality, lot.case_id)
        named = set(wanted.card_ids)
        ready = tuple(
            file.ref.case_id
            for file in files
            if file.kind is CaseKind.CARD
            and (not named or file.ref.case_id in named)
            and _is_wanted(_CARD.validate_python(file.state["value"]), wanted)
        )
        return FoundCards(card_ids=ready, slip_quantity=quantity)

    @activity.defn(name="advance_cards")
    @beating
    async def advance_cards(self, advance: AdvanceCards) -> Advanced:
        batch = advance.batch
        done, refused = 0, dict[str, str]()
        turns = asyncio.Semaphore(AT_ONCE)

        async def one(card_id: str) -> None:
            nonlocal done
            async with turns:
                refusal = await self._ask(advance, card_id)
            if refusal is None:
                done += 1
            else:
                refused[card_id] = refusal

        async with asyncio.TaskGroup() as group:
            for card_id in batch.card_ids:
                group.create_task(one(card_id))
        return Advanced(done=done, refused=refused)

    async def _ask(self, advance: AdvanceCards, card_id: str) -> str | None:
        """Return the name of the card's refusal, or ``None`` if it took the step."""
        batch = advance.batch
        fields = dict(batch.fields)
        if card_id in advance.documents:
            fields["document"] = advance.documents[card_id]
        handle = self._client.get_workflow_handle(
            workflow_id(advance.lot.municipality, CaseKind.CARD, card_id)
        )
        act = Act(action=batch.step, by=batch.by, reason=batch.reason, fields=fields)
        try:
            refusal = await _asked(handle, act, batch.batch_id)
            if refusal == WrongStage.__name__:
                # The record called it ready; its course may have lost what the record has.
                await handle.signal("catch_up")
                await asyncio.sleep(_CATCHING_UP.total_seconds())
                refusal = await _asked(handle, act, batch.batch_id)
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
            return await asyncio.to_thread(self._why_gone, advance.lot, card_id, batch.batch_id)
        return refusal

    def _why_gone(self, lot: CaseRef, card_id: str, batch_id: str) -> str | None:
        """Tell a card that has ended from one whose course has not begun yet."""
        with scope(self._engine, lot.municipality) as connection:
            if card_id in lots.cards_that_recorded(connection, lot, f"act/{batch_id}"):
                return None
            if cases.one_case(connection, card_id).closed_at is not None:
                return WrongStage.__name__
        raise RuntimeError(f"card {card_id} has not begun yet")


def _is_wanted(card: Card, wanted: WantedCards) -> bool:
    if wanted.slip_id is not None:
        return card.stage is Stage.HANDED_OVER and card.slip_id == wanted.slip_id
    right_way = wanted.route is None or card.route is wanted.route
    return right_way and wanted.step in card.steps()[:1]


async def _asked(handle: WorkflowHandle[Any, Any], act: Act, key: str) -> str | None:
    """Return the name of the refusal, or ``None`` if the step was taken."""
    try:
        await handle.execute_update("act", act, id=key, result_type=CaseView)
    except WorkflowUpdateFailedError as failed:
        return _refusal(failed)
    return None


def _refusal(failed: WorkflowUpdateFailedError) -> str:
    """Return the refusal's name; anything else failed for a reason worth a retry."""
    error: BaseException | None = failed.cause
    known = refusals()
    while isinstance(error, FailureError):
        if isinstance(error, ApplicationError) and error.type in known:
            return str(error.type)
        error = error.cause
    raise failed
