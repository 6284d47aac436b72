"""Bookings: the rush, the claim against pgbench, what is free. ``--only bookings``.

    python -m bench.bookings [--quick]

Here: the grounds on which the three are measured. Each stands in a module of its own.
"""

from bench import bookings_claims, bookings_rush, bookings_slots
from bench.bookings_ground import ground
from bench.figures import Figure
from bench.installation import Installation
from bench.running import run_alone


def measure(made: Installation, *, quick: bool = False) -> list[Figure]:
    """Return the figures of all three."""
    with ground(made, "bench_bookings") as there, ground(made, "bench_no_bookings") as empty:
        found = bookings_slots.measure(empty, there, quick=quick)
        found += bookings_rush.measure(there, quick=quick)
        found += bookings_claims.measure(there, quick=quick)
    return found


if __name__ == "__main__":
    run_alone(measure)
