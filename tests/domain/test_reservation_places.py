"""What reservations do to the places that are counted, whatever happens to them."""

from collections.abc import Callable
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.booking.reservation import Reservation, moves, taken
from domain.booking.reservation_parts import Place, Stage
from domain.errors import DomainError
from tests.builders import some_terms
from tests.domain.reservations import AT, DAY, NOON, TO, elsewhere, held, place

Slot = tuple[str, datetime]

walks = st.lists(
    st.tuples(
        st.sampled_from([*TO, "give back"]), st.integers(0, 3), st.sampled_from([0, 5, 10, 40])
    ),
    max_size=12,
)


class Counted:
    """The places of every slot, as the inventory counts them."""

    def __init__(self) -> None:
        self._places: dict[Slot, int] = {}

    def follow(self, before: Reservation | None, after: Reservation) -> None:
        """Count what a step moved; rows are locked in one order by everybody."""
        changes = moves(before, after)
        assert [*changes] == sorted(changes, key=lambda c: (c.site, c.starts_at))
        for change in changes:
            slot = (change.site, change.starts_at)
            self._places[slot] = self._places.get(slot, 0) + change.places

    @property
    def taken(self) -> dict[Slot, int]:
        """Return where places are taken."""
        return {slot: places for slot, places in self._places.items() if places}


@given(
    walk=walks,
    party=st.integers(1, 4),
    per_person=st.booleans(),
    delay=st.sampled_from([0, 30]),
)
def test_what_moves_is_what_is_taken(
    walk: list[tuple[str, int, int]], party: int, *, per_person: bool, delay: int
) -> None:
    """
    Whatever happens in whatever order: the counts follow, and in the end nothing is stranded.
    """
    terms = some_terms(return_after=timedelta(minutes=delay), people_use_places=per_person)
    now, value, counted = NOON, held(party=party, terms=terms), Counted()
    counted.follow(None, value)

    for step, where, minutes in walk:
        now += timedelta(minutes=minutes)
        before, value = value, _stepped(value, step, place(5 + where), now)
        counted.follow(before, value)
        assert _places(value) == counted.taken
    before, value = value, value.give_back(now + DAY)
    counted.follow(before, value)

    over = value.stage in {Stage.LAPSED, Stage.CANCELLED, Stage.DISPLACED}
    slot = (value.place.site, value.place.starts_at)
    assert ({} if over else {slot: value.places}) == counted.taken


def test_the_walks_get_everywhere() -> None:
    """
    The control: walks whose every step is refused would prove nothing.
    """
    steps = ["confirm", "change", "displace", "change", "cancel", "give back"]
    seen, value = [], held()
    for where, step in enumerate(steps):
        before, value = value, _stepped(value, step, place(5 + where), NOON)
        seen.append((value.stage, sum(change.places for change in moves(before, value))))

    assert [
        ("confirmed", 0),
        ("confirmed", 2),
        ("displaced", -2),
        ("confirmed", 2),
        ("cancelled", 0),
        ("cancelled", 0),
    ] == seen


def test_places_of_the_citys_system_are_not_ours_to_count() -> None:
    """
    Nothing of ours is taken, moved or returned.
    """
    for stage in ("to book", "entered", "to change", "to cancel"):
        assert {} == dict(taken(AT[stage]))
    assert () == moves(None, elsewhere())


def test_who_was_here_and_who_was_missed_keep_their_places() -> None:
    """
    They say how full the day was, and nobody can book the past.
    """
    assert {place(): 2} == dict(taken(AT["arrived"])) == dict(taken(AT["no_show"]))


def _places(value: Reservation) -> dict[Slot, int]:
    return {(at.site, at.starts_at): places for at, places in taken(value).items()}


def _stepped(value: Reservation, step: str, to: Place, now: datetime) -> Reservation:
    """Return the reservation after a step, or as it was if the step is refused."""
    steps: dict[str, Callable[[], Reservation]] = {
        "confirm": lambda: value.confirm(now),
        "lapse": lambda: value.lapse(now),
        "change": lambda: value.change(to, now),
        "cancel": lambda: value.cancel(now),
        "give back": lambda: value.give_back(now),
    }
    try:
        return steps[step]() if step in steps else TO[step](value)
    except DomainError:
        return value
