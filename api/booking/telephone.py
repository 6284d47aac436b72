"""Which telephone numbers there are, as the tables of the library say.

Numbers may be typed as within Japan or with +81. What is no text of a number at all is
refused before (``domain.booking.booking_form``); whether anybody answers, nobody can know here.
"""

import phonenumbers

_REGION = "JP"


def international(typed: str) -> str | None:
    """Return a Japanese number as ``+81…``, or ``None`` where there is no such number."""
    try:
        number = phonenumbers.parse(typed, _REGION)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number_for_region(number, _REGION) or number.extension:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def national(kept: str) -> str:
    """Return a kept number as people in Japan write it: ``043-123-4567``."""
    number = phonenumbers.parse(kept, _REGION)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
