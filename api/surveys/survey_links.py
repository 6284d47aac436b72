"""The link that a venue's tablet opens: a place, a day, and a signature; it names nobody.

Everybody at a venue answers under the same link, so it cannot tell one from another. It is
worth nothing on any other day, at any other place, in any other city.
"""

import hashlib
import hmac
from datetime import date

from domain.surveys.survey_errors import SurveyLinkUnknown

_KEY = b"madoguchi survey link v1"
_MAC_BYTES = 16


def path_of(city_key: bytes, *, contract: str, site: str, day: date) -> str:
    """Return the path of a questionnaire."""
    return f"/survey/{contract}/{site}/{day}/{_signature(city_key, contract, site, day)}"


def require(city_key: bytes, given: str, *, contract: str, site: str, day: date) -> None:
    """Return if a signature is ours.

    Raises:
        SurveyLinkUnknown: It is not.
    """
    ours = _signature(city_key, contract, site, day)
    if not hmac.compare_digest(given.encode(), ours.encode()):
        raise SurveyLinkUnknown("会場の係員に声をかけてください。")


def _signature(city_key: bytes, contract: str, site: str, day: date) -> str:
    own = hmac.digest(city_key, _KEY, hashlib.sha256)
    about = f"{contract}\0{site}\0{day}".encode()
    return hmac.digest(own, about, hashlib.sha256)[:_MAC_BYTES].hex()
