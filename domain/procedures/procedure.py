"""A procedure at a window: one thing done for one person, step by step.

    documents ─▶ (identity) ─▶ serve, PIN, print … ─▶ receipt ─▶ (check) ─▶ done
        ▲                                                          │ sent back
        └── another receiver: planned anew          ◀──────────────┘

The contract plans the steps and says whose each is (``domain.procedures.procedure_plan``); the
case stands with the party of its next step, so that the table of duties refuses the other one.
What either may do is asked once it is due. Sources: Yokosuka specification §7 ア–ト; Chiba
第2-1(2); Ota §6(1)③.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from domain.case import Actor
from domain.contract_parts import Duty
from domain.errors import FieldMissing, WrongStage
from domain.parties import Action, Party, Role, Standing
from domain.procedures.identity_documents import shown
from domain.procedures.procedure_errors import (
    CheckedByOther,
    CheckedBySelf,
    PartyUndecided,
    ProcedureNotHere,
)
from domain.procedures.procedure_parts import (
    KIND_OF,
    RECEIVER_TEXT,
    STAGE_TEXT,
    STEP_OF,
    STEP_TEXT,
    Receiver,
    Stage,
    Step,
    StepKind,
)
from domain.procedures.procedure_plan import Plan, PlannedStep

THE_WORK = frozenset({StepKind.SERVE, StepKind.PRINT})
"""What makes a procedure somebody's: whoever did it must not check it."""

Fields = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A step that was done, and by whom."""

    kind: StepKind
    by: str
    party: Party


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """Which party was chosen for what either may do."""

    what: StepKind
    """``PRINT`` for printing; ``SERVE`` for everything else together."""

    party: Party


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """One value per moment: every step returns a new procedure."""

    case_id: str
    receiver: Receiver
    plans: tuple[Plan, ...]
    """What the contract planned when it began, for each kind of person who may come."""

    opened_by: Role
    done: tuple[Done, ...] = ()
    decided: tuple[Decided, ...] = ()
    sent_back: int = 0
    """How often the check sent it back."""

    withdrawn: bool = False

    def __post_init__(self) -> None:
        if all(plan.receiver is not self.receiver for plan in self.plans):
            raise ProcedureNotHere(
                f"この契約では、{RECEIVER_TEXT[self.receiver]}からは受け付けません。"
            )

    @property
    def plan(self) -> Plan:
        """The plan for whoever is at the window."""
        return next(plan for plan in self.plans if plan.receiver is self.receiver)

    @property
    def steps_planned(self) -> tuple[PlannedStep, ...]:
        """The steps of the plan that are needed, in order.

        What the city did itself it need not check.
        """
        work = [self._party(s) for s in self.plan.steps if s.kind in THE_WORK]
        all_citys = all(party is Party.CITY for party in work)
        return tuple(
            step for step in self.plan.steps if step.kind is not StepKind.CHECK or not all_citys
        )

    @property
    def next(self) -> PlannedStep | None:
        """The step that is due; ``None`` once all are done."""
        behind = {each.kind for each in self.done}
        return next((step for step in self.steps_planned if step.kind not in behind), None)

    @property
    def stage(self) -> Stage:
        """What it waits for."""
        if self.withdrawn:
            return Stage.WITHDRAWN
        return Stage(self.next.kind) if self.next else Stage.DONE

    @property
    def closed(self) -> bool:
        """Tell whether nothing is left to be done."""
        return self.withdrawn or self.next is None

    @property
    def undecided(self) -> bool:
        """Tell whether it has to be said which party does what is due."""
        return not self.closed and self.next is not None and self._party(self.next) is None

    @property
    def standing(self) -> Standing:
        """Where it stands between the parties: with the one whose step is due."""
        if self.closed or self.next is None:
            return Standing.CLOSED
        return self._standing_of(self.next)

    @property
    def owner(self) -> Role | None:
        """The role that has to act next; ``None`` once all is done."""
        if self.closed:
            return None
        return Role.OFFICIAL if self.standing is Standing.WITH_CITY else self.opened_by

    def party_of(self, kind: StepKind) -> Party | None:
        """Return whose a step is; ``None`` as long as it is not decided."""
        step = self.plan.step(kind)
        return self._party(step) if step else None

    def standing_for(self, action: Action) -> Standing:
        """Return where it stands as far as ``action`` is concerned.

        A step belongs to its party at any time, not only when it is due: nobody gets hold of
        the other's by asking early.
        """
        kind = KIND_OF.get(action)
        if kind is StepKind.CHECK:
            # Whoever comes second is told that it was checked, and not that it is not theirs.
            return Standing.WITH_CITY
        planned = self.plan.step(kind) if kind else None
        if self.closed or planned is None:
            return self.standing
        return self._standing_of(planned)

    def steps(self) -> tuple[Step, ...]:
        """Return what can be done next, the ordinary step first."""
        due = self.next
        if self.closed or due is None:
            return ()
        possible: list[Step] = []
        if due.kind is StepKind.CHECK:
            possible += [Step.PASS_CHECK, Step.FAIL_CHECK]
        elif self.undecided:
            possible.append(Step.DECIDE_PARTY)
        else:
            possible.append(STEP_OF[due.kind])
        if due.duty is Duty.SHARED and not self.undecided:
            possible.append(Step.DECIDE_PARTY)
        if len(self.plans) > 1 and not self._worked:
            possible.append(Step.CHANGE_RECEIVER)
        return (*possible, Step.END_PROCEDURE)

    def take(self, step: Step, by: Actor, fields: Fields) -> "Procedure":
        """Return the procedure after a step.

        Raises:
            WrongStage: It is not the time for it.
            PartyUndecided: First it has to be said which party does it.
            DocumentsNotEnough: What was shown does not suffice.
            CheckedBySelf, CheckedByOther: Not this official's to check, or no longer.
        """
        if step in {Step.PASS_CHECK, Step.FAIL_CHECK}:
            self._require_checker(by)
        if self.closed:
            raise WrongStage(f"いまは「{STAGE_TEXT[self.stage]}」です。")
        match step:
            case Step.FAIL_CHECK:
                return self._back_to(fields.get("back_to"))
            case Step.DECIDE_PARTY:
                return self._decide(Party(str(fields["party"])))
            case Step.CHANGE_RECEIVER:
                return self._for(Receiver(str(fields["receiver"])))
            case Step.END_PROCEDURE:
                return replace(self, withdrawn=True)
        return self._do(KIND_OF[Action(step)], by, fields)

    def _do(self, kind: StepKind, by: Actor, fields: Fields) -> "Procedure":
        due = self.next
        assert due is not None, "an open procedure has a step that is due"
        if due.kind is not kind:
            raise WrongStage(f"いまは「{STAGE_TEXT[self.stage]}」です。")
        if self.undecided:
            raise PartyUndecided("先に、委託先と市のどちらが行うかを決めてください。")
        if kind is StepKind.DOCUMENTS:
            shown(fields).require_enough(self.receiver, delivers_card=self.plan.delivers_card)
        assert by.party is not None, "only people take steps"
        done = Done(kind=kind, by=by.account_id, party=by.party)
        return replace(self, done=(*self.done, done))

    def _decide(self, party: Party) -> "Procedure":
        due = self.next
        if due is None or due.duty is not Duty.SHARED:
            raise WrongStage("どちらが行うかは契約で決まっています。")
        what = _question(due.kind)
        kept = tuple(each for each in self.decided if each.what is not what)
        return replace(self, decided=(*kept, Decided(what=what, party=party)))

    def _for(self, receiver: Receiver) -> "Procedure":
        if self._worked:
            raise WrongStage("手続を行った後は、受取人の区分を変えられません。")
        if receiver is self.receiver:
            raise WrongStage("受取人の区分は変わりません。")
        # Who comes decides what has to be shown: it is looked at anew.
        return replace(self, receiver=receiver, done=(), decided=())

    def _back_to(self, wanted: object) -> "Procedure":
        mine = [each.kind for each in self.done if each.party is Party.PROVIDER]
        if wanted:
            back_to = StepKind(str(wanted))
        else:
            back_to = next((kind for kind in mine if kind in THE_WORK), mine[0])
        if back_to not in mine:
            raise FieldMissing("委託先が行った手順を選んでください。")
        order = [step.kind for step in self.plan.steps]
        kept = tuple(
            each for each in self.done if order.index(each.kind) < order.index(back_to)
        )
        return replace(self, done=kept, sent_back=self.sent_back + 1)

    def _require_checker(self, by: Actor) -> None:
        checked = next((each for each in self.done if each.kind is StepKind.CHECK), None)
        if checked is not None and checked.by != by.account_id:
            raise CheckedByOther("照合は済んでいます。照合した職員は案件の履歴で確認できます。")
        if self.closed or self.next is None or self.next.kind is not StepKind.CHECK:
            raise WrongStage(f"いまは「{STAGE_TEXT[self.stage]}」です。")
        if by.account_id in {each.by for each in self.done}:
            raise CheckedBySelf("別の市職員が照合してください。")

    @property
    def _worked(self) -> bool:
        return any(each.kind in THE_WORK for each in self.done)

    def _party(self, step: PlannedStep) -> Party | None:
        if step.duty is not Duty.SHARED:
            return Party.CITY if step.duty is Duty.CITY else Party.PROVIDER
        what = _question(step.kind)
        return next((each.party for each in self.decided if each.what is what), None)

    def _standing_of(self, step: PlannedStep) -> Standing:
        citys = self._party(step) is Party.CITY
        return Standing.WITH_CITY if citys else Standing.WITH_PROVIDER


def _question(kind: StepKind) -> StepKind:
    return StepKind.PRINT if kind is StepKind.PRINT else StepKind.SERVE


def step_words(kind: StepKind, plan: Plan) -> str:
    """Return what a step of a plan is called."""
    if kind is StepKind.SERVE:
        return "カードの交付" if plan.delivers_card else plan.label
    return STEP_TEXT[kind]
