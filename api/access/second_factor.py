"""The second factor: codes of an authenticator app (TOTP, RFC 6238).

Pure functions over a secret and a moment. Where the secret is kept and that a code works
only once is the business of ``api.access.door`` and ``store.people``.
"""

import hmac
import unicodedata
from datetime import datetime, timedelta
from typing import Final

import pyotp
import segno

STEP: Final = timedelta(seconds=30)
ISSUER: Final = "Madoguchi"

# One step either way: phones' clocks differ, and typing takes a moment.
_TOLERATED = (-1, 0, 1)


def new_secret() -> str:
    """Return a fresh secret as authenticator apps read it."""
    return pyotp.random_base32()


def app_address(secret: str, login: str) -> str:
    """Return the address that an authenticator app opens to take the secret."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=ISSUER)


def qr_svg(address: str) -> str:
    """Return ``address`` as a QR code to put into a page; it needs no style and no script."""
    code = segno.make(address, error="m")
    return str(code.svg_inline(scale=5, border=4, title="認証アプリで読み取るコード"))


def step_of(now: datetime) -> int:
    """Return the number of the time step that ``now`` lies in."""
    return int(now.timestamp()) // int(STEP.total_seconds())


def matching_step(secret: str, code: str, *, now: datetime, after: int | None) -> int | None:
    """Return the time step that ``code`` belongs to, or ``None`` if it is of no use.

    Args:
        secret: The person's.
        code: Six digits as typed; spaces and full-width digits are fine.
        now: The moment of the attempt.
        after: The last step that was accepted: it and everything before is spent.
    """
    typed = unicodedata.normalize("NFKC", code).replace(" ", "").encode()
    totp = pyotp.TOTP(secret)
    found: int | None = None
    for offset in _TOLERATED:
        step = step_of(now) + offset
        fits = hmac.compare_digest(totp.generate_otp(step).encode(), typed)
        if fits and (after is None or step > after):
            found = step
    return found
