"""Until when the answer to a letter is due: the day that the letter itself names.

Here: the deadline. Not here: the letter (``domain.citywork.city_record``).
"""

from dataclasses import replace
from datetime import date

from api.deps import Desk, deadline_for
from domain.calendars.hours import local
from domain.contract import Contract
from domain.deadlines.deadline import Deadline
from domain.deadlines.due_rules import DueRule, DueType, LadderStep, Unit
from domain.errors import FieldMissing
from domain.parties import Party, Role

_ID = "letter_reply"


def reply_deadline(desk: Desk, municipality: str, contract: Contract, due: str) -> Deadline:
    """Return until when the answer is to have come; then an official is told.

    Raises:
        FieldMissing: The day is no day to come.
    """
    now = desk.clock()
    try:
        day = date.fromisoformat(due)
    except ValueError:
        raise FieldMissing("「回答の期限」は年-月-日で入力してください。") from None
    if day < local(now).date():
        raise FieldMissing("「回答の期限」は今日か、これからの日にしてください。")
    rule = DueRule(
        id=_ID,
        label="文書照会の回答",
        due_type=DueType.ON_EVENT,
        unit=Unit.EXACT_DATE,
        on=day,
        calendar=contract.calendars[0].name,
        ladder=(LadderStep(role=Role.OFFICIAL),),
        contractual=False,
        owed_by=Party.CITY,
        clause="照会の文書に書いた期限",
    )
    asked = replace(contract, due_rules=(*contract.due_rules, rule))
    found = deadline_for(desk, municipality, asked, _ID, now)
    assert found is not None, "an exact day can always be worked out"
    return found
