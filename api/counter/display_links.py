"""The link to the screen in front of a resident: which screen, until when, signed.

Nobody logs in at that screen, so its link is all it has: it names a screen by chance, ends by
itself, and is worth nothing in another city. What the screen shows, and when it is blank,
stands in ``domain.guidance.screen``.
"""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime

_KEY = b"madoguchi resident display v1"
_MAC_BYTES = 16
_ID_BYTES = 16
_TIME_BYTES = 4
"""Sixteen, four and sixteen bytes fill 48 characters: one token has one spelling."""

_TOKEN = re.compile(r"([a-z][a-z0-9-]{1,39})\.([A-Za-z0-9_-]{48})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class DisplayLink:
    """What a link that is ours says."""

    display_id: str
    expires_at: datetime


def make(city_key: bytes, *, municipality: str, display_id: str, expires_at: datetime) -> str:
    """Return the token of a screen, fit for a path."""
    ends = int(expires_at.timestamp())
    said = bytes.fromhex(display_id) + ends.to_bytes(_TIME_BYTES, "big")
    if len(said) != _ID_BYTES + _TIME_BYTES:
        raise ValueError("a screen is named by sixteen bytes")
    signed = said + _signature(city_key, municipality, said)
    return f"{municipality}.{base64.urlsafe_b64encode(signed).decode()}"


def municipality_in(token: str) -> str | None:
    """Return whose screen a token claims to be; ``None`` if it is no token at all."""
    found = _TOKEN.fullmatch(token)
    return found[1] if found else None


def read(city_key: bytes, token: str) -> DisplayLink | None:
    """Return what a token says; ``None`` if it is not one of this municipality's."""
    found = _TOKEN.fullmatch(token)
    if found is None:
        return None
    signed = base64.urlsafe_b64decode(found[2])
    said, signature = signed[:-_MAC_BYTES], signed[-_MAC_BYTES:]
    if not hmac.compare_digest(signature, _signature(city_key, found[1], said)):
        return None
    ends = int.from_bytes(said[_ID_BYTES:], "big")
    return DisplayLink(
        display_id=said[:_ID_BYTES].hex(), expires_at=datetime.fromtimestamp(ends, UTC)
    )


def _signature(city_key: bytes, municipality: str, said: bytes) -> bytes:
    own = hmac.digest(city_key, _KEY, hashlib.sha256)
    # The name has no zero byte, so no other pair of name and screen gives the same text.
    about = municipality.encode() + b"\0" + said
    return hmac.digest(own, about, hashlib.sha256)[:_MAC_BYTES]
