"""The booking desk: who waits for somebody, and one box to find a citizen's bookings.

Finding somebody by name, telephone or mail is recorded. Booking for them stands in
``desk_booking``, one reservation in ``desk_booked``, arriving in ``arrivals``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from api.access.auth import require_action
from api.access.door import Person
from api.booking import visit_bookings
from api.deps import TheDesk
from api.pages.desk.desk_frame import SEARCH_PURPOSE, City, city_of, keys_for, people_of
from api.pages.desk.sending import Posted, see_other
from api.pages.rendering import page
from domain.parties import Action
from store import reservation_lists
from store.reservation_lists import ReservationLine, Waits, waits_for
from store.scope import scope

router = APIRouter(prefix="/reservations", include_in_schema=False)

Reader = Annotated[Person, Depends(require_action(Action.SEE_RESERVATIONS))]

_MOST: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Reservations that wait for the same thing."""

    id: str
    label: str
    note: str
    lines: tuple[ReservationLine, ...]


_WAITS: Final = (
    (Waits.DISPLACED, "休止のため連絡する", "新しい日時を決めるか、取り消すまで残ります。"),
    (Waits.MUST_PHONE, "お知らせが届かず電話する", "つながったら、連絡を記録してください。"),
    (Waits.TO_ENTER, "市のシステムに入力する", "入力して、受付番号を記録すると確定します。"),
    (
        Waits.NOT_GUIDED,
        "持ち物などの案内の記録がない",
        "読み上げて記録するか、お知らせが届くと消えます。",
    ),
)
"""What is waited for, the most pressing first."""


@router.get("")
def show(request: Request, person: Reader, desk: TheDesk) -> Response:
    """Show the box to search in, and who waits."""
    city = city_of(desk, person)
    with scope(desk.engine, city.slug) as connection:
        lines = reservation_lists.waiting(connection, city.slug, city.slug, limit=_MOST)
    return page(
        request,
        person,
        "desk/home",
        city=city,
        groups=groups_of(lines),
        waiting=len(lines),
        most=_MOST,
    )


@router.post("/search")
def search(request: Request, posted: Posted, person: Reader, desk: TheDesk) -> Response:
    """Find bookings by number, kana, name, telephone or mail; a number leads to its page.

    What was typed stays out of addresses.
    """
    words = posted.text("q").strip()[:200]
    city = city_of(desk, person)
    with scope(desk.engine, city.slug) as connection:
        file = visit_bookings.find_reservation(connection, words) if words else None
        if file is not None:
            return see_other(f"/reservations/booked/{file.ref.case_id}")
        found = _of_person(city, words) if words else []
    return page(
        request,
        person,
        "desk/found",
        city=city,
        found=found,
        people=people_of(request, city, found, purpose=SEARCH_PURPOSE),
        typed=as_field(words),
    )


def groups_of(lines: Sequence[ReservationLine]) -> list[Group]:
    """Return each reservation once, under what is most pressing about it."""
    left = list(lines)
    groups = []
    for what, label, note in _WAITS:
        here = tuple(line for line in left if what in waits_for(line))
        left = [line for line in left if line not in here]
        if here:
            groups.append(Group(id=str(what), label=label, note=note, lines=here))
    return groups


def as_field(words: str) -> dict[str, str]:
    """Return in which field of a new booking what was searched for belongs."""
    if "@" in words:
        return {"mail": words}
    digits = sum(char.isdigit() for char in words)
    return {"phone" if digits > len(words) // 2 else "kana": words}


def _of_person(city: City, words: str) -> list[ReservationLine]:
    with scope(city.desk.engine, city.slug) as connection:
        keys = keys_for(connection, city.desk, city.slug, words)
        return reservation_lists.of_person(connection, city.slug, keys)
