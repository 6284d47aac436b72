"""What crosses the boundary of following up a defect. See ``workflows.messages``."""

from dataclasses import dataclass
from datetime import date, datetime, time

from domain.case import CaseRef
from domain.deadlines.deadline import Deadline
from domain.defects.defect import Defect
from domain.defects.defect_parts import RetakeState, Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDefect:
    """Start of the course of an application that came back."""

    case: CaseRef
    defect: Defect
    deadline: Deadline | None = None
    """Until when the person is to be contacted first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanTry:
    """Work out when the person is tried again, where the calendar is."""

    case: CaseRef
    stage: Stage
    """What is waited for from now on."""

    tries: int
    """Attempts made so far."""

    now: datetime
    """On the clock of the case."""

    on: date | None = None
    """The day the person wished; ``None`` leaves it to us."""

    at: time | None = None
    visit_ends_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedTry:
    """What is due next, and by when."""

    next_try: datetime | None = None
    waits_until: datetime | None = None
    deadline: Deadline | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAtRetake:
    """Find out about the visit for a new photo."""

    case: CaseRef
    reservation: str
    """Its number, or its case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundRetake:
    """What has become of it."""

    reservation: str
    number: str
    starts_at: datetime
    ends_at: datetime
    state: RetakeState
