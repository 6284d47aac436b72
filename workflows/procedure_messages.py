"""What crosses the boundary of procedures at a window. See ``workflows.messages``."""

from dataclasses import dataclass

from domain.case import CaseRef
from domain.deadlines.deadline import Deadline
from domain.procedures.procedure import Procedure


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenProcedure:
    """Start of the course of a procedure."""

    case: CaseRef
    procedure: Procedure
    deadline: Deadline | None = None
    """Until when the city is to take it on, if it begins with the city."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcedureEnded:
    """A procedure is done or given up; its visit may end now."""

    case_id: str
    outcome: str
