"""Which step a guide shows, out of what the one who looks may do with the case now.

    STEP  something to do here          GO    it goes on in a case that was begun for it
    WAIT  somebody else's turn          AWAY  over at the window, though not ended
    OVER  ended

The same values serve a counter and a booth. What each step says stands in ``web/guide``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from domain.actions import Value, forms_now
from domain.applications.application import Application
from domain.applications.application_parts import StepKind as ApplicationStep
from domain.case import CaseKind
from domain.deadlines.deadline import Deadline
from domain.parties import Action, Party, Role, allowed
from domain.procedures.eligibility import Outcome
from domain.procedures.visit import Result, Visit

ASIDE = frozenset(
    {
        Action.END_PROCEDURE,
        Action.WITHDRAW_APPLICATION,
        Action.TAKE_OVER_APPLICATION,
        Action.WITHDRAW_HANDOFF,
        Action.RETURN_HANDOFF,
        Action.GIVE_BACK,
    }
)
"""What is never the next step by itself: it gives up what was begun, or sends it back."""

BACKWARDS = frozenset({Action.TAKE_BACK, Action.CHANGE_RECEIVER, Action.WITHDRAW_HANDOFF})
"""What lets a case go back on what was done; cases without it keep what was recorded."""

GUIDED = (CaseKind.VISIT, CaseKind.PROCEDURE, CaseKind.APPLICATION, CaseKind.HANDOFF)
"""What is done with a resident present, or handed over from there."""


class Scene(StrEnum):
    """What kind of screen it is."""

    STEP = "step"
    GO = "go"
    WAIT = "wait"
    AWAY = "away"
    OVER = "over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A case that was begun for a visitor."""

    case_id: str
    kind: CaseKind
    ended: bool
    """Whether nothing is left to be done here."""

    mine: bool = True
    """Whether the one who looks can take its next step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """A case as somebody sees it."""

    kind: CaseKind
    value: Value
    possible: tuple[Action, ...]
    """What they may do, the ordinary step first (``possible_for``)."""

    begun: tuple[Begun, ...] = ()
    plannable: bool = False
    """Whether what a visitor came for is a procedure with a plan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GuideStep:
    """One screen."""

    scene: Scene
    action: Action | None = None
    suggested: Mapping[str, str] = field(default_factory=dict)
    """Answers that are likely right and stand chosen already."""

    goes_to: str = ""
    """The case in which it goes on."""

    turn: Party | None = None
    """Whose turn is waited for; ``None``: the product's own."""

    backwards: tuple[Action, ...] = ()
    others: tuple[Action, ...] = ()
    """What else is possible, in order."""

    @property
    def words(self) -> str:
        """The name of its words: an action, or what is waited for."""
        if self.action is not None:
            return str(self.action)
        whose = f"_{self.turn}" if self.scene is Scene.WAIT and self.turn else ""
        return f"{self.scene}{whose}"


def possible_for(
    kind: CaseKind, value: Value, deadline: Deadline | None, role: Role, *, applies: bool
) -> tuple[Action, ...]:
    """Return what a role may do, also what is begun with more than a form of the case.

    Args:
        kind: Of the case.
        value: How it stands.
        deadline: Its deadline, if any.
        role: Who looks.
        applies: Whether the contract lets this role begin an application.
    """
    found = [form.action for form in forms_now(kind, value, deadline, role)]
    unasked = isinstance(value, Visit) and value.asks_consent and not value.consents
    if isinstance(value, Visit) and not value.closed and not unasked:
        if allowed(role, Action.ADD_PROCEDURE, value.standing):
            found.append(Action.ADD_PROCEDURE)
        if applies and allowed(role, Action.ADD_APPLICATION, value.standing):
            found.append(Action.ADD_APPLICATION)
    takes_photo = isinstance(value, Application) and value.takes_photo and value.open_to(role)
    if takes_photo and allowed(role, Action.ACCEPT_PHOTO, value.standing):
        found.append(Action.ACCEPT_PHOTO)
    return tuple(found)


def step_of(situation: Situation) -> GuideStep:
    """Return the one step that is shown."""
    value = situation.value
    if value.closed:
        return GuideStep(scene=Scene.OVER)
    if isinstance(value, Visit):
        return _of_visit(situation, value)
    if isinstance(value, Application) and value.left_window and not value.defective:
        return _with_rest(situation, GuideStep(scene=Scene.AWAY))
    due = _due(value)
    if due is not None and due in situation.possible and due not in ASIDE:
        return _with_rest(situation, GuideStep(scene=Scene.STEP, action=due))
    return _with_rest(situation, GuideStep(scene=Scene.WAIT, turn=_turn(value)))


def _due(value: Value) -> Action | None:
    if isinstance(value, Application) and value.next is ApplicationStep.PHOTO:
        return Action.ACCEPT_PHOTO
    return next((Action(step) for step in value.steps()), None)


def _of_visit(situation: Situation, visit: Visit) -> GuideStep:
    under_way = [each for each in situation.begun if not each.ended]
    if under_way:
        first = next((each for each in under_way if each.mine), under_way[0])
        return _with_rest(
            situation,
            GuideStep(scene=Scene.GO, goes_to=first.case_id),
            without=Action.CLOSE_VISIT,
        )
    if visit.procedures:
        # What ended has not told the visit yet.
        return GuideStep(scene=Scene.WAIT)
    action, suggested = _next_of_visit(situation, visit)
    if action not in situation.possible:
        return _with_rest(situation, GuideStep(scene=Scene.WAIT, turn=_turn(visit)))
    step = GuideStep(scene=Scene.STEP, action=action, suggested=suggested)
    return _with_rest(situation, step)


def _next_of_visit(situation: Situation, visit: Visit) -> tuple[Action, Mapping[str, str]]:
    if visit.outcome is Outcome.REFER:
        return _closing(Result.REFERRED)
    if visit.outcome is Outcome.HAND_OFF:
        handed = any(each.kind is CaseKind.HANDOFF for each in situation.begun)
        return _closing(Result.HANDED_OVER) if handed else (Action.OFFER_HANDOFF, {})
    if visit.asks_consent and not visit.consents:
        return Action.RECORD_CONSENT, {}
    return _closing(Result.SERVED) if situation.begun else _first_of_visit(situation, visit)


def _first_of_visit(situation: Situation, visit: Visit) -> tuple[Action, Mapping[str, str]]:
    if situation.plannable:
        return Action.ADD_PROCEDURE, {"procedure": visit.procedure}
    if Action.ADD_APPLICATION in situation.possible:
        return Action.ADD_APPLICATION, {}
    return _closing(Result.SERVED)


def _closing(result: Result) -> tuple[Action, Mapping[str, str]]:
    return Action.CLOSE_VISIT, {"result": str(result)}


def _turn(value: Value) -> Party | None:
    return value.owner.party if value.owner is not None else None


def _with_rest(
    situation: Situation, step: GuideStep, without: Action | None = None
) -> GuideStep:
    rest = [a for a in situation.possible if a not in {step.action, without}]
    return GuideStep(
        scene=step.scene,
        action=step.action,
        suggested=step.suggested,
        goes_to=step.goes_to,
        turn=step.turn,
        backwards=tuple(a for a in rest if a in BACKWARDS),
        others=tuple(a for a in rest if a not in BACKWARDS),
    )
