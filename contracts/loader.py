"""From a contract file to a contract: strict, complete, with the version a case pins.

Here: finding files, refusing wrong ones with every line named, the version hash, the profile
as JSON. Not here: what a file may contain (``contracts/profile_shape.py``).

``ota.toml`` is the first version of a contract; ``ota-2026-10-01.toml`` replaces it from the
day in its name, by the consultation it names.
"""

import hashlib
import json
import re
import tomllib
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from contracts.build import build_contract
from contracts.lines import Lines
from contracts.profile_shape import PROFILE
from contracts.reading import Reader
from domain.calendars.day_rules import NationalHolidays
from domain.contract import Contract, Fact
from domain.errors import ContractFileRefused, UnknownContract

FOLDER = Path(__file__).parent
_NAME = re.compile(r"(?P<slug>[a-z]+)(?:-(?P<day>\d{4}-\d{2}-\d{2}))?\.toml")
_AT_LINE = re.compile(r"\s*\(at line (\d+), column \d+\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedContract:
    """A contract as its file says it, with the version that a case pins."""

    contract: Contract
    version: str
    """SHA-256 of the whole profile, holidays included."""
    filename: str


def load(slug: str, on: date | None = None) -> LoadedContract:
    """Return the version of a contract that holds on a day, or the newest.

    Raises:
        UnknownContract: No file carries this name, or none holds yet on that day.
        ContractFileRefused: The file is wrong.
    """
    versions = [
        loaded
        for loaded in load_versions(slug)
        if on is None or loaded.contract.effective_from <= on
    ]
    if not versions:
        raise UnknownContract("この名前の契約ファイルはありません")
    return versions[-1]


def load_all() -> tuple[LoadedContract, ...]:
    """Return the newest version of every contract, by slug."""
    found = (_NAME.fullmatch(path.name) for path in FOLDER.glob("*.toml"))
    return tuple(load(slug) for slug in sorted({name["slug"] for name in found if name}))


@cache
def load_versions(slug: str) -> tuple[LoadedContract, ...]:
    """Return every version of a contract, oldest first."""
    paths = [
        path
        for path in FOLDER.glob("*.toml")
        if (name := _NAME.fullmatch(path.name)) and name["slug"] == slug
    ]
    loaded = [load_text(path.read_text(encoding="utf-8"), path.name) for path in paths]
    return tuple(sorted(loaded, key=lambda each: each.contract.effective_from))


def load_text(
    text: str, filename: str, holidays: NationalHolidays | None = None
) -> LoadedContract:
    """Return the contract that ``text`` describes.

    Args:
        text: The file's content.
        filename: Its name, which names the city and, for a later version, its first day.
        holidays: The list a case has pinned; without it, today's list for the term.

    Raises:
        ContractFileRefused: With every problem: file, line, field, and what would be right.
    """
    name = _NAME.fullmatch(filename)
    if name is None:
        raise ContractFileRefused(
            f"{filename}：名前は「市.toml」か「市-2026-10-01.toml」にしてください"
        )
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as broken:
        raise ContractFileRefused(_broken(filename, str(broken))) from broken
    reader = Reader(lines=Lines(text))
    tree = reader.read(raw, PROFILE, (), {})
    contract = build_contract(reader, name["slug"], tree, holidays)
    if contract is not None:
        _check_version(reader, contract, name["day"])
    if contract is None or reader.problems:
        problems = sorted(reader.problems, key=lambda problem: problem.line)
        raise ContractFileRefused("\n".join(f"{filename} {problem}" for problem in problems))
    return LoadedContract(contract=contract, version=_version(contract), filename=filename)


def profile_as_json(loaded: LoadedContract) -> dict[str, Any]:
    """Return the whole profile for the API, every value with its clause."""
    contract = loaded.contract
    return {
        "slug": contract.slug,
        "version": loaded.version,
        "municipality": contract.municipality,
        "title": contract.title,
        "effective_from": contract.effective_from.isoformat(),
        "agreement": contract.agreement,
        "term": {
            "start": contract.term.start and contract.term.start.isoformat(),
            "end": contract.term.end.isoformat(),
        },
        "channels": [
            {"id": channel.id, "label": channel.label, "kind": channel.kind.value}
            for channel in contract.channels
        ],
        "bookings": [
            {"id": line.id, "label": line.label, "mode": line.mode.value}
            for line in contract.bookings
        ],
        "eligibility": [
            {
                "when": {str(question): wanted for question, wanted in rule.when.items()},
                "procedures": list(rule.procedures),
                "outcome": rule.outcome.value,
                "destination": rule.destination,
                "clause": rule.clause,
            }
            for rule in contract.eligibility
        ],
        "calendars": [calendar.name for calendar in contract.calendars],
        "warnings": list(contract.warnings),
        "open_questions": list(contract.open_questions),
        "values": _nested(contract.facts),
    }


def fact_as_json(fact: Fact) -> dict[str, Any]:
    """Return one value with everything that is known of where it comes from."""
    shown: dict[str, Any] = {"value": fact.value, "clause": fact.clause}
    shown |= {"label": fact.label} if fact.label else {}
    shown |= {key: True for key in ("unset", "assumed") if getattr(fact, key)}
    return shown | {key: said for key in ("question", "note") if (said := getattr(fact, key))}


def _nested(facts: tuple[Fact, ...]) -> Any:
    """Rebuild the file's own nesting; numbers in a path are rows of a list."""
    root: dict[str, Any] = {}
    for fact in facts:
        branch = root
        *way, last = fact.path.split(".")
        for part in way:
            branch = branch.setdefault(part, {})
        branch[last] = fact_as_json(fact)
    return _listed(root)


def _listed(branch: Any) -> Any:
    if not isinstance(branch, dict):
        return branch
    below = {key: _listed(value) for key, value in branch.items()}
    if below and all(key.isdecimal() for key in below):
        return [below[key] for key in sorted(below, key=int)]
    return below


def _version(contract: Contract) -> str:
    pinned = {
        "slug": contract.slug,
        "facts": [asdict(fact) for fact in contract.facts],
        "holidays": asdict(contract.holidays),
    }
    canonical = json.dumps(
        pinned, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def _check_version(reader: Reader, contract: Contract, named: str | None) -> None:
    if named is None:
        return
    if named != contract.effective_from.isoformat():
        reader.complain(
            ("version", "effective_from"), f"ファイル名の日付 {named} と同じにしてください"
        )
    if not contract.agreement:
        reader.complain(
            ("version", "agreement"), "変更の版には協議の記録（agreement）が要ります"
        )


def _broken(filename: str, message: str) -> str:
    line = _AT_LINE.search(message)
    where = f"{line[1]}行目" if line else "末尾"
    said = _AT_LINE.sub("", message)
    return f"{filename} {where}：TOML の書き方が正しくありません（{said}）"
