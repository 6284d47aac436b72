"""All benchmarks, one table, and 1 if a bar was missed: ``python -m bench``.

    python -m bench [--quick] [--only lot,lists]

They share one installation, because bringing one up takes longer than some of them.
"""

import argparse
import sys
from collections.abc import Mapping

from bench import application_case, bookings, card_case, lists, lot, notices, photos, year
from bench.figures import Figure, table
from bench.installation import Installation, installation
from bench.running import Measure


def _notices(made: Installation, *, quick: bool = False) -> list[Figure]:
    del made  # printing needs no installation
    return notices.figures(quick=quick)


def _photos(made: Installation, *, quick: bool = False) -> list[Figure]:
    del made  # nor does looking at photos
    return photos.figures(quick=quick)


BENCHMARKS: Mapping[str, Measure] = {
    "card_case": card_case.measure,
    "application_case": application_case.measure,
    "lot": lot.measure,
    "year": year.measure,
    "bookings": bookings.measure,
    "lists": lists.measure,
    "notices": _notices,
    "photos": _photos,
}
"""In the order in which they run: what fills the database comes last."""


def main() -> int:
    """Run what was asked for; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few cases: does it run at all?")
    parser.add_argument("--only", help="names with commas between: " + ", ".join(BENCHMARKS))
    asked = parser.parse_args()
    names = asked.only.split(",") if asked.only else list(BENCHMARKS)
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        parser.error(f"no benchmark of this name: {', '.join(unknown)}")
    found: list[Figure] = []
    with installation() as made:
        for name in names:
            print(f"{name} …", file=sys.stderr, flush=True)
            of_this = BENCHMARKS[name](made, quick=asked.quick)
            # What comes later may fail; what was found stands here by then.
            print(table(of_this), file=sys.stderr, flush=True)
            found += of_this
    print(table(found))
    missed = [figure for figure in found if not figure.held]
    return 1 if missed and not asked.quick else 0


if __name__ == "__main__":
    sys.exit(main())
