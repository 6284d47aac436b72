"""The demo's numbers at the windows, made through the product's own ways in.

Belongs here: who waits in the demo and is called. Does not belong here: accounts and lots
(``ops.seed``), notes at desks (``ops.demo_notes``).
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from api.access.door import Person
from api.deps import Desk
from api.queue.calls import CallRequest, call_next
from api.queue.places import places_of
from api.queue.tickets import TicketRequest, issue_ticket
from contracts.loader import LoadedContract
from domain.errors import DomainError
from domain.queue.queue_rules import Numbering, QueueRules

_NUMBERS = 6
_APART = timedelta(minutes=4)
_FIRST_OF_MACHINE = 41


def seed(desk: Desk, staff: Mapping[str, Person], *, now: datetime) -> None:
    """Let some people wait at every place that is open now, and one be called."""
    for slug, person in staff.items():
        loaded = desk.book.current(slug)
        rules = loaded.contract.queue
        for place in places_of(desk, slug, loaded.contract) if rules else ():
            assert rules is not None, "there are places where people wait"
            try:
                _wait(desk, person, loaded, rules, place, now)
            except DomainError as refused:
                print(f"the demo's numbers of {slug} were left out: {refused.title}")


def _wait(
    desk: Desk,
    person: Person,
    loaded: LoadedContract,
    rules: QueueRules,
    place: str,
    now: datetime,
) -> None:
    for number in range(_NUMBERS):
        at = now - _APART * (_NUMBERS - number)
        line = rules.lines[number % len(rules.lines)]
        resident = number != 1
        body = TicketRequest(
            line=line.id,
            place=place,
            resident=resident if rules.residents_first else None,
            reason="" if resident or not rules.residents_first else "混雑していない",
            number=(
                _FIRST_OF_MACHINE + number if line.numbering is Numbering.MACHINE else None
            ),
        )
        key = f"demo-ticket-{place}-{number}"
        issue_ticket(loaded, person, _at(desk, at), key, body)
    called = CallRequest(desk=rules.desks[0].id, place=place)
    call_next(loaded, person, _at(desk, now), f"demo-call-{place}", called)


def _at(desk: Desk, moment: datetime) -> Desk:
    """Return a desk whose clock stands still."""
    return replace(desk, clock=lambda: moment)
