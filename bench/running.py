"""Running one benchmark alone, or all of them: an installation, a table, an exit code."""

import argparse
import sys
from typing import Protocol

from bench.figures import Figure, table
from bench.installation import Installation, installation


class Measure(Protocol):
    """A benchmark that needs an installation."""

    def __call__(self, made: Installation, *, quick: bool = False) -> list[Figure]:
        """Return its figures; ``quick`` shows that it runs, and no more."""


def run_alone(measure: Measure) -> None:
    """Run one benchmark as the command line says; leave with 1 if a bar was missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="few cases: does it run at all?")
    asked = parser.parse_args()
    with installation() as made:
        figures = measure(made, quick=asked.quick)
    print(table(figures))
    sys.exit(0 if asked.quick or all(each.held for each in figures) else 1)
