"""Applications as values: whose each is, what a form's number is, and what each step leaves."""

from collections.abc import Iterator
from datetime import date

import pytest

from contracts.loader import load
from domain.applications import defect_kinds
from domain.applications.application import (
    Application,
    begin,
    gone_photos,
    require_opener,
    require_receipt,
)
from domain.applications.application_errors import (
    ApplicationNotHere,
    FollowUpOpen,
    FormIdRefused,
    NotOverruled,
    PhotoLikelyRefused,
)
from domain.applications.application_lines import ApplicationLine, line_for
from domain.applications.application_parts import (
    STEP_OF,
    AppliedFor,
    Settlement,
    Stage,
    Step,
    StepKind,
    Variant,
)
from domain.applications.defect_kinds import DefectKind
from domain.applications.form_id import read_form_id
from domain.case import Actor
from domain.errors import DomainError, FieldMissing, NotYourDuty, WrongStage
from domain.parties import Action, Party, Role, allowed
from domain.photos.photo_rules import HARD
from domain.photos.photo_words import PhotoReason
from domain.procedures.consent import covered, in_force
from tests.applications.at_hand import NEWER, TERMS, an_application, doer, told, walked
from tests.builders import CLERK, OFFICIAL, OPERATOR, SITE_MANAGER, at, today

DIGITS = "12345678901234567890123"
CITIES = {
    "ageo": {"online": "委", "terminal_assist": "委", "postal_assist": "委"},
    "urasoe": {"online": "委"},
    "ota": {"online": "委", "overseas": "委", "express": "委"},
    "chiba": {"paper": "委", "online": "委"},
    "yokosuka": {"express": "市"},
}
"""Every way to apply that a contract offers, and whose it is; all others are not offered."""

NOW = at(today(), "10:00")


def cells() -> Iterator[tuple[str, Variant, Role]]:
    yield from (
        (city, variant, role) for city in CITIES for variant in Variant for role in Role
    )


@pytest.mark.parametrize(("city", "variant", "role"), list(cells()))
def test_who_may_open_and_carry_on_which_way_to_apply(
    city: str, variant: Variant, role: Role
) -> None:
    """
    Every contract by every way by every role: the row and the table of duties together.
    """
    lines = load(city).contract.applications
    if variant not in CITIES[city]:
        with pytest.raises(ApplicationNotHere):
            line_for(lines, variant, AppliedFor.NEW)
        return
    line = line_for(lines, variant, AppliedFor.NEW)
    value = begin(line, AppliedFor.NEW, role)
    by = Actor(account_id="someone", role=role)
    at_window = role in {Role.OPERATOR, Role.SUPPORT_STAFF, Role.CLERK, Role.SITE_MANAGER}
    guides = city == "urasoe" and role is Role.SUPPORT_STAFF
    ours = CITIES[city][variant] == "委"
    expected = at_window and not guides if ours else role is Role.OFFICIAL

    assert expected == (opens(value, by) and allowed(role, Action.ADD_APPLICATION))
    steps = {allowed(role, Action(STEP_OF[kind]), value.standing) for kind in StepKind}
    assert {expected} == {may and value.open_to(role) for may in steps}


def opens(value: Application, by: Actor) -> bool:
    try:
        require_opener(by, value)
    except NotYourDuty:
        return False
    return True


@pytest.mark.parametrize(
    "scanned",
    [
        DIGITS,
        f"  {DIGITS}\n",
        "１２３４５６７８９０１２３４５６７８９０１２３",
        "1234 5678 9012 3456 7890 123",
        "1234-5678-9012-3456-7890-123",
        f"https://example.jp/apply?id={DIGITS}&v=2",
        f"ID:{DIGITS};ID:{DIGITS}",
    ],
)
def test_the_number_of_a_form_is_read_however_it_comes(scanned: str) -> None:
    """
    A scanner types what the code holds; a person types groups, or with a Japanese keyboard.
    """
    assert DIGITS == read_form_id(scanned)


@pytest.mark.parametrize(
    "scanned",
    [
        "",
        "申請書",
        DIGITS[:-1],
        f"{DIGITS}4",
        "1234 5678 9012",
        f"https://example.jp/{DIGITS}4",
        f"{DIGITS} / {DIGITS[::-1]}",
        f"{DIGITS[:12]}x{DIGITS[12:]}",
    ],
)
def test_what_is_no_number_of_a_form_is_refused(scanned: str) -> None:
    """
    Too short, too long, two of them, or something else; nothing is guessed.
    """
    with pytest.raises(FormIdRefused):
        read_form_id(scanned)


@pytest.mark.parametrize("receipt", ["", "x" * 41, DIGITS, "1234 5678 9012 3456 7890 123"])
def test_a_receipt_is_no_number_of_a_form(receipt: str) -> None:
    """
    What must not be kept does not come in by the other field.
    """
    with pytest.raises(FieldMissing):
        require_receipt(receipt)


@pytest.mark.parametrize("city", CITIES)
def test_every_way_to_apply_ends_in_the_wait(city: str) -> None:
    """
    What the person posts themselves is handed to them; all else has been sent or taken in.
    """
    for line in load(city).contract.applications:
        value = walked(begin(line, AppliedFor.RENEWAL, Role.OPERATOR))
        posted = line.steps[-1] is StepKind.HAND_TO_RESIDENT
        expected = Stage.HANDED_TO_RESIDENT if posted else Stage.WAITING

        assert (expected, None, True) == (value.stage, value.photo, value.left_window)
        assert ("R-2026-0001" if StepKind.SUBMIT in line.steps else "") == value.receipt


@pytest.mark.parametrize("step", Step)
def test_nothing_is_taken_out_of_turn(step: Step) -> None:
    """
    Every step at every stage: either it is offered, or it is refused.
    """
    values = [an_application(), *(walked(an_application(), kind) for kind in StepKind)]
    values += [walked(an_application()).report_defect(DefectKind.OTHER, "defect-1")]
    for value in values:
        fields = {"defect": "other"}
        for kind in StepKind:
            fields |= told(kind)
        may = step in value.steps() or (step is Step.ACCEPT_PHOTO and value.takes_photo)
        if may:
            value.take(step, doer(value), fields, NOW)
        else:
            with pytest.raises((WrongStage, FollowUpOpen)):
                value.take(step, doer(value), fields, NOW)


def test_a_photo_is_gone_once_it_is_needless() -> None:
    """
    Replaced, sent, given up: each says which one goes.
    """
    value = walked(an_application(), StepKind.SUBMIT)
    other = value.take(
        Step.ACCEPT_PHOTO, CLERK, told(StepKind.PHOTO) | {"document": "photo-2"}, NOW
    )
    sent = other.take(Step.RECORD_SUBMISSION, CLERK, told(StepKind.SUBMIT), NOW)
    ended = value.take(Step.WITHDRAW_APPLICATION, OPERATOR, {}, NOW)

    assert ("photo-1",) == gone_photos(value, other) == gone_photos(value, ended)
    assert (("photo-2",), ()) == (gone_photos(other, sent), gone_photos(sent, sent))


def test_only_the_follow_up_that_is_waited_for_settles_a_defect() -> None:
    """
    A second defect is another follow-up's, and what was sent again stays as it was.
    """
    value = walked(an_application()).report_defect(DefectKind.PHOTO_SIZE, "defect-1")
    again = value.settle("defect-1", Settlement.RESUBMITTED, "R-2").report_defect(
        DefectKind.OTHER, "defect-2"
    )

    assert value == value.settle("defect-9", Settlement.WITHDRAWN)
    assert again == again.settle("defect-1", Settlement.WITHDRAWN)
    assert (DefectKind.PHOTO_SIZE, DefectKind.OTHER) == again.defects
    assert ("R-2", Stage.TAKEN_OVER) == (
        again.receipt,
        again.settle("defect-2", Settlement.TAKEN_OVER).stage,
    )
    with pytest.raises(FollowUpOpen):
        value.take(Step.TAKE_OVER_APPLICATION, OFFICIAL, {}, NOW)


def test_every_kind_of_defect_has_words_and_the_photo_s_are_the_gate_s() -> None:
    """
    Any defect: what a machine sees on a photo is a part of the same list.
    """
    assert set(DefectKind) == set(defect_kinds.DEFECT_TEXT)
    assert {str(reason) for reason in PhotoReason} == {
        str(kind) for kind in DefectKind if kind.startswith("photo_")
    }


@pytest.mark.parametrize(
    ("steps", "why"),
    [((), "none"), (("photo",), "no end"), (("submit", "receive_form"), "two ends")],
)
def test_a_row_has_one_end(steps: tuple[str, ...], why: str) -> None:
    """
    A mistake in a file is seen when it is read.
    """
    planned = tuple(StepKind(step) for step in steps)
    with pytest.raises(ValueError, match="online"):
        ApplicationLine(
            variant=Variant.ONLINE, party=Party.CITY, procedure="x", steps=planned, label=why
        )


@pytest.mark.parametrize(
    ("day", "version"), [("2025-06-30", None), ("2025-11-30", "1"), ("2025-12-01", "2")]
)
def test_each_day_has_its_version_of_a_document(day: str, version: str | None) -> None:
    """
    Who agreed to the first has not agreed to the second.
    """
    found = in_force([*TERMS, *NEWER], date.fromisoformat(day))

    assert version == next((each.version for each in found if each.id == "terms_of_use"), None)
    assert covered((), found) == (version is None)


@pytest.mark.parametrize("city", sorted(set(CITIES) - {"urasoe"}))
def test_consent_is_asked_for_only_where_the_contract_says_so(city: str) -> None:
    """
    Off elsewhere.
    """
    assert () == load(city).contract.consents
    assert 2 == len(load("urasoe").contract.consents)


ON_PAPER = (StepKind.PHOTO, StepKind.PRINT_PHOTO, StepKind.PASTE_PHOTO, StepKind.RECEIVE_FORM)


def on_paper() -> Application:
    return an_application(Variant.PAPER, planned=ON_PAPER)


@pytest.mark.req("CHIBA-42")
@pytest.mark.parametrize("due", ON_PAPER)
def test_a_paper_form_ends_only_after_its_photo_was_pasted(due: StepKind) -> None:
    """
    Every other step of the way is refused while one is due.
    """
    value = walked(on_paper(), due)
    for kind in ON_PAPER:
        if kind is not due and kind is not StepKind.PHOTO:
            with pytest.raises(WrongStage):
                value.take(STEP_OF[kind], OPERATOR, told(kind), NOW)
    with pytest.raises(WrongStage):
        value.take(Step.RECORD_CARD_ARRIVAL, OPERATOR, {}, NOW)


def test_a_photo_that_is_replaced_is_printed_anew_and_one_that_is_pasted_is_gone() -> None:
    """
    The sheet goes with its photo; what is on the form is no more kept here.
    """
    printed = walked(on_paper(), StepKind.PASTE_PHOTO)
    again = printed.take(
        Step.ACCEPT_PHOTO, OPERATOR, told(StepKind.PHOTO) | {"document": "photo-2"}, NOW
    )
    pasted = printed.take(Step.PASTE_PHOTO, OPERATOR, {}, NOW)

    assert printed.takes_photo
    assert ("print_photo", ("photo-1", "photo-1-sheet")) == (
        again.stage,
        gone_photos(printed, again),
    )
    assert ("receive_form", None) == (pasted.stage, pasted.photo)
    assert ("photo-1", "photo-1-sheet") == gone_photos(printed, pasted)
    assert pasted == pasted.without_photo(), "the day's end changes nothing of a pasted one"
    assert "photo" == printed.without_photo().stage


@pytest.mark.parametrize(
    ("by", "against", "refused"),
    [
        (SITE_MANAGER, "dark", None),
        (SITE_MANAGER, "no_face off_centre", None),
        (OPERATOR, "dark", NotYourDuty),
        (OFFICIAL, "dark", NotYourDuty),
        *((SITE_MANAGER, f"dark {each}", NotOverruled) for each in sorted(HARD)),
    ],
)
def test_a_supervisor_overrules_the_machine_but_no_rule_of_files(
    by: Actor, against: str, refused: type[DomainError] | None
) -> None:
    """
    Size, pixels and format are the national site's; the photo that is taken is counted.
    """
    value = walked(an_application(), StepKind.PHOTO)
    said = told(StepKind.PHOTO) | {"verdict": "likely_refused", "against": against}
    with pytest.raises(PhotoLikelyRefused):
        value.take(Step.ACCEPT_PHOTO, by, said, NOW)
    if refused is not None:
        with pytest.raises(refused):
            value.take(Step.ACCEPT_PHOTO, by, said | {"overruled": True}, NOW)
        return
    assert 1 == value.take(Step.ACCEPT_PHOTO, by, said | {"overruled": True}, NOW).overruled
