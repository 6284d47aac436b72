"""The citizen's own link to a booking: what it says, and when it is dead.

A link names the reservation and its generation, which changes with every move, and is signed
under a key made from the municipality's. It is the whole credential of a citizen, so it holds
nothing but ids, dies with the move and with the visit, and is worth nothing in another city.

Reading needs no database but for the key. Whether the reservation still stands at that
generation, and until when, is its row's to say: ``require`` compares.
"""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime

from domain.booking.booking_errors import LinkExpired, LinkUnknown

_KEY = b"madoguchi reservation link v1"
_MAC_BYTES = 16
_GENERATION_BYTES = 4
"""Sixteen, four and sixteen bytes fill 48 characters: one token has one spelling."""
_CASE_ID = re.compile(r"[0-9a-f]{32}")
_CASE_BYTES = 16
_TOKEN = re.compile(r"[A-Za-z0-9_-]{48}", re.ASCII)


_BROKEN = "リンクが途中で切れていないか確かめてください。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What a link that is ours says."""

    case_id: str
    generation: int

    def require(self, *, generation: int, valid_until: datetime, now: datetime) -> None:
        """Refuse a link of before a move, or of a visit that is over.

        Args:
            generation: Where the reservation stands.
            valid_until: When its visit is over; at that moment the link is dead.
            now: What time it is.

        Raises:
            LinkExpired: Either of the two.
        """
        if self.generation != generation:
            raise LinkExpired("予約が変更されています。新しいリンクをお使いください。")
        if now >= valid_until:
            raise LinkExpired("予約の日時が過ぎています。")


def make(city_key: bytes, *, municipality: str, case_id: str, generation: int) -> str:
    """Return the token of a reservation as it stands now, fit for a path."""
    if not _CASE_ID.fullmatch(case_id):
        raise ValueError("a link is made for a case id")
    said = bytes.fromhex(case_id) + generation.to_bytes(_GENERATION_BYTES, "big")
    signed = said + _signature(city_key, municipality, said)
    return base64.urlsafe_b64encode(signed).decode()


def read(city_key: bytes, *, municipality: str, token: str) -> Link:
    """Return what a token says.

    Raises:
        LinkUnknown: It is not one of this municipality's, or was changed.
    """
    if not _TOKEN.fullmatch(token):
        raise LinkUnknown(_BROKEN)
    signed = base64.urlsafe_b64decode(token)
    said, signature = signed[:-_MAC_BYTES], signed[-_MAC_BYTES:]
    if not hmac.compare_digest(signature, _signature(city_key, municipality, said)):
        raise LinkUnknown(_BROKEN)
    return Link(
        case_id=said[:_CASE_BYTES].hex(),
        generation=int.from_bytes(said[_CASE_BYTES:], "big"),
    )


def _signature(city_key: bytes, municipality: str, said: bytes) -> bytes:
    own = hmac.digest(city_key, _KEY, hashlib.sha256)
    # The name has no zero byte, so no other pair of name and ids gives the same text.
    about = municipality.encode() + b"\0" + said
    return hmac.digest(own, about, hashlib.sha256)[:_MAC_BYTES]
