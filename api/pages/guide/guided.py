"""A case as its guide shows it: the step, what it asks now, how far, where it goes on.

Everything that a page needs is gathered here in one reading. What is posted stands in
``answers``, the resident's screen in ``driving``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from api.access.door import Person
from api.catalogue.catalogue import offered_today
from api.counter.applications import DEFECT_RULE
from api.deps import Desk
from domain.actions import form_of, forms_now
from domain.applications.application import Application
from domain.applications.application_lines import ApplicationLine
from domain.case import KIND_TEXT
from domain.contract import Contract
from domain.contract_parts import Procedure as Offered
from domain.forms import ActionForm
from domain.guidance.beginning import Beginning, application, beginning, plannable
from domain.guidance.progress import Point, way
from domain.guidance.steps import (
    Begun,
    GuideStep,
    Situation,
    possible_for,
    step_of,
)
from domain.parties import Action
from domain.procedures.procedure import Procedure
from domain.procedures.procedure_parts import RECEIVER_TEXT
from domain.procedures.visit import Visit
from store import cases, worklists
from store.cases import CaseFile
from store.scope import scope
from store.values import value_of

ELSEWHERE: Mapping[Action, tuple[str, str]] = {
    Action.ACCEPT_PHOTO: ("写真の画面を開く", "/cases/{case_id}#photo"),
}
"""What takes more than answers: its button, and the page where it is done."""

_WITH_LABEL = {
    Action.ADD_PROCEDURE: "手続を加える",
    Action.ADD_APPLICATION: "申請を加える",
    Action.ACCEPT_PHOTO: "写真を受け付ける",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Guided:
    """A case, as somebody is guided through it."""

    file: CaseFile
    root: CaseFile
    """The visit that it belongs to, or the case itself."""

    parent: CaseFile | None
    step: GuideStep
    points: tuple[Point, ...]
    contract: Contract
    choices: tuple[Offered, ...]
    """What may be begun for a visitor."""

    lines: tuple[ApplicationLine, ...]
    """The ways to apply that are open to whoever looks."""

    forms: Mapping[Action, ActionForm]
    booked: bool
    begun: tuple[tuple[CaseFile, str], ...]
    """What was begun for a visitor and is not ended, with what it is called."""

    moved: str
    """Differs whenever the case or one begun for it has moved."""

    @property
    def possible(self) -> tuple[Action, ...]:
        """Every action that can be chosen."""
        step = self.step
        shown = () if step.action is None else (step.action,)
        return (*shown, *step.others, *step.backwards)

    def form(self, action: Action, given: Mapping[str, str]) -> ActionForm:
        """Return what an action asks, as far as answers tell."""
        if action is Action.ADD_PROCEDURE:
            return self.beginning(given).form
        if action is Action.ADD_APPLICATION:
            followed_up = any(rule.id == DEFECT_RULE for rule in self.contract.due_rules)
            return application(self.lines, given, followed_up=followed_up)
        return self.forms.get(action) or form_of(self.file.kind, action)

    def beginning(self, given: Mapping[str, str]) -> Beginning:
        """Return what is asked before a procedure begins."""
        return beginning(self.contract, self.choices, given, booked=self.booked)

    def label(self, action: Action) -> str:
        """Return what an action is called."""
        return _WITH_LABEL.get(action) or self.form(action, {}).label


def guided(desk: Desk, person: Person, file: CaseFile) -> Guided:
    """Return a case as this person is guided through it now."""
    with scope(desk.engine, person.municipality) as connection:
        # Looked at before what is shown: a move in between must be told, and not be missed.
        moved = worklists.last_change(connection, person.municipality, file.ref.case_id)
        file = cases.one_case(connection, file.ref.case_id)
        linked = cases.children(connection, person.municipality, file.ref.case_id)
        parent, root = _above(connection, file)
    value = value_of(file)
    contract = desk.book.pinned(file.ref.contract, file.ref.contract_version)
    begun = tuple(_begun(each, person) for each in linked)
    choices, lines = _offered(desk, person, contract)
    possible = possible_for(file.kind, value, file.deadline, person.role, applies=bool(lines))
    situation = Situation(
        kind=file.kind,
        value=value,
        possible=possible,
        begun=begun,
        plannable=isinstance(value, Visit)
        and value.procedure in {each.code for each in choices},
    )
    forms = forms_now(file.kind, value, file.deadline, person.role)
    return Guided(
        file=file,
        root=root,
        parent=parent,
        step=step_of(situation),
        points=way(value, begun),
        contract=contract,
        choices=choices,
        lines=lines,
        forms={form.action: form for form in forms},
        booked=isinstance(value, Visit) and bool(value.reservation),
        begun=_under_way(linked, begun),
        moved="-".join(str(each) for each in moved),
    )


def _offered(
    desk: Desk, person: Person, contract: Contract
) -> tuple[tuple[Offered, ...], tuple[ApplicationLine, ...]]:
    """Return the procedures and the ways to apply that can be chosen today."""
    off = {e.code for e in offered_today(desk, person, contract).entries if not e.on}
    choices = tuple(each for each in plannable(contract) if each.code not in off)
    lines = tuple(
        line
        for line in contract.applications
        if line.open_to(person.role) and line.procedure not in off
    )
    return choices, lines


def name_of(file: CaseFile) -> str:
    """Return what a case is called to the one who works on it."""
    value = value_of(file)
    if isinstance(value, Procedure):
        return f"{value.plan.label}・{RECEIVER_TEXT[value.receiver]}"
    return KIND_TEXT[file.kind]


def _above(connection: Connection, file: CaseFile) -> tuple[CaseFile | None, CaseFile]:
    """Return the case above, and the one at the top."""
    parent, top = None, file
    while top.ref.parent_id is not None:
        top = cases.one_case(connection, top.ref.parent_id)
        parent = parent or top
    return parent, top


def _begun(file: CaseFile, person: Person) -> Begun:
    value = value_of(file)
    gone = isinstance(value, Application) and value.left_window
    return Begun(
        case_id=file.ref.case_id,
        kind=file.kind,
        ended=file.closed_at is not None or gone,
        mine=value.owner is not None and value.owner.party is person.party,
    )


def _under_way(
    linked: Sequence[CaseFile], begun: Sequence[Begun]
) -> tuple[tuple[CaseFile, str], ...]:
    pairs = zip(linked, begun, strict=True)
    return tuple((file, name_of(file)) for file, each in pairs if not each.ended)
