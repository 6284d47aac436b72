"""Which installed font can draw a character, and how much room a text takes.

Here: reading the fonts' own tables, and the arithmetic of fitting a text into a box. Not
here: layout and PDF (``activities/render.py``), and which style a form uses
(``report_templates/``).

A name is printed as it stands in the register. So nothing is replaced or folded: what Noto
lacks comes from IPAmj Mincho, and what both lack is refused by code point, never drawn as a
box. A variation sequence counts as one character, because its base alone is another person's
way of writing the name.
"""

import math
import re
import subprocess
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import groupby

from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from domain.errors import MissingGlyph, TooLongForForm


class Face(StrEnum):
    """The fonts a form may use; the value is their installed family and style."""

    TEXT = "Noto Sans CJK JP:Regular"
    STRONG = "Noto Sans CJK JP:Bold"
    NAME = "Noto Serif CJK JP:Regular"
    RARE = "IPAmjMincho:Regular"
    """Register characters and their variants (文字情報基盤) beyond Noto."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FontFile:
    """Where a face is installed."""

    path: str
    index: int
    """Its place in a collection of fonts; 0 in a file of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What one font can draw."""

    characters: frozenset[int]
    sequences: frozenset[tuple[int, int]]
    """Base and variation selector, together one glyph."""

    def draws(self, cluster: str) -> bool:
        """Say whether the font has a glyph for one character or variation sequence."""
        if len(cluster) == 2:
            return (ord(cluster[0]), ord(cluster[1])) in self.sequences
        return ord(cluster) in self.characters


# Control, format, private use and surrogate: no ink, or a city's own meaning.
_NEVER_DRAWN = {"Cc", "Cf", "Co", "Cs"}
_SELECTORS = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
_CLUSTER = re.compile(f"[^{_SELECTORS}]?[{_SELECTORS}]|.", re.S)
_UNBROKEN = re.compile(r"[!-~\u00a1-\u024f]+|.", re.S)
_POINTS_PER_MM = 72 / 25.4


@cache
def installed_fonts() -> dict[Face, FontFile]:
    """Return the faces that are installed, with their files.

    Raises:
        FileNotFoundError: fontconfig, which comes with pango, is not installed.
    """
    listing = ["fc-list", "--format", "%{family}\t%{style}\t%{index}\t%{file}\n"]
    listed = subprocess.run(listing, check=True, capture_output=True, text=True, timeout=60)
    found: dict[Face, FontFile] = {}
    for line in sorted(listed.stdout.splitlines()):
        families, styles, index, path = line.split("\t")
        names = {f"{f}:{s}" for f in families.split(",") for s in styles.split(",")}
        for face in names & set(Face):
            found.setdefault(Face(face), FontFile(path=path, index=int(index)))
    return found


@cache
def coverage(face: Face) -> Coverage:
    """Return what ``face`` can draw; nothing when it is not installed."""
    if face not in installed_fonts():
        return Coverage(characters=frozenset(), sequences=frozenset())
    file = installed_fonts()[face]
    with TTFont(file.path, fontNumber=file.index, lazy=True) as font:
        cmap = font["cmap"]
        return Coverage(
            characters=frozenset(cmap.getBestCmap()),
            sequences=frozenset(
                (base, selector)
                for table in cmap.tables
                if table.format == 14
                for selector, pairs in table.uvsDict.items()
                for base, _ in pairs
            ),
        )


def clusters(text: str) -> Iterator[str]:
    """Cut a text into characters; a character and its variation selector stay together."""
    return (match.group() for match in _CLUSTER.finditer(text))


@cache
def face_of(cluster: str) -> Face | None:
    """Return the face that draws a cluster: Noto first, then IPAmj Mincho, or ``None``.

    ``Face.TEXT`` stands for both styles of Noto; a character counts only if both have it.
    """
    if unicodedata.category(cluster[0]) in _NEVER_DRAWN:
        return None
    if coverage(Face.TEXT).draws(cluster) and coverage(Face.NAME).draws(cluster):
        return Face.TEXT
    return Face.RARE if coverage(Face.RARE).draws(cluster) else None


def runs(text: str) -> Iterator[tuple[Face | None, str]]:
    """Cut a text into stretches that one face draws."""
    for face, stretch in groupby(clusters(text), key=face_of):
        yield face, "".join(stretch)


def missing_glyphs(text: str) -> set[str]:
    """Return the characters and variation sequences that no installed face can draw."""
    return {cluster for cluster in clusters(text) if face_of(cluster) is None}


def code_points(cluster: str) -> str:
    """Return how a character is named in a message: ``U+845B U+E0102``."""
    return " ".join(f"U+{ord(character):04X}" for character in cluster)


def require_glyphs(texts: Iterable[str]) -> None:
    """Refuse texts that cannot be drawn completely.

    Raises:
        MissingGlyph: Its message names the code points, and nobody.
    """
    missing = {cluster for text in texts for cluster in missing_glyphs(text)}
    if missing:
        raise MissingGlyph("、".join(code_points(cluster) for cluster in sorted(missing)))


def em_width(text: str) -> float:
    """Return the room a text takes in ems, rather too much than too little."""
    return sum(_character_width(cluster[0]) for cluster in clusters(text))


def _character_width(character: str) -> float:
    if unicodedata.east_asian_width(character) in "WFA":
        return 1.0
    if unicodedata.combining(character):
        return 0.0
    if character in "mwMW@%&":
        return 0.95
    return 0.72 if character.isupper() else 0.62


def lines_needed(text: str, line_ems: float) -> int:
    """Return how many lines a text needs; words break only when longer than a line."""
    lines, used = 1, 0.0
    for unit in _UNBROKEN.findall(text):
        width = em_width(unit)
        if used + width <= line_ems:
            used += width
        elif width <= line_ems:
            lines, used = lines + 1, width
        else:
            # The engine starts a word that it has to break on a line of its own.
            own = math.ceil(width / max(line_ems - 1, 1))
            lines, used = lines + own - (not used), line_ems
    return lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A place on a form: how wide, how many lines, in which sizes, the largest first."""

    width_mm: float
    lines: int
    sizes_pt: tuple[float, ...]


def fit(text: str, *boxes: Box) -> float:
    """Return the first size at which a text stays within one of the boxes, in points.

    Raises:
        TooLongForForm: It stays within none.
    """
    for box in boxes:
        for size in box.sizes_pt:
            # One em less: a line may not begin with a closing mark, so more moves down.
            if lines_needed(text, box.width_mm * _POINTS_PER_MM / size - 1) <= box.lines:
                return size
    raise TooLongForForm("この様式の枠に入らない文字列があります")
