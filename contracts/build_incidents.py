"""Turns the things of a contract file and what it says of incidents into values.

Here: their rows and what they refer to. Not here: what an incident goes through
(``domain/incidents``).
"""

from collections.abc import Iterable

from contracts.leaves import clause, value, word
from contracts.lines import Path
from contracts.reading import Reader, Tree
from domain.contract_parts import Equipment, IncidentRule
from domain.incidents.kinds import IncidentKind
from domain.roles import Party


def check_incidents(reader: Reader, tree: Tree) -> None:
    """Note what things and incidents refer to and is not there."""
    channels = [word(row, "id") for row in tree.get("channels", [])]
    for number, row in enumerate(tree.get("equipment", [])):
        path: Path = ("equipment", number, "channel")
        _known(reader, path, word(row, "channel"), channels, "受付方法")
    for number, row in enumerate(tree.get("incidents", [])):
        for key in ("due", "settle_due"):
            path = ("incidents", number, key)
            _known(reader, path, word(row, key), tree.get("due", {}), "期限")


def build_equipment(row: Tree) -> Equipment:
    """Return one thing that can fail."""
    return Equipment(
        id=word(row, "id"),
        label=word(row, "label"),
        channel=word(row, "channel"),
        owner=Party(word(row, "owner") or Party.PROVIDER),
        clause=clause(row),
    )


def build_incident(row: Tree) -> IncidentRule:
    """Return what the contract says of one kind of incident."""
    return IncidentRule(
        kind=IncidentKind(word(row, "kind")),
        due=word(row, "due") or None,
        settle_due=word(row, "settle_due") or None,
        written_if_serious=bool(value(row, "written_if_serious")),
        clause=clause(row),
    )


def _known(reader: Reader, path: Path, name: str, known: Iterable[str], what: str) -> None:
    names = list(known)
    if name and name not in names:
        reader.complain(
            path, f"「{name}」という{what}はありません。あるのは {'、'.join(names)} です"
        )
