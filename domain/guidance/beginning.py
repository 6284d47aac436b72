"""Beginning a procedure or an application, one question at a time.

The questions come from the contract as they are needed: which, for whom, and what its table
of who is served has to know (``domain.procedures.eligibility``). Recording is not done here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.applications.application_lines import ApplicationLine
from domain.applications.application_parts import APPLIED_FOR_TEXT
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
VARIANT, APPLIED_FOR = "variant", "applied_for"
KANA, PHONE, REACHABLE = "kana", "phone", "reachable"

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


def application(
    lines: Sequence[ApplicationLine], given: Given, *, followed_up: bool
) -> ActionForm:
    """Return what has to be asked before an application begins.

    Args:
        lines: The ways to apply that are open to whoever asks.
        given: What was answered.
        followed_up: Whether somebody is called if it comes back, and must be reachable.
    """
    ways = {str(line.variant): line.words for line in lines}
    fields = [_choice(VARIANT, "申請の方法", tuple(ways.items()))]
    known = [
        each
        for line in lines
        if line.variant == given.get(VARIANT)
        for each in line.applied_for
    ]
    if known:
        natures = tuple((str(each), APPLIED_FOR_TEXT[each]) for each in dict.fromkeys(known))
        fields.append(_choice(APPLIED_FOR, "新規・更新", natures))
        fields += [
            Field(name=KANA, label="氏名（カナ）", required=followed_up),
            Field(name=PHONE, label="不備のときに連絡する電話番号", required=followed_up),
            Field(name=REACHABLE, label="電話に出られる時間帯", required=False),
        ]
    return ActionForm(
        action=Action.ADD_APPLICATION,
        label="申請を始める",
        fields=tuple(fields),
        consequence="カードが届くまで、申請の案件は残ります。",
    )


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
