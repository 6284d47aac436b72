"""Applications as they begin and on their way, for tests that are about their courses.

Here: values, and walking one to a step. Not here: courses (`tests.workflows`), requests.
"""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from domain.applications.application import Application
from domain.applications.application_parts import (
    STEP_OF,
    AppliedFor,
    StepKind,
    Variant,
)
from domain.case import Actor
from domain.parties import Party, Role
from domain.photos.photo_words import Verdict
from domain.procedures.consent import ConsentDocument
from tests.builders import OFFICIAL, OPERATOR, at, today

TERMS = tuple(
    ConsentDocument(id=id_, version="1", title=title, effective_from=date(2025, 7, 1))
    for id_, title in (("terms_of_use", "利用規約"), ("privacy_policy", "プライバシーポリシー"))
)
NEWER = (replace(TERMS[0], version="2", effective_from=date(2025, 12, 1)), TERMS[1])
"""What an applicant agrees to, and the same with a newer version of the first."""

TOLD: dict[StepKind, dict[str, Any]] = {
    StepKind.FORM_ID: {"form_id_read": True},
    StepKind.PHOTO: {"document": "photo-1", "verdict": str(Verdict.LIKELY_FINE)},
    StepKind.PRINT_PHOTO: {},
    StepKind.PASTE_PHOTO: {},
    StepKind.SUBMIT: {"receipt": "R-2026-0001"},
    StepKind.RECEIVE_FORM: {},
    StepKind.HAND_TO_RESIDENT: {},
}
"""What each step is told."""


def an_application(variant: Variant = Variant.ONLINE, **more: Any) -> Application:
    """Return an application that has just begun."""
    given: dict[str, Any] = {
        "case_id": "application-1",
        "variant": variant,
        "applied_for": AppliedFor.NEW,
        "procedure": "application_online",
        "party": Party.PROVIDER,
        "planned": (StepKind.FORM_ID, StepKind.PHOTO, StepKind.SUBMIT),
        "opened_by": Role.OPERATOR,
    }
    return Application(**(given | more))


def doer(value: Application) -> Actor:
    """Return somebody of the party whose the application is."""
    return OFFICIAL if value.party is Party.CITY else OPERATOR


def told(kind: StepKind) -> dict[str, Any]:
    """Return what a step is told."""
    return dict(TOLD[kind])


def walked(
    value: Application, until: StepKind | None = None, moment: datetime | None = None
) -> Application:
    """Return it once ``until`` is due, or once the part at the window is over."""
    moment = moment or at(today(), "10:00")
    while value.next is not None and value.next is not until:
        value = value.take(STEP_OF[value.next], doer(value), told(value.next), moment)
    return value
