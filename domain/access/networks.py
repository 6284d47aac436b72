"""Networks that a place works from: how one is written, and whether an address is of one.

Belongs here: what may be registered, and the comparison. Does not belong here: where an
address comes from (``api.access.auth``), which networks a place has (``store.networks``).
"""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

from domain.contract import Contract
from domain.errors import FieldMissing
from domain.parties import Role

BOUND_TO_PLACE: Final = frozenset({Role.CALL_AGENT})
"""Whose console works at registered places only. Managers register networks from anywhere, so
that nobody can be locked out of registering the next one."""

_LEAST_BITS: Final = {4: 16, 6: 32}
"""A wider network is half the world and no place."""


def is_bound(contract: Contract, role: Role) -> bool:
    """Say whether a role works from registered networks only under this contract."""
    return role in BOUND_TO_PLACE and bool(contract.flag("call_centre.registered_networks"))


def network_of(text: str) -> str:
    """Return a network as it is kept: ``203.0.113.0/24``; one address is a network, too.

    Raises:
        FieldMissing: It is none, or too wide to be a place.
    """
    try:
        found = ip_network(text.strip())
    except ValueError:
        raise FieldMissing(
            "回線は 203.0.113.8 か 203.0.113.0/24 の形で入力してください。"
        ) from None
    least = _LEAST_BITS[found.version]
    if found.prefixlen < least:
        raise FieldMissing(f"回線の範囲が広すぎます。/{least} より狭くしてください。")
    return str(found)


def lies_within(address: str, networks: Iterable[str]) -> bool:
    """Say whether an address is of one of the networks; what is no address is of none."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    plain: IPv4Address | IPv6Address = getattr(found, "ipv4_mapped", None) or found
    return any(plain in ip_network(each) for each in networks)


def is_this_machine(address: str) -> bool:
    """Say whether an address never leaves the machine."""
    return lies_within(address, ("127.0.0.0/8", "::1/128"))
