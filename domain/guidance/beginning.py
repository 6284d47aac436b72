"""Beginning a procedure, one question at a time: which, for whom, whether it is done here.

The questions come from the contract as they are needed: its table of who is served asks what
it has to know (``domain.procedures.eligibility``). Recording is not done here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.contract import Contract
from domain.contract_parts import Procedure
from domain.forms import ActionForm, Field, FieldKind
from domain.parties import Action
from domain.procedures.eligibility import (
    QUESTION_TEXT,
    EligibilityRule,
    Outcome,
    Question,
    Unanswered,
    Verdict,
    judge,
    questions,
)
from domain.procedures.procedure_parts import RECEIVER_TEXT
from domain.procedures.procedure_plan import Plan, plans_of

PROCEDURE, RECEIVER, RESERVATION, ADVICE = "procedure", "receiver", "reservation", "advice"

_YES_NO = (("yes", "はい"), ("no", "いいえ"))

Given = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """What is to be asked so far, and whether the visitor is sent on."""

    form: ActionForm
    referred: EligibilityRule | None = None
    """The row that sends them on; then nothing is begun."""


def plannable(contract: Contract) -> tuple[Procedure, ...]:
    """Return what a contract plans steps for, each once whoever comes for it."""
    return tuple(each for each in contract.procedures if each.steps and not each.variant_of)


def beginning(
    contract: Contract, choices: Sequence[Procedure], given: Given, *, booked: bool
) -> Beginning:
    """Return what has to be asked before a procedure begins, as far as answers tell.

    Args:
        contract: The rules that the visit began with.
        choices: What may be begun.
        given: What was answered.
        booked: Whether the visit holds a booking already.
    """
    fields = [_choice(PROCEDURE, "手続", tuple((each.code, each.label) for each in choices))]
    plan: Plan | None = None
    verdict: Verdict | Unanswered | None = None
    if given.get(PROCEDURE) in {each.code for each in choices}:
        plans = plans_of(contract, given[PROCEDURE])
        known = tuple((str(p.receiver), RECEIVER_TEXT[p.receiver]) for p in plans)
        fields.append(_choice(RECEIVER, "来た人", known))
        plan = next((p for p in plans if p.receiver == given.get(RECEIVER)), None)
    if plan is not None:
        verdict = judge(contract.eligibility, plan.procedure, answers_in(given))
        fields += _asked(contract, plan, given, verdict)
        if _needs_booking(contract, plan.procedure) and not booked:
            fields.append(Field(name=RESERVATION, label="予約の番号"))
    form = ActionForm(
        action=Action.ADD_PROCEDURE,
        label="手続を始める",
        fields=tuple(fields),
        consequence="来庁は、すべての手続が終わってから閉じられます。",
    )
    return Beginning(form=form, referred=_referral(verdict))


def answers_in(given: Given) -> dict[Question, bool]:
    """Return the answers among what was given."""
    return {q: given[q] == "yes" for q in Question if given.get(q) in {"yes", "no"}}


def _asked(
    contract: Contract, plan: Plan, given: Given, verdict: Verdict | Unanswered
) -> list[Field]:
    due = verdict.question if isinstance(verdict, Unanswered) else None
    found = [
        _choice(str(question), QUESTION_TEXT[question], _YES_NO)
        for question in questions(contract.eligibility, plan.procedure)
        if question in given or question is due
    ]
    if isinstance(verdict, Verdict) and verdict.advice:
        said = (("yes", "お伝えしました"),)
        found.append(_choice(ADVICE, "　".join(verdict.advice), said))
    return found


def _referral(verdict: Verdict | Unanswered | None) -> EligibilityRule | None:
    if isinstance(verdict, Verdict) and verdict.outcome is Outcome.REFER:
        return verdict.rule
    return None


def _needs_booking(contract: Contract, code: str) -> bool:
    return any(line.required and code in line.procedures for line in contract.bookings)


def _choice(name: str, label: str, choices: tuple[tuple[str, str], ...]) -> Field:
    return Field(name=name, label=label, kind=FieldKind.CHOICE, choices=choices)
