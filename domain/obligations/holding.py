"""Which channels of a contract stay shut until a promise is kept.

Belongs here: what is held back, by what, and what can be done all the same. Does not belong
here: whether the promise is kept (``domain.obligations.obligation``).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from domain.booking.booking_rules import BookingChannel
from domain.contract import Contract
from domain.contract_parts import ChannelKind, Procedure
from domain.obligations.obligation_errors import NotLiveYet

_WAYS: Mapping[BookingChannel, ChannelKind] = {
    BookingChannel.WEB: ChannelKind.WEB,
    BookingChannel.PHONE: ChannelKind.PHONE,
    BookingChannel.BOOTH: ChannelKind.BOOTH,
}
"""Bookings at a window are taken where people are received, on a channel of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """The channels that are shut, each with what it waits for."""

    by_channel: Mapping[str, str]
    """Id of the channel and name of the promise."""

    def require_channel(self, channel: str) -> None:
        """Return if the channel is open.

        Raises:
            NotLiveYet: It waits for something; the sentence says for what.
        """
        if channel in self.by_channel:
            raise NotLiveYet(_why(self.by_channel[channel]))

    def require_procedure(self, procedure: Procedure | None) -> None:
        """Return if the procedure can be done on a channel that is open, or is none.

        Raises:
            NotLiveYet: Every channel of it waits for something.
        """
        if procedure is not None and not self.allows(procedure):
            raise NotLiveYet(_why(self.by_channel[procedure.channels[0]]))

    def allows(self, procedure: Procedure) -> bool:
        """Say whether the procedure can be chosen; one of no channel waits for none."""
        shut = [channel in self.by_channel for channel in procedure.channels]
        return not shut or not all(shut)

    def booking(self, contract: Contract, channel: BookingChannel) -> str | None:
        """Return what bookings that come in this way wait for; ``None``: nothing."""
        kind = _WAYS.get(channel)
        ways = [each.id for each in contract.channels if each.kind is kind]
        return next((self.by_channel[way] for way in ways if way in self.by_channel), None)

    def require_booking(self, contract: Contract, channel: BookingChannel) -> None:
        """Return if bookings may come in this way.

        Raises:
            NotLiveYet: They wait for something.
        """
        label = self.booking(contract, channel)
        if label is not None:
            raise NotLiveYet(_why(label))


NOTHING = Held(by_channel={})


def held_back(contract: Contract, lifted: Iterable[str]) -> Held:
    """Return what is shut, from the codes of the obligations that let go of theirs."""
    free = frozenset(lifted)
    return Held(
        by_channel={
            channel: terms.label
            for terms in contract.obligations
            if terms.code not in free
            for channel in terms.holds
        }
    )


def _why(label: str) -> str:
    return f"「{label}」が済むまで始まりません。"
