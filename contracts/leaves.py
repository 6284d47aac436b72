"""Short ways to take values out of a tree of facts.

Here: one reader per type. Not here: what to do with them (``contracts/build.py`` and its
neighbours).
"""

from collections.abc import Iterator
from datetime import date, time
from typing import Any

from contracts.reading import Tree
from domain.contract import Fact


def value(tree: Tree, key: str) -> Any:
    """Return the value under ``key``; ``None`` when absent or unset."""
    found = tree.get(key)
    return found.value if isinstance(found, Fact) else None


def word(tree: Tree, key: str) -> str:
    """Return a text, empty when absent or unset."""
    return str(value(tree, key) or "")


def words(tree: Tree, key: str) -> tuple[str, ...]:
    """Return several texts, none when absent or unset."""
    return tuple(value(tree, key) or ())


def on_day(tree: Tree, key: str) -> date | None:
    """Return a day."""
    found = value(tree, key)
    return date.fromisoformat(found) if found else None


def at_time(tree: Tree, key: str) -> time | None:
    """Return a time of day; 24:00 is written 00:00 as an end."""
    found = value(tree, key)
    return time.fromisoformat("00:00" if found == "24:00" else found) if found else None


def clause(tree: Tree) -> str:
    """Return the clause of the first fact of a table that names one."""
    return next((fact.clause for fact in facts(tree) if fact.clause), "")


def facts(tree: Tree) -> Iterator[Fact]:
    """Yield every fact of a tree in the order of the file's shape."""
    if isinstance(tree, Fact):
        yield tree
    elif isinstance(tree, dict):
        for branch in tree.values():
            yield from facts(branch)
    elif isinstance(tree, list):
        for branch in tree:
            yield from facts(branch)
