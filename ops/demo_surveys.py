"""The demo's filled in questionnaires of a venue's day that is over.

Belongs here: what the demo pretends was answered. Does not belong here: venues and their days
(``ops.demo_bookings``).
"""

from datetime import date

from sqlalchemy import Connection

from domain.surveys.survey import FORM
from store import surveys
from store.surveys import VenueDate

_SHEETS = 24


def fill(connection: Connection, slug: str, site: str, day: date) -> None:
    """Count some sheets, most of them content."""
    at = VenueDate(municipality=slug, contract=slug, site=site, day=day)
    for number in range(_SHEETS):
        answers = {
            each.code: list(each.choices)[number * (place + 3) % 7 % len(each.choices) // 2]
            for place, each in enumerate(FORM.questions)
        }
        surveys.add(connection, at, chance=f"demo-{number}", form=FORM.version, answers=answers)
