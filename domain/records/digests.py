"""The rule by which a day of a city's whole record becomes one line that leaves the house.

The chain of a case (``domain.records.audit``) is kept beside what it protects: whoever may
write everything can chain it anew. A digest is handed to the city, where nobody of the provider
can change it. Where lines are kept and read stands in ``ops.digests`` and ``store.digests``.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

FIRST = "0" * 64
"""What the digest of the first day names as its predecessor."""

_LINE = re.compile(
    r"([a-z][a-z0-9-]{1,39}) (\d{4}-\d\d-\d\d) (\d+) ([0-9a-f]{64}) ([0-9a-f]{64})"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayEnd:
    """How the record of one case ended on a day on which something was added to it."""

    case_id: str
    seq: int
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """All that was added to a city's record on one day, in one value."""

    cases: int
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """One day of a city, and by its predecessor all days before it."""

    municipality: str
    day: date
    cases: int
    """How many cases something was added to."""

    previous: str
    digest: str

    @property
    def line(self) -> str:
        """The digest as it is handed over: city, day, cases, predecessor, digest."""
        return (
            f"{self.municipality} {self.day.isoformat()} {self.cases}"
            f" {self.previous} {self.digest}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """Where a digest that was handed over and the record part."""

    day: date
    problem: str


def read(line: str) -> Digest:
    """Return the digest that a line is.

    Raises:
        ValueError: It is none.
    """
    found = _LINE.fullmatch(line.strip())
    if found is None:
        raise ValueError("a line is: city, day, cases, previous digest, digest")
    municipality, day, cases, previous, digest = found.groups()
    return Digest(
        municipality=municipality,
        day=date.fromisoformat(day),
        cases=int(cases),
        previous=previous,
        digest=digest,
    )


def day_of(ends: Iterable[DayEnd]) -> Day:
    """Return a day by the ends of its cases, which come in the order of their ids."""
    whole, cases = hashlib.sha256(), 0
    for end in ends:
        whole.update(f"{end.case_id} {end.seq} {end.hash}\n".encode())
        cases += 1
    return Day(cases=cases, content=whole.hexdigest())


NOTHING = day_of([])
"""A day on which nothing was added."""


def digest_of(municipality: str, on: date, day: Day, previous: str) -> Digest:
    """Return the digest of a day that follows on ``previous``."""
    content = [previous, municipality, on.isoformat(), day.cases, day.content]
    text = json.dumps(content, separators=(",", ":"))
    return Digest(
        municipality=municipality,
        day=on,
        cases=day.cases,
        previous=previous,
        digest=hashlib.sha256(text.encode()).hexdigest(),
    )


def chained(municipality: str, days: Mapping[date, Day], until: date) -> Iterator[Digest]:
    """Yield a digest for every day from the first of ``days``, also for those without any."""
    previous = FIRST
    on = min(days, default=until + timedelta(days=1))
    while on <= until:
        digest = digest_of(municipality, on, days.get(on, NOTHING), previous)
        yield digest
        previous, on = digest.digest, on + timedelta(days=1)


def contradictions(
    handed_over: Sequence[Digest], days: Mapping[date, Day]
) -> list[Contradiction]:
    """Return where lines of one city that were handed over do not fit its record.

    Each line is held against its own day, so that the first false day does not make all
    later ones look false. Its predecessor must be the line of the day before; where that is
    not at hand, it tells whether any day before is another than it was.
    """
    found: list[Contradiction] = []
    ordered = sorted(handed_over, key=lambda digest: digest.day)
    known: dict[date, str] = {}
    if ordered:
        city, last = ordered[0].municipality, ordered[-1].day
        known = {each.day: each.digest for each in chained(city, days, last)}
    for each in ordered:
        day = days.get(each.day, NOTHING)
        if digest_of(each.municipality, each.day, day, each.previous) != each:
            found.append(Contradiction(day=each.day, problem="digest_differs"))
        if known.get(each.day - timedelta(days=1), FIRST) != each.previous:
            found.append(Contradiction(day=each.day, problem="digest_unlinked"))
        known[each.day] = each.digest
    return found
