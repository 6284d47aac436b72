"""What to bring for a procedure: dated lists by procedure, by who comes, and by age.

Belongs here: which list holds on a day, and which of its rows is for whom. Does not belong
here: the lists themselves (``contracts/required_documents/``), whether what was shown at a
window suffices (``domain.procedures.identity_documents``).

What no row says nobody knows: then the city is asked, and nothing is made up.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from domain.procedures.procedure_parts import Receiver

OLDEST = 130
"""More years than anybody has lived."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One thing to bring."""

    text: str
    identity: bool = False
    """Whether it speaks of the lists A and B of identity documents."""

    varies: bool = False
    """Whether cities are known to differ in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one kind of person brings for some procedures."""

    procedures: tuple[str, ...]
    receiver: Receiver
    source: str
    """Who says so."""

    age_from: int = 0
    age_to: int = OLDEST
    """Of the person the procedure is for; both ends belong to it."""

    cities: tuple[str, ...] = ()
    """Only there; empty: wherever nothing of its own is known."""

    needs: tuple[Need, ...] = ()
    advice: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.source.strip():
            raise ValueError("a row needs its source")
        if not self.needs and not self.advice:
            raise ValueError("a row that says nothing hides that nobody knows")
        if not 0 <= self.age_from <= self.age_to <= OLDEST:
            raise ValueError("ages are out of order")

    def is_for(self, city: str, procedure: str, receiver: Receiver, age: int) -> bool:
        """Say whether the row is about this person here."""
        return (
            procedure in self.procedures
            and receiver is self.receiver
            and self.age_from <= age <= self.age_to
            and (not self.cities or city in self.cities)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentList:
    """One version: what holds from a day until the next version begins."""

    effective_from: date
    agreement: str
    """Reference of what was agreed with the cities about this version."""

    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """For what, for whom and when."""

    city: str
    procedure: str
    receiver: Receiver
    age: int
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What to bring, or that the city has to be asked."""

    version: date | None = None
    """First day of the version that was read; ``None`` before the first."""

    agreement: str = ""
    row: Row | None = None
    """``None``: nobody knows; the city is asked."""

    @property
    def ask_city(self) -> bool:
        """Say whether something has to be asked of the city before anybody relies on it."""
        return self.row is None or not self.row.needs or any(n.varies for n in self.row.needs)


def version_on(lists: Iterable[DocumentList], day: date) -> DocumentList | None:
    """Return the version that holds on a day; ``None`` before the first."""
    begun = [each for each in lists if each.effective_from <= day]
    return max(begun, key=lambda each: each.effective_from, default=None)


def find(lists: Sequence[DocumentList], wanted: Wanted) -> Found:
    """Return what to bring; a row of the city itself comes before one of all cities."""
    version = version_on(lists, wanted.on)
    if version is None:
        return Found()
    fitting = [
        row
        for row in version.rows
        if row.is_for(wanted.city, wanted.procedure, wanted.receiver, wanted.age)
    ]
    own_first = sorted(fitting, key=lambda row: not row.cities)
    return Found(
        version=version.effective_from,
        agreement=version.agreement,
        row=own_first[0] if own_first else None,
    )
