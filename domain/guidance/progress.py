"""How far a case is: what lies behind, what is done now, what comes next.

Only the points of the way; which step is shown stands in ``steps``, how a page draws the way
in ``api``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.actions import Value
from domain.applications.application import Application
from domain.applications.application_parts import STEP_TEXT as APPLICATION_STEP_TEXT
from domain.guidance.steps import Begun
from domain.handoff import Handoff
from domain.handoff import Stage as HandoffStage
from domain.parties import Party
from domain.procedures.procedure import Procedure, step_words
from domain.procedures.visit import Visit


class Place(StrEnum):
    """Where a point lies, seen from now."""

    BEHIND = "done"
    HERE = "here"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One point of the way."""

    label: str
    place: Place
    party: Party | None = None
    """Whose it is, where the case says so."""


_TO_CITY = {
    HandoffStage.OFFERED: "引継ぎの申し出",
    HandoffStage.ACCEPTED: "市職員の受付",
    HandoffStage.COMPLETED: "市職員の対応",
}
_TO_RESPONSIBLE = {
    HandoffStage.ESCALATED: "引継ぎの申し出",
    HandoffStage.TAKEN_ON: "業務責任者の受付",
    HandoffStage.COMPLETED: "業務責任者の対応",
}
_WITH_RESPONSIBLE = frozenset({HandoffStage.ESCALATED, HandoffStage.TAKEN_ON})


def way(value: Value, begun: Sequence[Begun] = ()) -> tuple[Point, ...]:
    """Return the points of a case's way; empty where the kind has none."""
    match value:
        case Procedure():
            return _of_procedure(value)
        case Application():
            labels = [APPLICATION_STEP_TEXT[kind] for kind in value.planned]
            return _marked(labels, len(value.done), over=value.left_window)
        case Visit():
            ended = bool(begun) and all(each.ended for each in begun)
            return _marked(["受付", "手続", "終わり"], 2 if ended else 1, over=value.closed)
        case Handoff():
            return _of_handoff(value)
    return ()


def after_this(points: Sequence[Point]) -> Point | None:
    """Return what comes after what is done now; ``None`` if nothing does."""
    return next((point for point in points if point.place is Place.AHEAD), None)


def count(points: Sequence[Point]) -> tuple[int, int]:
    """Return at which point one is, counted from 1, and of how many."""
    behind = sum(point.place is Place.BEHIND for point in points)
    return min(behind + 1, len(points)), len(points)


def _of_handoff(value: Handoff) -> tuple[Point, ...]:
    stages = _TO_RESPONSIBLE if value.stage in _WITH_RESPONSIBLE else _TO_CITY
    order = list(stages)
    behind = order.index(value.stage) + 1 if value.stage in order else 0
    return _marked(list(stages.values()), behind, over=value.closed)


def _of_procedure(value: Procedure) -> tuple[Point, ...]:
    by = {each.kind: each.party for each in value.done}
    labels = [step_words(step.kind, value.plan) for step in value.steps_planned]
    marked = _marked(labels, len(by), over=value.closed)
    return tuple(
        Point(
            label=point.label,
            place=point.place,
            party=by.get(step.kind) or value.party_of(step.kind),
        )
        for point, step in zip(marked, value.steps_planned, strict=True)
    )


def _marked(labels: Sequence[str], behind: int, *, over: bool) -> tuple[Point, ...]:
    return tuple(
        Point(
            label=label,
            place=Place.BEHIND
            if over or i < behind
            else Place.HERE
            if i == behind
            else Place.AHEAD,
        )
        for i, label in enumerate(labels)
    )
