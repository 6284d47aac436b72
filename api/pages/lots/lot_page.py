"""The page of a lot: how far its cards are, what blocks them, what can go on.

Also the part of it that changes while it is looked at.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection

from api.access.door import Person
from api.deps import Desk
from api.pages.acting import lot_forms, with_failure
from api.pages.desk.sending import Failed
from api.pages.paths import columns_of
from api.pages.timeline import ahead_of, days_of
from domain.actions import forms_now
from domain.case import CaseKind
from domain.lots.card import Card, Stage, Step
from domain.lots.custody import Holder, ItemKind
from domain.lots.lot import BULK, Lot
from store import cases, lots
from store.cases import CaseFile, TimelineEvent
from store.lots import LotRow
from store.scope import scope
from store.values import value_of

_CARD: TypeAdapter[Card] = TypeAdapter(Card)
_BULK_ACTIONS = frozenset(str(step) for step in BULK)


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """A step with many cards that is not finished."""

    step: str
    cards: int
    done: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocked:
    """A card that waits for somebody's decision."""

    file: CaseFile
    row: LotRow | None


def parts_of(
    desk: Desk, person: Person, file: CaseFile, failed: Failed | None
) -> dict[str, Any]:
    """Return everything the page of a lot shows."""
    value = value_of(file)
    assert isinstance(value, Lot)
    with scope(desk.engine, person.municipality) as connection:
        events = cases.timeline(connection, desk.keys, file.ref)
        # Before the cards are read: what is done meanwhile must not seem to be free.
        batches = batches_under_way(connection, file, events)
        children = cases.children(connection, person.municipality, file.ref.case_id)
        rows = lots.rows_of(connection, person.municipality, file.ref.case_id)
        slips = lots.slips(connection, person.municipality, file.ref.case_id)
        custody = lots.custody_of(connection, person.municipality, file.ref.case_id)
    cards = [each for each in children if each.kind is CaseKind.CARD]
    ready = _without_busy(ready_cards(cards), batches)
    waiting = [slip for slip in slips if slip.settled_at is None and slip.quantity]
    forms = lot_forms(
        forms_now(file.kind, value, file.deadline, person.role),
        file.ref.case_id,
        ready,
        waiting,
        value,
    )
    return {
        "value": value,
        "columns": columns_of(_stages(cards), file.ref.case_id),
        "batches": batches,
        "live": False,
        "blocked": _blocked(cards, rows),
        "forms": with_failure(forms, failed),
        "slips": slips,
        "custody": custody_table(custody),
        "days": days_of(events, file.kind),
        # In a rehearsal the lot may be ahead of the wall clock.
        "ahead": ahead_of(file.deadline, max(desk.clock(), events[-1].at)),
        "linked": [each for each in children if each.kind is not CaseKind.CARD],
        "delivered_on": _delivered_on(events),
    }


def progress_of(desk: Desk, municipality: str, lot_id: str) -> dict[str, Any]:
    """Return the part that changes: the file, its columns and what is under way."""
    with scope(desk.engine, municipality) as connection:
        file = cases.one_case(connection, lot_id)
        events = cases.timeline(connection, desk.keys, file.ref)
        children = cases.children(connection, municipality, lot_id)
        batches = batches_under_way(connection, file, events)
    cards = [each for each in children if each.kind is CaseKind.CARD]
    return {
        "file": file,
        "value": value_of(file),
        "columns": columns_of(_stages(cards), lot_id),
        "batches": batches,
        "live": True,
    }


def ready_cards(cards: Sequence[CaseFile]) -> dict[Step, list[CaseFile]]:
    """Return the open cards by the ordinary step that each can take next."""
    found: dict[Step, list[CaseFile]] = defaultdict(list)
    for file in cards:
        steps = _CARD.validate_python(file.state["value"]).steps()
        if steps:
            found[steps[0]].append(file)
    return found


def batches_under_way(
    connection: Connection, file: CaseFile, events: Sequence[TimelineEvent]
) -> list[Batch]:
    """Return the steps that were accepted and are not finished, oldest first."""
    begun = {
        event.detail["batch"]: event
        for event in events
        if event.action in _BULK_ACTIONS and "batch" in event.detail
    }
    for event in events:
        if event.action == "batch_finished":
            begun.pop(event.detail["batch"], None)
    return [
        Batch(
            step=event.action,
            cards=int(event.detail["cards"]),
            done=len(lots.cards_that_recorded(connection, file.ref, f"act/{batch}")),
        )
        for batch, event in begun.items()
    ]


def custody_table(
    custody: Mapping[tuple[ItemKind, Holder], int],
) -> list[tuple[ItemKind, dict[Holder, int], int]]:
    """Return who has how many of each thing, and the sum that must come out."""
    kinds = [kind for kind in ItemKind if any(found is kind for found, _ in custody)]
    table = []
    for kind in kinds:
        held = {holder: custody.get((kind, holder), 0) for holder in Holder}
        table.append((kind, held, sum(held.values())))
    return table


def _without_busy(
    ready: Mapping[Step, list[CaseFile]], batches: Sequence[Batch]
) -> dict[Step, list[CaseFile]]:
    """Leave out steps whose cards are all being worked on at this moment."""
    busy: dict[str, int] = defaultdict(int)
    for batch in batches:
        busy[batch.step] += batch.cards - batch.done
    return {step: files for step, files in ready.items() if len(files) > busy[str(step)]}


def _stages(cards: Sequence[CaseFile]) -> dict[str, int]:
    stages: dict[str, int] = defaultdict(int)
    for file in cards:
        stages[file.stage] += 1
    return stages


def _blocked(cards: Sequence[CaseFile], rows: Sequence[LotRow]) -> list[Blocked]:
    by_case = {row.case_id: row for row in rows}
    return [
        Blocked(file=file, row=by_case.get(file.ref.case_id))
        for file in cards
        if file.stage == Stage.UNDECIDED
    ]


def _delivered_on(events: Sequence[TimelineEvent]) -> str:
    for event in events:
        if "delivered_on" in event.detail:
            return str(event.detail["delivered_on"])
    return ""
