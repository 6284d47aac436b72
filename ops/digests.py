"""Keeping a digest of each day's record, and holding the record against those handed over.

Here: the lines of ``python -m ops.audit digest`` and what ``verify`` says of them. The rule
stands in ``domain.records.digests``. The kept lines are the provider's copy; what proves
something to the city is the copy that the city keeps.
"""

import os
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from domain.records.digests import Digest, chained, contradictions, read
from ops.fault import EngineFault
from store import digests
from store.integrity import snapshot

FOLDER = "digests"
"""Below ``DATA_DIR``, one file for each city."""

_TOKYO = ZoneInfo("Asia/Tokyo")
_SETTLED = timedelta(minutes=10)
"""Longer than any transaction lives: what was begun before midnight is written or gone."""


def last_day(now: datetime) -> date:
    """Return the last day to which nothing can be added any more."""
    return (now.astimezone(_TOKYO) - _SETTLED).date() - timedelta(days=1)


def files(folder: Path, municipality: str) -> list[Path]:
    """Return where the digests of a city are kept here; nowhere before the first."""
    file = folder / f"{municipality}.txt"
    return [file] if file.exists() else []


def handed_over(files: Sequence[Path]) -> list[Digest]:
    """Return the digests in these files.

    Raises:
        EngineFault: A file is missing, or a line is no digest.
    """
    found: list[Digest] = []
    for file in files:
        if not file.exists():
            raise EngineFault(f"{file}: no such file")
        for number, line in enumerate(file.read_text().splitlines(), 1):
            try:
                found += [read(line)] if line.strip() else []
            except ValueError as wrong:
                raise EngineFault(f"{file}:{number}: {wrong}") from wrong
    return found


def compare(engine: Engine, municipality: str, known: Sequence[Digest]) -> Iterator[str]:
    """Yield where the record contradicts digests of this city; the last line counts."""
    mine = [each for each in known if each.municipality == municipality]
    if not mine:
        yield f"{municipality}: no digest to compare with; chains made anew would pass"
        return
    last = max(each.day for each in mine)
    with snapshot(engine, municipality) as connection:
        days = digests.days(connection, municipality, last)
    for each in contradictions(mine, days):
        yield f"BROKEN {municipality} {each.day} {each.problem}"
    yield f"{municipality}: compared with {len(mine)} digests, the last of {last}"


def keep(
    engine: Engine, municipality: str, day: date, folder: Path, *, now: datetime
) -> Iterator[str]:
    """Keep the digests up to ``day`` and yield the line of that day.

    Where the record contradicts a line that was kept before, that is yielded instead and
    nothing is kept.

    Raises:
        EngineFault: The day is not over yet, or the file holds something else.
    """
    if day > last_day(now):
        wait = datetime.combine(day + timedelta(days=1), time(), _TOKYO) + _SETTLED
        raise EngineFault(f"{day} can still grow; ask from {wait:%Y-%m-%d %H:%M} on")
    known = handed_over(files(folder, municipality))
    until = max([day, *(each.day for each in known)])
    with snapshot(engine, municipality) as connection:
        days = digests.days(connection, municipality, until)
    broken = contradictions(known, days)
    if broken:
        yield from (f"BROKEN {municipality} {each.day} {each.problem}" for each in broken)
        return
    lines = {each.day: each.line for each in chained(municipality, days, until)}
    file = folder / f"{municipality}.txt"
    _append(file, [lines[on] for on in lines if on not in {each.day for each in known}])
    yield lines.get(day) or f"{municipality}: nothing was recorded up to {day}"


def _append(file: Path, lines: Sequence[str]) -> None:
    if not lines:
        return
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with file.open("a") as kept:
        kept.writelines(f"{line}\n" for line in lines)
        kept.flush()
        os.fsync(kept.fileno())
