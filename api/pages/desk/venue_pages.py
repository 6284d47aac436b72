"""What the page of a venue's case shows beside what every case shows: its days and its people.

Belongs here: words for days that were arranged, and whom a form may name. Does not belong
here: the plan of days that can be booked (``venue_days``), the rules (``domain.booking``).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from api.access.door import Person
from api.booking.venue_cases import report_of
from api.booking.venue_openings import SIDES, goes_with, named_for
from api.deps import Desk
from domain.booking.venue_case import Venue
from domain.booking.venue_opening import KIT_TEXT, MODE_TEXT, DayThere, KitItem
from domain.forms import ActionForm
from domain.parties import ROLE_TEXT, Action
from store.cases import CaseFile


@dataclass(frozen=True, slots=True, kw_only=True)
class DayLine:
    """One day in words."""

    day: DayThere
    state: str
    officials: str
    staff: str
    mode: str
    kit: str


def of_venue(desk: Desk, person: Person, file: CaseFile, value: Venue) -> dict[str, Any]:
    """Return the report of a venue and its days."""
    names: dict[str, str] = {}
    if value.days:
        names = {each.account_id: each.display_name for each in named_for(desk, person)}
    return {
        "report": report_of(desk, person, file),
        "days_there": [_line(each, names) for each in value.days],
    }


def with_people(
    desk: Desk, person: Person, forms: Sequence[ActionForm]
) -> tuple[ActionForm, ...]:
    """Return the forms of a case, that of a venue's day with everybody it may name."""
    if all(form.action is not Action.ARRANGE_DAY for form in forms):
        return tuple(forms)
    known = named_for(desk, person)
    return tuple(
        replace(
            form,
            fields=tuple(
                replace(
                    field,
                    choices=tuple(
                        (each.account_id, f"{each.display_name}（{ROLE_TEXT[each.role]}）")
                        for each in known
                        if goes_with(field.name, each.role)
                    ),
                )
                if field.name in SIDES
                else field
                for field in form.fields
            ),
        )
        if form.action is Action.ARRANGE_DAY
        else form
        for form in forms
    )


def _line(day: DayThere, names: dict[str, str]) -> DayLine:
    over = "終わりました" if day.ended_at else "受付中"
    return DayLine(
        day=day,
        state=over if day.started_at else "これから",
        officials="、".join(names.get(each, "退任した人") for each in day.officials),
        staff="、".join(names.get(each, "退任した人") for each in day.staff),
        mode=MODE_TEXT[day.mode],
        kit="、".join(f"{KIT_TEXT[KitItem(item)]} {n}" for item, n in day.kit.items()),
    )
