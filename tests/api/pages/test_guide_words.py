"""What a guide says: words for everything that is done at a counter, and which version."""

import re
from pathlib import Path

import pytest

from api.pages.guide.guide_words import MANUAL, read_manual
from api.pages.rendering import WEB
from domain.actions import form_of
from domain.case import CaseKind
from domain.errors import ActionUnknown
from domain.guidance.questions import questions_of
from domain.guidance.screen import WAITING
from domain.guidance.steps import GUIDED, GuideStep, Scene
from domain.parties import Action, Party, Role, allowed

AT_A_COUNTER = [role for role in Role if allowed(role, Action.FOLLOW_GUIDE)]
WITHOUT_FORM = {
    CaseKind.VISIT: {Action.ADD_PROCEDURE, Action.ADD_APPLICATION},
    CaseKind.APPLICATION: {Action.ACCEPT_PHOTO},
}
"""What is begun with more than a form."""


def has_form(kind: CaseKind, action: Action) -> bool:
    try:
        form_of(kind, action)
    except ActionUnknown:
        return False
    return True


DONE_HERE = [
    (kind, action)
    for kind in GUIDED
    for action in Action
    if (has_form(kind, action) or action in WITHOUT_FORM.get(kind, set()))
    and any(allowed(role, action) for role in AT_A_COUNTER)
]


@pytest.mark.parametrize(("kind", "action"), DONE_HERE)
def test_there_are_words_for_everything_a_person_at_a_counter_can_do(
    kind: CaseKind, action: Action
) -> None:
    """
    A new action without words would leave somebody standing before a resident in silence.
    """
    words = MANUAL.words[MANUAL.name_of_action(kind, action)]

    assert all((words.say, words.do, words.display))


def test_a_missing_action_would_be_noticed() -> None:
    """
    The control: the list above is long, and an action of another kind of case has no words.
    """
    assert len(DONE_HERE) > 25
    assert MANUAL.name_of_action(CaseKind.VISIT, Action.SEAL) not in MANUAL.words


@pytest.mark.parametrize("scene", [Scene.GO, Scene.WAIT, Scene.AWAY, Scene.OVER])
@pytest.mark.parametrize("turn", [None, *Party])
def test_there_are_words_for_every_wait(scene: Scene, turn: Party | None) -> None:
    """
    A resident who waits is told for whom.
    """
    step = GuideStep(scene=scene, turn=turn)

    assert MANUAL.words[MANUAL.name_of(CaseKind.VISIT, step)].display
    assert MANUAL.words[WAITING].display


def test_what_is_asked_is_asked_by_its_name() -> None:
    """
    A question for a field that is no longer there would never be put.
    """
    astray = [
        f"{kind}/{action}/{name}"
        for kind, action in DONE_HERE
        if has_form(kind, action)
        for name in MANUAL.words[MANUAL.name_of_action(kind, action)].ask
        if name not in {each.name for each in questions_of(form_of(kind, action))}
    ]

    assert [] == astray


def test_words_for_residents_hold_no_place_for_anything_personal() -> None:
    """
    Anybody who passes can read the screen: its words are the same for everybody.
    """
    filled = [
        name
        for name, words in MANUAL.words.items()
        if re.search(r"[{}%0-9]", words.display) or "様" in words.display
    ]

    assert [] == filled


def test_every_change_of_a_word_is_another_version(tmp_path: Path) -> None:
    """
    What a visitor was told can be found again; the same words are the same version.
    """
    for path in (WEB / "guide").glob("*.toml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    same = read_manual(tmp_path).version
    visit = tmp_path / "visit.toml"
    visit.write_text(visit.read_text("utf-8").replace("お忘れ物", "忘れ物"), "utf-8")

    assert MANUAL.version == same != read_manual(tmp_path).version
    assert re.fullmatch(r"[0-9a-f]{10}", same), "never twelve figures"
