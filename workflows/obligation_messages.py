"""What crosses the boundary of a contract's promises. See ``workflows.messages``."""

from dataclasses import dataclass

from domain.case import CaseRef
from domain.deadlines.deadline import Deadline
from domain.obligations.obligation import Obligation


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenObligation:
    """Start of the course of one thing that a contract promises."""

    case: CaseRef
    obligation: Obligation
    deadline: Deadline | None = None
