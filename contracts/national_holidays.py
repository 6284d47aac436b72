"""Japan's national holidays as data that a contract can pin.

The only importer of the ``holidays`` package. Here: the list of a stretch of years with
Japanese names. Not here: whether a holiday closes anything (each contract says).

Equinox days are official only from February of the year before; later years are the
astronomical forecast. A new release of the package therefore makes a new contract version,
and a running case keeps the list it began with.
Source: 国民の祝日に関する法律（昭和23年法律第178号）; 国立天文台 暦要項.
"""

from datetime import date
from functools import cache

import holidays

from domain.calendars.day_rules import Holiday, NationalHolidays


@cache
@cache
def national_holidays(first_year: int, last_year: int) -> NationalHolidays:
    """Return every national holiday from 1 January to 31 December of the years given."""
    listed = holidays.country_holidays(
        "JP", years=range(first_year, last_year + 1), language="ja", categories=("public",)
    )
    return NationalHolidays(
        first=date(first_year, 1, 1),
        last=date(last_year, 12, 31),
        days=tuple(Holiday(day=day, name=name) for day, name in sorted(listed.items())),
    )
