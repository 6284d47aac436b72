"""Who holds which card, notice or bundle: movements that always add up.

A thing is at exactly one holder. Counts are never typed in; they follow from movements,
so what came in equals what is there plus what went out.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from domain.errors import ItemElsewhere


class ItemKind(StrEnum):
    """What is moved."""

    CARD = "card"
    NOTICE = "notice"
    DOCUMENTS = "documents"
    RETURNED_MAIL = "returned_mail"


class Holder(StrEnum):
    """Where a thing can be."""

    OUTSIDE = "outside"
    """Not in the record yet, or no longer: made, posted, collected, void."""

    CITY = "city"
    PROVIDER = "provider"
    HAND_OVER = "hand_over"
    """Given out of the provider's hand, not yet acknowledged by an official."""


HOLDER_TEXT = {
    Holder.OUTSIDE: "記録外",
    Holder.CITY: "市職員",
    Holder.PROVIDER: "受託者",
    Holder.HAND_OVER: "引渡し中",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """One thing going from one holder to another."""

    item_id: str
    kind: ItemKind
    source: Holder
    target: Holder

    def __post_init__(self) -> None:
        if self.source is self.target:
            raise ValueError("a movement goes somewhere else")


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipChange:
    """A hand-over slip made or settled by the same step."""

    slip_id: str
    lot_id: str
    quantity: int = 0
    settled: str | None = None
    """``None`` makes the slip; otherwise how it ended."""


def item_id(case_id: str, kind: ItemKind, ordinal: int = 1) -> str:
    """Return the id of a thing that belongs to a case; a notice made anew counts up."""
    return f"{case_id}/{kind}/{ordinal}"


def where_things_are(movements: Iterable[Movement]) -> dict[str, Holder]:
    """Return the holder of each thing after all movements, in their order.

    Raises:
        ItemElsewhere: A movement starts where the thing is not.
    """
    at: dict[str, Holder] = {}
    for move in movements:
        if at.get(move.item_id, Holder.OUTSIDE) is not move.source:
            raise ItemElsewhere("記録されている所在と異なります。")
        at[move.item_id] = move.target
    return at


def balance(movements: Iterable[Movement]) -> Counter[tuple[ItemKind, Holder]]:
    """Return how many things of each kind each holder has.

    Without ``Holder.OUTSIDE`` the sum is what came in and has not gone out; with it, the
    sum is zero for every kind.
    """
    counts: Counter[tuple[ItemKind, Holder]] = Counter()
    for move in movements:
        counts[move.kind, move.source] -= 1
        counts[move.kind, move.target] += 1
    return counts
