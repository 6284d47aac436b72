"""The steps that a contract plans for a procedure, and whose each of them is.

Whose a step is comes from, in this order: what the procedure assigns step by step, the row
of the duty table that covers it (Yokosuka's ア and シ), the contract's own identity check
(Chiba), and the party of the procedure. Every step names the clause that decided.

Sources: Yokosuka specification §7; Chiba 第2-1(2), 第2-2(2); Ota §6 preamble, §6(1)③④.
"""

from dataclasses import dataclass

from domain.contract import Contract
from domain.contract_parts import Duty, Procedure
from domain.procedures.procedure_errors import ProcedureNotHere
from domain.procedures.procedure_parts import Receiver, StepKind

IDENTITY_CHECK = "identity_check"
"""The procedure that says whose the identity check is, where a contract names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedStep:
    """One step, its owner and why."""

    kind: StepKind
    duty: Duty
    clause: str
    delegable: bool = True
    basis: str = ""
    """What says that it may, or may not, be entrusted."""

    def __post_init__(self) -> None:
        if not self.delegable and self.duty is not Duty.CITY:
            raise ValueError(f"{self.kind}: what may not be entrusted is the city's")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is done, in which order, for one kind of person at the window."""

    receiver: Receiver
    procedure: str
    """Code of the row of the contract that applies to this receiver."""

    label: str
    clause: str
    steps: tuple[PlannedStep, ...]
    delivers_card: bool = False

    def step(self, kind: StepKind) -> PlannedStep | None:
        """Return a step of the plan, if it has it."""
        return next((step for step in self.steps if step.kind is kind), None)


def plans_of(contract: Contract, code: str) -> tuple[Plan, ...]:
    """Return the plan for every kind of person who may come for a procedure.

    Some contracts divide one procedure into rows by who comes; all of them are taken up, so
    that it can be found out later who it is.

    Raises:
        ProcedureNotHere: The contract plans no steps for it.
    """
    asked = contract.procedure(code)
    base = (asked.variant_of or asked.code) if asked else code
    rows = [p for p in contract.procedures if p.steps and base in {p.code, p.variant_of}]
    plans = {
        receiver: _plan(contract, row, receiver)
        for row in reversed(rows)
        for receiver in row.receivers or tuple(Receiver)
    }
    if not plans:
        raise ProcedureNotHere("この契約では、窓口で進める手順が定まっていません。")
    return tuple(plans[receiver] for receiver in Receiver if receiver in plans)


def _plan(contract: Contract, row: Procedure, receiver: Receiver) -> Plan:
    steps = [_step(contract, row, kind) for kind in row.steps]
    check = _by_table(contract, row, StepKind.CHECK)
    return Plan(
        receiver=receiver,
        procedure=row.code,
        label=row.label,
        clause=row.clause,
        steps=(*steps, check) if check else tuple(steps),
        delivers_card=row.delivers_card,
    )


def _step(contract: Contract, row: Procedure, kind: StepKind) -> PlannedStep:
    assigned = next((each for each in row.assigned if each.step is kind), None)
    if assigned is not None:
        return PlannedStep(
            kind=kind, duty=assigned.duty, clause=assigned.clause, basis=row.legal_basis
        )
    by_table = _by_table(contract, row, kind)
    if by_table is not None:
        return by_table
    rule = row
    if kind is StepKind.IDENTITY:
        rule = contract.procedure(IDENTITY_CHECK) or row
    return PlannedStep(
        kind=kind,
        duty=rule.duty,
        clause=rule.clause,
        delegable=rule.delegable,
        basis=rule.legal_basis,
    )


def _by_table(contract: Contract, row: Procedure, kind: StepKind) -> PlannedStep | None:
    for duty in contract.duties:
        if duty.step is kind and row.mark and row.mark in duty.covers:
            # A check of the entrusted work is the city's own act.
            delegable = kind is not StepKind.CHECK
            return PlannedStep(
                kind=kind, duty=duty.duty, clause=duty.clause, delegable=delegable
            )
    return None
