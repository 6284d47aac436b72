"""Which step a guide shows, what it asks, how far one is, and when a screen is blank."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.applications.application_parts import StepKind as ApplicationStep
from domain.case import CaseKind
from domain.errors import FieldMissing, LooksLikeForbiddenNumber, ReasonMissing
from domain.forms import ActionForm, Asked, Field, FieldKind
from domain.guidance.progress import after_this, count, way
from domain.guidance.questions import Answer, check_answer, next_question, questions_of
from domain.guidance.screen import BLANK, PRESENT, UNATTENDED, WAITING, Driven, Shown, shown
from domain.guidance.steps import Begun, GuideStep, Scene, Situation, possible_for, step_of
from domain.handoff import Handoff
from domain.handoff import Stage as HandoffStage
from domain.parties import Action, Party, Role
from domain.procedures.eligibility import Outcome
from domain.procedures.procedure_parts import StepKind
from domain.procedures.visit import Stage as VisitStage
from domain.procedures.visit import Visit
from tests.applications.at_hand import an_application
from tests.applications.at_hand import walked as application_at
from tests.procedures_at_hand import a_procedure, walked

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
HANDED = Begun(case_id="h", kind=CaseKind.HANDOFF, ended=True)
BEGUN = Begun(case_id="p", kind=CaseKind.PROCEDURE, ended=False)
CITYS = Begun(case_id="c", kind=CaseKind.PROCEDURE, ended=False, mine=False)
ENDED = Begun(case_id="e", kind=CaseKind.PROCEDURE, ended=True)


def a_visit(**more: Any) -> Visit:
    given: dict[str, Any] = {
        "case_id": "visit-1",
        "procedure": "card_delivery",
        "received_by": Role.OPERATOR,
    }
    return Visit(**(given | more))


def seen(
    kind: CaseKind,
    value: Any,
    role: Role = Role.OPERATOR,
    *,
    applies: bool = False,
    **more: Any,
) -> GuideStep:
    """Return the step that a role is shown."""
    possible = possible_for(kind, value, None, role, applies=applies)
    return step_of(Situation(kind=kind, value=value, possible=possible, **more))


@pytest.mark.parametrize(
    ("visit", "more", "scene", "action", "goes_to"),
    [
        ({}, {"plannable": True}, Scene.STEP, Action.ADD_PROCEDURE, ""),
        ({}, {"applies": True}, Scene.STEP, Action.ADD_APPLICATION, ""),
        ({}, {}, Scene.STEP, Action.CLOSE_VISIT, ""),
        (
            {"asks_consent": True},
            {"plannable": True},
            Scene.STEP,
            Action.RECORD_CONSENT,
            "",
        ),
        ({"procedures": ("p",)}, {"begun": (ENDED, BEGUN)}, Scene.GO, None, "p"),
        ({"procedures": ("c", "p")}, {"begun": (CITYS, BEGUN)}, Scene.GO, None, "p"),
        ({"procedures": ("c",)}, {"begun": (CITYS,)}, Scene.GO, None, "c"),
        ({"procedures": ("e",)}, {"begun": (ENDED,)}, Scene.WAIT, None, ""),
        ({}, {"begun": (ENDED,), "plannable": True}, Scene.STEP, Action.CLOSE_VISIT, ""),
        ({"outcome": Outcome.REFER}, {"plannable": True}, Scene.STEP, Action.CLOSE_VISIT, ""),
        ({"outcome": Outcome.HAND_OFF}, {}, Scene.STEP, Action.OFFER_HANDOFF, ""),
        (
            {"outcome": Outcome.HAND_OFF},
            {"begun": (HANDED,)},
            Scene.STEP,
            Action.CLOSE_VISIT,
            "",
        ),
        ({"stage": VisitStage.DONE}, {}, Scene.OVER, None, ""),
    ],
)
def test_a_visit_leads_to_what_the_visitor_came_for_and_to_its_end(
    visit: dict[str, Any], more: dict[str, Any], scene: Scene, action: Action, goes_to: str
) -> None:
    """
    Nobody has to know what comes next; what is begun comes before anything new.
    """
    step = seen(CaseKind.VISIT, a_visit(**visit), **more)

    assert (scene, action, goes_to) == (step.scene, step.action, step.goes_to)


@pytest.mark.parametrize(
    ("outcome", "begun", "result"),
    [
        (Outcome.REFER, (), "referred"),
        (Outcome.HAND_OFF, (HANDED,), "handed_over"),
        (Outcome.SERVE, (ENDED,), "served"),
    ],
)
def test_the_likely_end_of_a_visit_stands_chosen(
    outcome: Outcome, begun: tuple[Begun, ...], result: str
) -> None:
    """
    One key instead of three; another can be chosen.
    """
    step = seen(CaseKind.VISIT, a_visit(outcome=outcome), begun=begun)

    assert {"result": result} == step.suggested


@pytest.mark.parametrize(
    ("until", "role", "scene", "action", "words"),
    [
        (
            StepKind.DOCUMENTS,
            Role.OPERATOR,
            Scene.STEP,
            Action.TAKE_IN_DOCUMENTS,
            "take_in_documents",
        ),
        (StepKind.DOCUMENTS, Role.OFFICIAL, Scene.WAIT, None, "wait_provider"),
        (StepKind.PIN, Role.OPERATOR, Scene.STEP, Action.RECORD_PIN_SET, "record_pin_set"),
        (StepKind.CHECK, Role.OPERATOR, Scene.WAIT, None, "wait_city"),
        (StepKind.CHECK, Role.OFFICIAL, Scene.STEP, Action.PASS_CHECK, "pass_check"),
        (None, Role.OPERATOR, Scene.OVER, None, "over"),
    ],
)
def test_a_procedure_shows_whose_turn_it_is_and_what_to_do(
    until: StepKind | None, role: Role, scene: Scene, action: Action | None, words: str
) -> None:
    """
    Whoever cannot take the step waits, and sees for whom.
    """
    value = walked(a_procedure(), until)
    step = seen(CaseKind.PROCEDURE, value, role)

    assert (scene, action, words) == (step.scene, step.action, step.words)
    assert Action.END_PROCEDURE is not step.action


def test_what_goes_back_stands_apart_and_never_first() -> None:
    """
    Giving up is never the next step by itself.
    """
    step = seen(CaseKind.PROCEDURE, a_procedure())

    assert (Action.CHANGE_RECEIVER,) == step.backwards
    assert {Action.OFFER_HANDOFF, Action.ESCALATE, Action.END_PROCEDURE} == set(step.others)


@pytest.mark.parametrize(
    ("until", "scene", "action"),
    [
        (ApplicationStep.FORM_ID, Scene.STEP, Action.READ_FORM_ID),
        (ApplicationStep.PHOTO, Scene.STEP, Action.ACCEPT_PHOTO),
        (ApplicationStep.SUBMIT, Scene.STEP, Action.RECORD_SUBMISSION),
        (None, Scene.AWAY, None),
    ],
)
def test_an_application_ends_at_the_window_before_it_ends(
    until: ApplicationStep | None, scene: Scene, action: Action | None
) -> None:
    """
    The card comes weeks later; the visitor may go.
    """
    step = seen(CaseKind.APPLICATION, application_at(an_application(), until))

    assert (scene, action) == (step.scene, step.action)


@pytest.mark.parametrize(
    ("stage", "role", "words"),
    [
        (HandoffStage.OFFERED, Role.OFFICIAL, "accept_handoff"),
        (HandoffStage.OFFERED, Role.OPERATOR, "wait_city"),
        (HandoffStage.ACCEPTED, Role.OFFICIAL, "complete_handoff"),
        (HandoffStage.RETURNED, Role.OPERATOR, "offer_handoff"),
        (HandoffStage.RETURNED, Role.OFFICIAL, "wait_provider"),
        (HandoffStage.COMPLETED, Role.OPERATOR, "over"),
        (HandoffStage.ESCALATED, Role.OPERATOR, "wait_provider"),
        (HandoffStage.ESCALATED, Role.SITE_MANAGER, "take_on"),
        (HandoffStage.TAKEN_ON, Role.SITE_MANAGER, "settle"),
    ],
)
def test_a_hand_off_goes_from_one_side_to_the_other(
    stage: HandoffStage, role: Role, words: str
) -> None:
    """
    Each side sees its own step, and the other's as a wait.
    """
    value = Handoff(case_id="h", section="市民課", offered_by=Role.OPERATOR, stage=stage)

    assert words == seen(CaseKind.HANDOFF, value, role).words


def test_one_sees_how_far_one_is_and_what_comes_next() -> None:
    """
    The way is the plan of the contract; whose each point is stands with it.
    """
    points = way(walked(a_procedure(), StepKind.SERVE))
    following = after_this(points)

    assert following is not None
    assert ((3, 5), "受領の確認") == (count(points), following.label)
    assert [Party.PROVIDER] * 4 + [Party.CITY] == [point.party for point in points]


TWO, ONE = (("a", "あ"), ("b", "い")), (("yes", "はい"),)
CHOICE, ID = FieldKind.CHOICE, FieldKind.ID
FORM = ActionForm(
    action=Action.CLOSE_VISIT,
    label="終える",
    reason=Asked.REQUIRED,
    fields=(
        Field(name="one", label="一つ", kind=CHOICE, choices=TWO),
        Field(name="may", label="任意", kind=CHOICE, required=False, choices=TWO),
        Field(name="tick", label="印", kind=CHOICE, required=False, choices=ONE),
        Field(name="many", label="いくつか", kind=ID, required=False, choices=TWO),
        Field(name="text", label="文"),
        Field(name="day", label="日", kind=FieldKind.DAY),
    ),
)


def test_each_field_is_one_question_and_a_reason_is_the_last() -> None:
    """
    One thing at a time, answered as its kind is answered.
    """
    asked = questions_of(FORM)

    assert [
        ("one", Answer.ONE),
        ("may", Answer.ONE),
        ("tick", Answer.MANY),
        ("many", Answer.MANY),
        ("text", Answer.TEXT),
        ("day", Answer.DAY),
        ("reason", Answer.LONG),
    ] == [(each.name, each.answer) for each in asked]
    assert ("", "指定しない") == asked[1].choices[-1]
    assert asked[2] == next_question(asked, {"one", "may"})
    assert next_question(asked, {each.name for each in asked}) is None


@pytest.mark.parametrize(
    ("name", "given", "refusal"),
    [
        ("one", {}, FieldMissing),
        ("one", {"one": "c"}, FieldMissing),
        ("text", {"text": "123456789018"}, LooksLikeForbiddenNumber),
        ("reason", {"reason": " "}, ReasonMissing),
    ],
)
def test_an_answer_is_refused_when_it_is_given(
    name: str, given: dict[str, str], refusal: type[Exception]
) -> None:
    """
    Not five questions later, and a number that may not be kept is not carried on.
    """
    with pytest.raises(refusal):
        check_answer(FORM, name, given, confirmed=False)


def test_what_was_answered_well_passes() -> None:
    """
    The control; what was not asked yet is not missed.
    """
    check_answer(FORM, "one", {"one": "a"}, confirmed=False)
    check_answer(FORM, "may", {}, confirmed=False)
    check_answer(FORM, "reason", {"reason": "本人の申し出"}, confirmed=False)


def driven(**more: Any) -> Driven:
    given: dict[str, Any] = {
        "in_charge": "佐藤 花子",
        "words": "procedure/carry_out",
        "expires_at": NOW + timedelta(hours=1),
        "here_at": NOW - timedelta(minutes=1),
    }
    return Driven(**(given | more))


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (driven(), "procedure/carry_out"),
        (driven(words=""), WAITING),
        (driven(away=True), WAITING),
        (driven(here_at=NOW - PRESENT + timedelta(seconds=1)), "procedure/carry_out"),
    ],
)
def test_the_name_is_shown_from_the_beginning_until_the_end(left: Driven, words: str) -> None:
    """
    Also before the first step, and while the one in charge looks at something else.
    """
    seen = shown(left, NOW)

    assert ("佐藤 花子", words) == (seen.in_charge, seen.words)


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        (None, BLANK),
        (driven(expires_at=NOW), BLANK),
        (driven(over=True, expires_at=NOW), BLANK),
        (driven(over=True), UNATTENDED),
        (driven(here_at=None), UNATTENDED),
        (driven(here_at=NOW - PRESENT), UNATTENDED),
    ],
)
def test_a_screen_behind_which_nobody_stands_names_nobody(
    left: Driven | None, expected: Shown
) -> None:
    """
    The visit is over, somebody logged out or left; it is blank once the link has ended.
    """
    assert expected == shown(left, NOW)
    assert "" == expected.in_charge
