"""Until when a promise is due after a step that moves its day, or brings it back.

Belongs here: working it out where the calendar is. Does not belong here: which steps those
are (``workflows.obligation``).
"""

from collections.abc import Mapping
from datetime import date

from api.deps import Desk, deadline_for
from domain.deadlines.deadline import Deadline
from domain.forms import FieldValue
from domain.obligations.obligation import Obligation
from domain.parties import Action
from store.cases import CaseFile
from store.values import value_of


def promised_by(
    desk: Desk, file: CaseFile, action: Action, fields: Mapping[str, FieldValue]
) -> Deadline | None:
    """Return the day of a promise as it is counted after a step; ``None`` without one."""
    value = value_of(file)
    assert isinstance(value, Obligation)
    counted_from = value.counted_from
    if action is Action.AGREE_DAY:
        counted_from = date.fromisoformat(str(fields["day"]))
    if counted_from is None or value.terms.due is None:
        return None
    contract = desk.book.pinned(file.ref.contract, file.ref.contract_version)
    return deadline_for(desk, file.ref.municipality, contract, value.terms.due, counted_from)
