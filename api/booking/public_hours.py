"""When the windows of a contract are open, as the public is told, with today's closures in it.

Belongs here: which calendars the public asks about, and from when single days are told. Does
not belong here: how the text is made (``domain.calendars.hours_text``).
"""

from collections.abc import Iterable

from api.booking.day_changes import contract_now
from api.deps import Desk
from domain.calendars.hours import local
from domain.calendars.hours_text import HoursText, hours_text
from domain.contract import Contract, calendar_of
from domain.contract_parts import ChannelKind
from store import contract_state
from store.contract_state import AddedClosure
from store.scope import scope

_REACHED = frozenset(
    {
        ChannelKind.BOOTH,
        ChannelKind.COUNTER,
        ChannelKind.DESK,
        ChannelKind.OUTREACH,
        ChannelKind.PHONE,
    }
)
"""Where people come or call; whatever else is open is no matter of the public's."""


def told_of(
    desk: Desk, contract: Contract, name: str, added: Iterable[AddedClosure]
) -> HoursText:
    """Return the text of one calendar, with the closures that lie ahead.

    Args:
        desk: Tells what day it is.
        contract: As it runs.
        name: Of the calendar.
        added: Closures of any of its calendars.
    """
    closures = [each.closure for each in added if each.calendar == name]
    today = local(desk.clock()).date()
    return hours_text(calendar_of(contract, name, closures), today, contract.holidays.last)


def public_hours(
    desk: Desk, contract: Contract, added: Iterable[AddedClosure]
) -> list[HoursText]:
    """Return the texts of all the calendars by which people come or call, each once."""
    reached = [each.calendar for each in contract.channels if each.kind in _REACHED]
    kept = tuple(added)
    return [told_of(desk, contract, name, kept) for name in dict.fromkeys(reached)]


def hours_now(desk: Desk, municipality: str, name: str) -> HoursText:
    """Return the text of one calendar of a municipality as it stands now."""
    contract = contract_now(desk, municipality, desk.book.current(municipality))
    with scope(desk.engine, municipality) as connection:
        added = contract_state.closures(connection, municipality, contract.slug, name)
    return told_of(desk, contract, name, added)
