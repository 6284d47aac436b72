"""Numbers of application forms: checked here, and kept only where the contract lets them be.

What the course of an application is told is that one was read, never the number itself.
"""

from api.deps import Desk
from domain.applications.application import Application
from domain.applications.application_parts import StepKind
from domain.applications.form_id import read_form_id
from domain.forms import FieldValue
from domain.parties import Action
from store import opening, vault
from store.cases import CaseFile
from store.scope import scope
from store.values import value_of


def told(
    desk: Desk, file: CaseFile, action: Action, fields: dict[str, FieldValue]
) -> dict[str, FieldValue]:
    """Return what the course is told of an action: of a form, that its number was read.

    Raises:
        FormIdRefused: What was scanned is no such number.
    """
    if action is not Action.READ_FORM_ID:
        return fields
    number = read_form_id(str(fields["form_id"]))
    value = value_of(file)
    assert isinstance(value, Application), "no other case has such an action"
    keeps = value.keeps_form_id and value.next is StepKind.FORM_ID
    if keeps:
        _keep(desk, file, number)
    return {"form_id_read": True, "form_id_kept": keeps}


def _keep(desk: Desk, file: CaseFile, number: str) -> None:
    """Keep the number with what is known of the person."""
    case = file.ref
    with scope(desk.engine, case.municipality) as connection:
        known = vault.persons(connection, desk.keys, case.municipality, [case.case_id])
        person = known.get(case.case_id, {}) | {"form_id": number}
        opening.keep_person(connection, desk.keys, case, person)
