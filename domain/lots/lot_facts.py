"""What the issue list says of its lot as a whole: day, count, and which cards they are.

Belongs here: the delivery date, the count against the one stated, keys against taking the
same cards over twice. Does not belong here: single rows (``matching``), the lot's course
(``lot``).
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from domain.errors import EmptyList, MixedDeliveryDates
from domain.lots.card_rows import IssueRow


@dataclass(frozen=True, slots=True, kw_only=True)
class CountCheck:
    """The rows on the issue list against the count that was stated at hand-over."""

    listed: int
    """Rows that could be read."""

    distinct: int
    """Cards among them: a number that stands twice is one card."""

    unreadable: int
    """Rows that could not be read."""

    stated: int | None
    """``None`` if nobody stated a count."""

    @property
    def difference(self) -> int:
        """Rows listed beyond the stated count, negative if there are fewer."""
        if self.stated is None:
            return 0
        return self.listed + self.unreadable - self.stated

    @property
    def agrees(self) -> bool:
        """Tell whether count and list agree and every row is a card that can be read."""
        return not (self.difference or self.unreadable or self.listed - self.distinct)


def delivery_date(issue: Iterable[IssueRow]) -> date:
    """Return the one day on which the lot was delivered (納品日).

    The two weeks of the notices run from it, so a lot with several is refused. A row whose
    date could not be read does not count against the others; the reader reported it.

    Raises:
        MixedDeliveryDates: There are several, or none that can be read.

    Source: Ota specification §6(2)①④.
    """
    days = {row.delivered_on for row in issue if row.delivered_on is not None}
    if len(days) != 1:
        raise MixedDeliveryDates(
            f"納品日が{len(days)}種類あります" if days else "納品日の読める行がありません"
        )
    return days.pop()


def check_count(
    issue: Sequence[IssueRow], *, stated: int | None, unreadable: int = 0
) -> CountCheck:
    """Return how the list compares with the count stated when the lot was handed over.

    Source: Ota specification §6(2)①.
    """
    return CountCheck(
        listed=len(issue),
        distinct=len({row.inquiry_number for row in issue}),
        unreadable=unreadable,
        stated=stated,
    )


def card_key(inquiry_number: str, delivered_on: date) -> str:
    """Return what is the same for one delivered card however often its list comes in.

    The day belongs to it: a card that was sent back may be delivered anew.
    """
    return f"{delivered_on.isoformat()}:{inquiry_number}"


def card_keys(issue: Iterable[IssueRow], delivered_on: date) -> tuple[str, ...]:
    """Return the keys of all cards of a lot, each once, sorted."""
    return tuple(sorted({card_key(row.inquiry_number, delivered_on) for row in issue}))


def lot_digest(keys: Iterable[str]) -> str:
    """Return a digest of the cards: the same for the same lot in any order or encoding.

    Raises:
        EmptyList: There are no cards.
    """
    lines = sorted(set(keys))
    if not lines:
        raise EmptyList("一覧表にカードがありません")
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
