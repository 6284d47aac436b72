"""A letter that an official sends about a case, and for whose answer the case waits.

Here: the record that begins with it. Not here: its course (``workflows.city_record``), the
case that waits (``workflows.course``).
"""

from dataclasses import replace
from datetime import date, datetime

from domain.calendars.hours import local
from domain.case import CaseEvent, CaseKind, CaseRef
from domain.citywork.city_record import BEGINS, CityRecord, What
from workflows.city_messages import OpenCityRecord
from workflows.keeping import change_of
from workflows.messages import Act, OpenedCase


def begun_with(
    parent: CaseRef,
    kind: CaseKind,
    act: Act,
    event: CaseEvent,
    *,
    letter_id: str,
    now: datetime,
) -> OpenedCase:
    """Return the record of the letter, as it begins in the transaction of the step.

    Args:
        parent: The case that waits for the answer.
        kind: Which kind of case that is.
        act: The step, with whom is asked and until when.
        event: The line that says who sent it, and why.
        letter_id: The id of the record.
        now: When.
    """
    assert act.by.role is not None
    stage, _ = BEGINS[What.LETTER]
    sent = act.fields.get("sent_on")
    record = CityRecord(
        case_id=letter_id,
        what=What.LETTER,
        day=date.fromisoformat(str(sent)) if sent else local(now).date(),
        opened_by=act.by.role,
        stage=stage,
        about=str(act.fields["about"]),
        reply_due=date.fromisoformat(str(act.fields["reply_due"])),
    )
    child = replace(parent, case_id=letter_id, parent_id=parent.case_id)
    return OpenedCase(
        case=child,
        kind=CaseKind.CITY_RECORD,
        change=change_of(record, act.deadline),
        event=event,
        start=OpenCityRecord(
            case=child, record=record, deadline=act.deadline, parent_kind=kind
        ),
    )
