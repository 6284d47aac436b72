"""An application as one clear next step, and what a visit shows of its applications.

Belongs here: what both pages show. Does not belong here: beginning one and sending its photo
(``api.pages.counter.application_begun``), the rules (``domain.applications``).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from api.access.door import Person
from api.counter.applications import DEFECT_RULE
from api.counter.consents import needed
from api.deps import Desk
from api.pages.desk.sending import Failed
from domain.applications.application import Application
from domain.applications.application_parts import APPLIED_FOR_TEXT, STEP_TEXT, StepKind
from domain.applications.defect_kinds import DEFECT_TEXT
from domain.case import CaseKind
from domain.parties import PARTY_TEXT, Action, Party, allowed
from domain.photos import photo_limits, photo_rules, photo_words
from domain.procedures.consent import covered
from domain.procedures.visit import Visit
from store.cases import CaseFile
from store.values import value_of

FORM: Final = "add-application"
"""The form of a visit that begins an application."""

PHOTO_FORM: Final = "photo"
"""The form of an application that sends its photo."""

_SAY: Final[Mapping[StepKind, str]] = {
    StepKind.FORM_ID: "「申請書の二次元コードを読み取ります。」欄を選んでから読み取ります。",
    StepKind.PHOTO: "「お写真を撮ります。正面を向いてください。」撮った写真を確かめます。",
    StepKind.PRINT_PHOTO: "写真の紙面を作り、モバイルプリンターで実際のサイズで印刷します。",
    StepKind.PASTE_PHOTO: "「お写真を申請書に貼ります。」裏に氏名と生年月日を書いて貼ります。",
    StepKind.SUBMIT: "「内容を確かめて、ご自身で送信してください。」受付番号を控えます。",
    StepKind.RECEIVE_FORM: "「申請書をお預かりします。」記入もれがないか、一緒に確かめます。",
    StepKind.HAND_TO_RESIDENT: "「ポストに入れてください。」申請書と封筒を渡します。",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLine:
    """One step as the page shows it."""

    label: str
    side: str
    state: str
    """``done``, ``here`` or ``ahead``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """An application of a visit, in a list."""

    file: CaseFile
    label: str


def of_application(value: Application, person: Person) -> dict[str, Any]:
    """Return what the page of an application shows beside what every case shows."""
    due = value.next
    mine = value.open_to(person.role) and (value.party is Party.CITY) == (
        person.party is Party.CITY
    )
    may_photo = value.takes_photo and mine and allowed(person.role, Action.ACCEPT_PHOTO)
    return {
        "lines": _lines(value),
        "label": value.label,
        "applied_for": APPLIED_FOR_TEXT[value.applied_for],
        "step": "" if due is None or value.closed else STEP_TEXT[due],
        "say": _SAY[due] if due is not None and mine and not value.closed else "",
        "turn": "市の職員" if value.party is Party.CITY else "委託先",
        "mine": mine,
        "takes_photo": may_photo,
        "may_overrule": may_photo
        and allowed(person.role, Action.OVERRIDE_PHOTO, value.standing),
        "retakes": due is not StepKind.PHOTO,
        "defect_words": [DEFECT_TEXT[each] for each in value.defects],
        "exemptions": photo_rules.EXEMPTION_TEXT,
        "reports": photo_rules.REPORT_TEXT,
        "photo_questions": photo_words.QUESTIONS,
        "who_decides": photo_words.WHO_DECIDES,
        "largest_mb": photo_limits.LOOKED_AT_BYTES // 1_000_000,
    }


def of_visit(
    desk: Desk, person: Person, file: CaseFile, linked: Sequence[CaseFile], again: Failed | None
) -> dict[str, Any]:
    """Return the applications of a visit, and the ways to apply that can be begun."""
    value = value_of(file)
    assert isinstance(value, Visit)
    contract = desk.book.pinned(file.ref.contract, file.ref.contract_version)
    again = again if again and again.form == FORM else None
    may = allowed(person.role, Action.ADD_APPLICATION, value.standing)
    agreed = covered(value.consents, needed(desk, file))
    ways = [each for each in contract.applications if each.open_to(person.role)]
    return {
        "applied": [_applied(each) for each in linked if each.kind is CaseKind.APPLICATION],
        "ways": ways if may and agreed else [],
        "waits_for_consent": value.asks_consent and not agreed and not value.closed,
        "documents_to_agree": needed(desk, file) if value.asks_consent else (),
        "applying": again,
        "applied_typed": again.typed if again else {},
        "applied_for_words": APPLIED_FOR_TEXT,
        "asks_contact": any(rule.id == DEFECT_RULE for rule in contract.due_rules),
        "here_for": value.procedure,
    }


def _applied(file: CaseFile) -> Applied:
    value = value_of(file)
    assert isinstance(value, Application)
    label = f"{value.label}・{APPLIED_FOR_TEXT[value.applied_for]}"
    return Applied(file=file, label=label)


def _lines(value: Application) -> list[StepLine]:
    behind = {each.kind: each.party for each in value.done}
    found = []
    for kind in value.planned:
        here = kind is value.next and not value.closed
        found.append(
            StepLine(
                label=STEP_TEXT[kind],
                side=PARTY_TEXT[behind.get(kind, value.party)],
                state="done" if kind in behind else "here" if here else "ahead",
            )
        )
    over = value.left_window and not value.ended
    ended = "done" if value.ended else "here" if over else "ahead"
    return [*found, StepLine(label="カードの到着", side=PARTY_TEXT[Party.CITY], state=ended)]
