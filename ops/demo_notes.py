"""The demo's notes at desks and an agreement, made through the product's own ways in.

Belongs here: what the demo pretends of guidance, questions and consultations. Does not
belong here: accounts and lots (``ops.seed``), bookings (``ops.demo_bookings``).
"""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from api.access.door import Person
from api.calls.inquiries import InquiryRequest, record_inquiry
from api.catalogue.catalogue import SwitchRequest, switch_entry
from api.deps import Desk
from domain.calendars.hours import local
from domain.calls.inquiry import Category, Nature, Outcome
from domain.catalogue.catalogue import OfferKind, groups_of
from domain.contract import Contract
from domain.contract_parts import ChannelKind
from domain.errors import DomainError
from domain.procedures.procedure_parts import Group

_NOTES = 24
_APART = timedelta(minutes=11)
_SUBJECTS = tuple(each for each in Category if each is not Category.CITY_WINDOW)


def seed(desk: Desk, staff: Mapping[str, Person], *, now: datetime) -> None:
    """Note what was asked at the desks of each city since this morning."""
    for slug, person in staff.items():
        loaded = desk.book.current(slug)
        chance = random.Random(slug)  # noqa: S311 - a demo, and the same one every time
        for number in range(_NOTES):
            at = now - _APART * number
            if local(at).date() != local(now).date():
                break
            body = _note(loaded.contract, chance)
            then = replace(desk, clock=_at(at))
            try:
                record_inquiry(loaded, person, then, f"demo-note-{slug}-{number}", body)
            except DomainError as refused:
                print(f"the demo's notes of {slug} were left out: {refused.title}")
                break


def agree(desk: Desk, manager: Person, *, now: datetime) -> None:
    """Enter an agreement about one of the portal's procedures."""
    body = SwitchRequest(
        kind=OfferKind.PROCEDURE,
        code="portal_pin_change",
        on=True,
        from_day=local(now).date(),
        agreement="体験用の協議 第1号（架空）",
    )
    loaded = desk.book.current(manager.municipality)
    switch_entry(loaded, manager, replace(desk, clock=_at(now)), "demo-switch", body)


def _note(contract: Contract, chance: random.Random) -> InquiryRequest:
    sent_on = chance.random() < 0.1
    groups: Sequence[Group] = groups_of(contract)
    return InquiryRequest(
        category=Category.CITY_WINDOW if sent_on else chance.choice(_SUBJECTS),
        nature=chance.choice(tuple(Nature)),
        place=chance.choice(_desks(contract)),
        group=None if Group.OTHER in groups else chance.choice(groups),
        outcome=Outcome.REFERRED if sent_on else Outcome.ANSWERED,
    )


def _desks(contract: Contract) -> list[str]:
    at_desk = {ChannelKind.DESK, ChannelKind.COUNTER, ChannelKind.BOOTH, ChannelKind.OUTREACH}
    return [channel.id for channel in contract.channels if channel.kind in at_desk]


def _at(moment: datetime) -> Callable[[], datetime]:
    """Return a clock that stands still."""
    return lambda: moment
