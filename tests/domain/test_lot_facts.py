"""The lot as a whole: one delivery date, one count, and not taken over twice."""

from datetime import date

import pytest

from domain.errors import EmptyList, MixedDeliveryDates
from domain.lots.lot_facts import CountCheck, card_keys, check_count, delivery_date, lot_digest
from tests.domain.lots import DELIVERED, issue_row


def test_a_lot_has_one_delivery_date() -> None:
    """The two weeks of all its notices run from it; one unreadable cell does not change it."""
    rows = [issue_row("A1"), issue_row("A2", delivered_on=None)]
    assert delivery_date(rows) == DELIVERED


@pytest.mark.parametrize("others", [[date(2026, 6, 2)], []])
def test_a_lot_without_one_delivery_date_is_refused(others: list[date]) -> None:
    """Two lots in one list would have two deadlines; none has no deadline at all."""
    rows = [issue_row(f"A{place}", delivered_on=day) for place, day in enumerate(others)]
    first = [issue_row("A9", delivered_on=DELIVERED if others else None)]
    with pytest.raises(MixedDeliveryDates):
        delivery_date([*first, *rows])


def test_the_count_stated_is_held_against_the_list() -> None:
    """A card too few is the first thing to say at hand-over."""
    rows = [issue_row("A1"), issue_row("A2"), issue_row("A2")]
    assert check_count(rows, stated=3, unreadable=1) == CountCheck(
        listed=3, distinct=2, unreadable=1, stated=3
    )
    assert check_count(rows, stated=3, unreadable=1).difference == 1
    assert check_count(rows, stated=5).difference == -2
    assert check_count(rows, stated=None).difference == 0


@pytest.mark.parametrize(
    ("check", "agrees"),
    [
        (CountCheck(listed=3, distinct=3, unreadable=0, stated=3), True),
        (CountCheck(listed=3, distinct=3, unreadable=0, stated=None), True),
        (CountCheck(listed=3, distinct=3, unreadable=0, stated=4), False),
        (CountCheck(listed=3, distinct=2, unreadable=0, stated=3), False),
        (CountCheck(listed=2, distinct=2, unreadable=1, stated=3), False),
    ],
)
def test_a_count_agrees_only_if_each_row_is_a_readable_card(
    check: CountCheck, agrees: bool
) -> None:
    """Three rows that are two cards are not three cards."""
    assert check.agrees is agrees


def test_a_lot_is_the_same_in_any_order() -> None:
    """Handing in the same list sorted otherwise must not make a second lot."""
    rows = [issue_row("A1"), issue_row("A2"), issue_row("A2")]
    keys = card_keys(rows, DELIVERED)
    assert keys == ("2026-06-01:A1", "2026-06-01:A2")
    assert lot_digest(keys) == lot_digest(reversed(keys))


def test_another_card_or_day_is_another_lot() -> None:
    """A card that went back and came again is delivered anew."""
    rows = [issue_row("A1")]
    digest = lot_digest(card_keys(rows, DELIVERED))
    assert digest != lot_digest(card_keys(rows, date(2026, 6, 2)))
    assert digest != lot_digest(card_keys([issue_row("A2")], DELIVERED))


def test_no_cards_are_no_lot() -> None:
    """All empty lists would be the same lot."""
    with pytest.raises(EmptyList):
        lot_digest(())
