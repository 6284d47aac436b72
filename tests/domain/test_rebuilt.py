"""A case told again by its record alone."""

from datetime import UTC, datetime, timedelta

from domain.booking.reservation import Reservation, detail_of
from domain.case import CaseKind
from domain.records.audit import GENESIS, RecordedEvent
from domain.records.rebuilt import Rebuilt, rebuilt
from tests.domain.reservations import CONFIRMED, NOON, held

AT = datetime(2026, 9, 1, 3, tzinfo=UTC)


def line(seq: int, value: Reservation) -> RecordedEvent:
    """Return a line that says how the reservation stands after it."""
    return RecordedEvent(
        municipality="ota",
        case_id=value.case_id,
        seq=seq,
        at=AT + timedelta(minutes=seq),
        action="step",
        actor="system",
        role=None,
        detail=detail_of(value),
        sealed_reason=None,
        key=f"key-{seq}",
        prev_hash=GENESIS,
        hash="",
    )


def test_a_cancelled_visit_is_closed_when_its_places_are_back() -> None:
    """
    Over is not closed: until then the course has something to do.
    """
    cancelled = CONFIRMED.cancel(NOON)
    returned = cancelled.give_back(cancelled.freed[0].returns_at)
    lines = [line(n, value) for n, value in enumerate([held(), CONFIRMED, cancelled], 1)]

    waiting = rebuilt(CaseKind.RESERVATION, lines)
    done = rebuilt(CaseKind.RESERVATION, [*lines, line(4, returned), line(5, returned)])

    first = AT + timedelta(minutes=1)
    assert Rebuilt(opened_at=first, stage="cancelled", closed_at=None) == waiting
    closed_at = AT + timedelta(minutes=4)
    assert Rebuilt(opened_at=first, stage="cancelled", closed_at=closed_at) == done
