"""What auditors are answered: bodies shared by routes and pages."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from domain.records.replay import Difference
from store.histories import ReadableEvent


class EventBody(BaseModel):
    """One event of a workflow history."""

    event_id: int
    type: str
    at: datetime
    summary: str | None
    payloads: dict[str, Any] = Field(description="By their place in the event.")

    @classmethod
    def of(cls, event: ReadableEvent) -> "EventBody":
        """Copy the event."""
        return cls(
            event_id=event.event_id,
            type=event.type,
            at=event.at,
            summary=event.summary,
            payloads=event.payloads,
        )


class RunBody(BaseModel):
    """One run of a course; a lot may have several, one after the other."""

    run_id: str
    workflow_id: str
    archived_at: datetime | None = Field(description="None while the course still runs.")
    sha256: str | None
    whole: bool | None = Field(description="Whether the archive still is what was kept.")
    build_id: str | None = Field(description="Of the code that finished it.")
    contract_version: str
    events: list[EventBody]


class HistoryBody(BaseModel):
    """The history of a case."""

    case_id: str
    case_number: str
    erased: bool
    payloads_shown: bool
    runs: list[RunBody]


class StepBody(BaseModel):
    """One step as the code of today decides it."""

    step: int
    seq: int | None = Field(description="Its line in the record.")
    key: str
    action: str
    at: datetime
    stage: str
    closed: bool
    same: bool
    state: dict[str, Any] | None = Field(description="Of the step that was asked for.")


class DifferenceBody(BaseModel):
    """Where record and replay part."""

    key: str
    seq: int | None
    field: str

    @classmethod
    def of(cls, found: Difference) -> "DifferenceBody":
        """Copy the difference."""
        return cls(key=found.key, seq=found.seq, field=found.field)


class ReplayBody(BaseModel):
    """What running the case again showed."""

    case_id: str
    result: str = Field(description="same or different")
    failure: str | None
    differences: list[DifferenceBody]
    build_then: str | None
    build_now: str
    running: bool
    steps: list[StepBody]


class BreakBody(BaseModel):
    """Where the record does not hold."""

    case_id: str
    seq: int
    problem: str


class VerifiedBody(BaseModel):
    """The integrity of the whole record of a municipality."""

    municipality: str
    intact: bool
    cases: int
    events: int
    archives: int
    breaks_found: int
    breaks: list[BreakBody]


class AccessBody(BaseModel):
    """One person's data was shown to one other person."""

    access_id: int
    at: datetime
    account_id: str | None = Field(description="null: sent on by the product itself")
    display_name: str
    role: str | None
    case_id: str
    purpose: str
    route: str


class AccessPage(BaseModel):
    """Who saw what, the newest first."""

    items: list[AccessBody]
    next_cursor: str | None
