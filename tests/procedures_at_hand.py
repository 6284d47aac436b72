"""Procedures at a window as the contracts plan them, and papers that suffice for each.

Here: values, and walking one to a step of its plan. Not here: courses (`tests.workflows`),
requests (`tests.visits.at_window`).
"""

from collections.abc import Mapping
from typing import Any

from contracts.loader import load
from domain.case import Actor
from domain.parties import Action, Party, Role
from domain.procedures.procedure import Procedure
from domain.procedures.procedure_parts import STEP_OF, Receiver, Step, StepKind
from domain.procedures.procedure_plan import plans_of
from tests.builders import OFFICIAL, OPERATOR, OTHER_OFFICIAL

PAPERS: Mapping[Receiver, Mapping[str, str]] = {
    Receiver.SELF: {"documents": "driving_licence"},
    Receiver.LEGAL_REPRESENTATIVE: {
        "documents": "insurance_confirmation medical_recipient_card",
        "together": "yes",
        "representative_documents": "passport",
        "authority": "family_register",
    },
    Receiver.PROXY: {
        "documents": "my_number_card insurance_confirmation",
        "representative_documents": "driving_licence",
        "mandate": "yes",
        "proxy_reason": "hospital",
        "proof": "medical_certificate",
    },
}
"""What suffices for a card, and so for everything else."""


def a_procedure(
    code: str = "card_delivery",
    receiver: Receiver = Receiver.SELF,
    *,
    city: str = "yokosuka",
    **more: Any,
) -> Procedure:
    """Return a procedure of a city that has just begun."""
    given: dict[str, Any] = {"case_id": "procedure-1", "opened_by": Role.OPERATOR}
    plans = plans_of(load(city).contract, code)
    return Procedure(receiver=receiver, plans=plans, **(given | more))


def papers(value: Procedure) -> dict[str, str]:
    """Return what its form asks and whoever is at the window has with them."""
    return dict(PAPERS[value.receiver])


def doer(value: Procedure) -> Actor:
    """Return somebody of the party whose step is due; a check is somebody else's."""
    due = value.next
    assert due is not None
    if due.kind is StepKind.CHECK:
        return OTHER_OFFICIAL
    return OFFICIAL if value.party_of(due.kind) is Party.CITY else OPERATOR


def fields_of(value: Procedure, action: str) -> dict[str, str]:
    """Return what a step of the plan needs."""
    return papers(value) if action == Action.TAKE_IN_DOCUMENTS else {}


def decided(value: Procedure, party: Party = Party.PROVIDER) -> Procedure:
    """Return it with the party named where either may do what is due."""
    if not value.undecided:
        return value
    return value.take(Step.DECIDE_PARTY, OPERATOR, {"party": str(party)})


def walked(
    value: Procedure, until: StepKind | None = None, party: Party = Party.PROVIDER
) -> Procedure:
    """Return it once ``until`` is due, or done; what either may do ``party`` does."""
    while value.next is not None and value.next.kind is not until:
        value = decided(value, party)
        assert value.next is not None
        step = STEP_OF[value.next.kind]
        value = value.take(step, doer(value), fields_of(value, step))
    return value
