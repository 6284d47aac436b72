"""That every benchmark runs and finds figures; never how fast anything is."""

from collections.abc import Iterator

import pytest
from _pytest.mark import ParameterSet

from bench import lists
from bench.__main__ import BENCHMARKS
from bench.bookings_claims import given_to_pgbench
from bench.figures import Figure, table
from bench.installation import Installation, installation
from store.claims import CLAIM
from store.inventory import TAKE


@pytest.fixture(scope="module")
def made() -> Iterator[Installation]:
    """One installation for all of them, as ``make bench`` has it."""
    with installation() as running:
        yield running


def _named(name: str) -> ParameterSet:
    # The load test of the yearly volume is the benchmark itself; here it is shown to run.
    marks = [pytest.mark.req("OTA-24")] if name == "year" else []
    return pytest.param(name, marks=marks)


LONG = {"bookings", "photos", "application_case"}
"""For these `make bench` alone has time: servers in three numbers, thousands of photos, and the
same way of measuring that ``card_case`` shows to run."""


@pytest.mark.parametrize("name", [_named(name) for name in BENCHMARKS if name not in LONG])
def test_a_benchmark_runs_to_its_end_and_finds_figures(made: Installation, name: str) -> None:
    """A benchmark that broke unnoticed would be missed on the day it is needed."""
    figures = BENCHMARKS[name](made, quick=True)

    assert any(figure.bar for figure in figures)
    assert [] == [figure.name for figure in figures if not figure.value > 0]


@pytest.mark.parametrize("asks", [CLAIM, TAKE], ids=["statement", "places"])
def test_pgbench_is_given_a_value_for_everything_the_product_sends(asks: str) -> None:
    """The control asks the product's own statements, which change without looking at it."""
    for what, value in given_to_pgbench("now()").items():
        asks = asks.replace(what, value)

    assert "%(" not in asks


def test_a_missed_bar_is_told() -> None:
    """Whoever reads the table sees at once what fell short."""
    held = Figure(name="a", value=2.0, unit="s", at_most=3)
    missed = Figure(name="b", value=2.0, unit="ratio", at_least=3)

    told = table([held, missed])

    assert (True, False) == (held.held, missed.held)
    assert 1 == told.count("MISSED")


def test_the_growth_of_a_list_is_told_of_pages_that_hold_the_same() -> None:
    """The control: two hand-offs against a full page would be told as growth."""
    lists.same_page("hand-offs", [51], [51])

    with pytest.raises(lists.UnlikePages, match="hand-offs"):
        lists.same_page("hand-offs", [2, 0], [51])
