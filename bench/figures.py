"""What a benchmark found: one figure with its bar, and the table of all of them.

Here: figures and how they are told. Not here: how anything is measured.
"""

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One thing that was measured; without a bar it only informs."""

    name: str
    value: float
    unit: str
    at_most: float | None = None
    at_least: float | None = None

    @property
    def held(self) -> bool:
        """Tell whether the figure reaches its bar."""
        if self.at_most is not None and self.value > self.at_most:
            return False
        return self.at_least is None or self.value >= self.at_least

    @property
    def bar(self) -> str:
        """The bar as a person reads it."""
        if self.at_most is not None:
            return f"≤ {self.at_most:g}"
        return "" if self.at_least is None else f"≥ {self.at_least:g}"

    @property
    def verdict(self) -> str:
        """Whether it was held, or that there was nothing to hold."""
        if not self.bar:
            return ""
        return "held" if self.held else "MISSED"


def table(figures: Iterable[Figure]) -> str:
    """Return one line a figure."""
    lines = [f"{'figure':<58} {'value':>10} {'unit':<10} {'bar':<9} verdict"]
    lines += [
        f"{each.name:<58} {_short(each.value):>10} {each.unit:<10} {each.bar:<9} {each.verdict}"
        for each in figures
    ]
    return "\n".join(line.rstrip() for line in lines)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that ``share`` of all values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def median_ratio(pairs: Iterable[tuple[float, float]]) -> float:
    """Return the median of each pair's own ratio: what disturbs both halves cancels out."""
    return statistics.median(first / second for first, second in pairs)


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
