"""Where in a TOML text a key stands.

The parser of the standard library keeps no positions, and a refusal without a line sends
people searching through three hundred lines. Here: a light scan that finds table headers and
keys. It never decides what a file means; an unknown place is answered with the line of the
nearest table around it.
"""

import re
from collections import Counter
from collections.abc import Sequence

Path = tuple[str | int, ...]

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""^\s*((?:"[^"]*"|'[^']*'|[\w\-]+)(?:\s*\.\s*(?:"[^"]*"|[\w\-]+))*)\s*=""")
_NAME = re.compile(r'"([^"]*)"|\'([^\']*)\'|([\w\-]+)')
_QUOTED = re.compile(r'"(?:\\.|[^"\\])*"|\'[^\']*\'')


class Lines:
    """The line of every table and key of one text."""

    def __init__(self, text: str) -> None:
        self._at: dict[Path, int] = {(): 1}
        self._rows: Counter[Path] = Counter()
        table: Path = ()
        depth = 0
        for number, line in enumerate(text.splitlines(), 1):
            bare = _QUOTED.sub('""', line).split("#")[0]
            if depth == 0 and (header := _HEADER.match(line)):
                table = self._open(header, number)
                continue
            if depth == 0 and (key := _KEY.match(line)):
                self._at.setdefault((*table, *_names(key.group(1))), number)
            depth += bare.count("[") + bare.count("{") - bare.count("]") - bare.count("}")

    def of(self, path: Sequence[str | int]) -> int:
        """Return the line of ``path``, or of the nearest thing around it."""
        here = tuple(path)
        while here not in self._at:
            here = here[:-1]
        return self._at[here]

    def _open(self, header: re.Match[str], number: int) -> Path:
        path = self._resolved(_names(header.group(2)))
        if header.group(1) == "[[":
            row = self._rows[path]
            self._rows[path] += 1
            self._at.setdefault(path, number)
            path = (*path, row)
        self._at.setdefault(path, number)
        return path

    def _resolved(self, names: tuple[str, ...]) -> Path:
        """Add the current row number after each array of tables on the way."""
        path: Path = ()
        for position, name in enumerate(names):
            path = (*path, name)
            last = position == len(names) - 1
            if not last and self._rows[path]:
                path = (*path, self._rows[path] - 1)
        return path


def _names(dotted: str) -> tuple[str, ...]:
    return tuple("".join(found) for found in _NAME.findall(dotted))
