"""Taking back a note of today: one more line in its record, and it counts no longer.

Belongs here: the transaction. Does not belong here: whose note it may be
(``domain.calls.taking_back``).
"""

from api.access.door import Person
from api.deps import Desk
from domain.calls import taking_back
from domain.case import Actor, CaseChange, CaseEvent, CaseKind
from domain.errors import ActionUnknown
from store import cases, record
from store.cases import CaseFile
from store.scope import scope


def take_back(desk: Desk, person: Person, file: CaseFile) -> None:
    """Record that a note was made by mistake; asked again, nothing more happens.

    Raises:
        ActionUnknown: It is no note.
        NotYourDuty, WrongStage: It is not theirs, or not of today, to take back.
    """
    if file.kind is not CaseKind.INQUIRY:
        raise ActionUnknown("取り消せるのは、窓口の記録だけです。")
    now = desk.clock()
    with scope(desk.engine, person.municipality) as connection:
        first = cases.timeline(connection, desk.keys, file.ref)[0]
        taking_back.require_own_slip(
            author=first.actor,
            by=person.account_id,
            made_at=file.opened_at,
            closed_at=file.closed_at,
            now=now,
        )
        by = Actor(account_id=person.account_id, role=person.role)
        event = CaseEvent(action=taking_back.ACTION, at=now, actor=by)
        change = CaseChange(stage=file.stage, state=dict(file.state), closed=True)
        record.append(
            connection, desk.keys, file.ref, event, change, key=taking_back.KEY, recorded_at=now
        )
