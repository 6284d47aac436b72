"""A procedure as one step at a time: what to say, what to ask, and whose turn it is.

Belongs here: what the pages of a procedure and of its visit show of it. Does not belong
here: beginning one (``api.pages.counter.procedure_begun``), the rules
(``domain.procedures.procedure``).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from api.access.door import Person
from api.catalogue.catalogue import offered_today
from api.deps import Desk
from api.pages.desk.sending import Failed
from domain.case import CaseKind
from domain.parties import PARTY_TEXT, Action, Party, allowed
from domain.procedures.eligibility import QUESTION_TEXT, questions
from domain.procedures.procedure import Procedure, step_words
from domain.procedures.procedure_parts import RECEIVER_TEXT, StepKind
from domain.procedures.visit import Visit
from store.cases import CaseFile
from store.values import value_of

FORM: Final = "add-procedure"
"""The form of a visit that begins a procedure."""

_SAY: Final[Mapping[StepKind, str]] = {
    StepKind.DOCUMENTS: "「本人確認の書類をお見せください。」種類だけを選びます。",
    StepKind.IDENTITY: "「お顔と書類を確認します。」市の職員が、来た人と書類を見比べます。",
    StepKind.PIN: "「暗証番号は、端末にご自身で入れてください。」終わったかだけを尋ねます。",
    StepKind.SERVE: "「これから手続をします。」統合端末などでの手続が終わったら記録します。",
    StepKind.PRINT: "「券面に印字します。」印字の内容を、本人と一緒に確かめます。",
    StepKind.RECEIPT: "「お受け取りの確認をお願いします。」受領の署名を確かめます。",
    StepKind.CHECK: "手続を行った人とは別の市職員が、書類と結果を照合します。",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLine:
    """One step of the plan as the page shows it."""

    label: str
    side: str
    """委 or 市, or both as long as it is not decided."""

    state: str
    """``done``, ``here`` or ``ahead``."""

    clause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A procedure of a visit, in a list."""

    file: CaseFile
    label: str
    turn: str


def of_procedure(value: Procedure, person: Person) -> dict[str, Any]:
    """Return what the page of a procedure shows beside what every case shows."""
    due = value.next
    return {
        "lines": _lines(value),
        "label": value.plan.label,
        "receiver": RECEIVER_TEXT[value.receiver],
        "say": "" if due is None or value.closed or value.undecided else _SAY[due.kind],
        "step": "" if due is None or value.closed else step_words(due.kind, value.plan),
        "turn": turn_words(value),
        "mine": _is_mine(value, person.party),
    }


def of_visit(
    desk: Desk, person: Person, file: CaseFile, linked: Sequence[CaseFile], again: Failed | None
) -> dict[str, Any]:
    """Return the procedures of a visit, and what can be added to them."""
    value = value_of(file)
    assert isinstance(value, Visit)
    contract = desk.book.pinned(file.ref.contract, file.ref.contract_version)
    again = again if again and again.form == FORM else None
    typed = again.typed if again else {}
    asked = questions(contract.eligibility, typed.get("procedure", "")) if again else ()
    off = {e.code for e in offered_today(desk, person, contract).entries if not e.on}
    planned = [p for p in contract.procedures if p.steps and not p.variant_of]
    choices = [p for p in planned if p.code not in off]
    may = allowed(person.role, Action.ADD_PROCEDURE, value.standing)
    return {
        "begun": [_begun(each) for each in linked if each.kind is CaseKind.PROCEDURE],
        "addable": choices if may else [],
        "receivers": RECEIVER_TEXT,
        "questions": [(str(question), QUESTION_TEXT[question]) for question in asked],
        "adding": again,
        "typed": typed,
        "first": value.procedure,
        "terminal": next((t for t in contract.equipment if t.id == value.terminal), None),
    }


def turn_words(value: Procedure) -> str:
    """Say whose turn it is."""
    if value.closed:
        return "終わりました"
    if value.undecided:
        return "委託先と市のどちらが行うかを決めてください"
    if value.owner is not None and value.owner.party is Party.CITY:
        return "市の職員の番です"
    return "委託先の番です"


def _begun(file: CaseFile) -> Begun:
    value = value_of(file)
    assert isinstance(value, Procedure)
    label = f"{value.plan.label}・{RECEIVER_TEXT[value.receiver]}"
    return Begun(file=file, label=label, turn=turn_words(value))


def _lines(value: Procedure) -> list[StepLine]:
    behind = {each.kind: each.party for each in value.done}
    found = []
    for step in value.steps_planned:
        party = behind.get(step.kind) or value.party_of(step.kind)
        here = step is value.next and not value.closed
        found.append(
            StepLine(
                label=step_words(step.kind, value.plan),
                side=PARTY_TEXT[party] if party else "委・市",
                state="done" if step.kind in behind else "here" if here else "ahead",
                clause=step.clause,
            )
        )
    return found


def _is_mine(value: Procedure, party: Party) -> bool:
    return value.undecided or (value.owner is not None and value.owner.party is party)
