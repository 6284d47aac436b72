"""Cases as programs see them: bodies shared by routes and pages."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from domain.actions import STAGE_TEXT, forms_now
from domain.case import CaseKind
from domain.deadlines.deadline import Deadline, Urgency
from domain.deadlines.due_words import due_text, explain
from domain.forms import ActionForm
from domain.parties import Role
from store.cases import CaseFile, TimelineEvent
from store.values import value_of
from workflows.messages import CaseView


class CaseBody(BaseModel):
    """One case in a list."""

    case_id: str
    case_number: str
    contract: str
    kind: CaseKind
    stage: str
    stage_text: str
    due_at: datetime | None
    target_at: datetime | None
    owner: str | None
    stuck: str | None
    escalated_to: str | None
    parent_id: str | None
    opened_at: datetime
    closed_at: datetime | None

    @classmethod
    def of(cls, file: CaseFile) -> "CaseBody":
        """Copy what a list shows."""
        return cls(**_listed(file))


class DeadlineBody(BaseModel):
    """A deadline with the sentence that explains it."""

    id: str
    label: str
    due_at: datetime
    due_text: str
    target_at: datetime
    sentence: str
    urgency: Urgency
    suspended: bool
    contractual: bool
    clause: str
    alarms: list[dict[str, Any]] = Field(description="When somebody is told, and who.")

    @classmethod
    def of(cls, deadline: Deadline, now: datetime) -> "DeadlineBody":
        """Copy what people may know of a deadline."""
        return cls(
            id=deadline.rule.id,
            label=deadline.rule.label,
            due_at=deadline.due_at,
            due_text=due_text(deadline),
            target_at=deadline.target_at,
            sentence=explain(deadline),
            urgency=deadline.urgency(now),
            suspended=deadline.suspended is not None,
            contractual=deadline.rule.contractual,
            clause=deadline.rule.clause,
            alarms=[
                {"at": alarm.at, "meaning": alarm.meaning, "to": alarm.role}
                for alarm in (
                    deadline.next_alarms(now) if deadline.suspended else deadline.alarms
                )
            ],
        )


class FieldBody(BaseModel):
    """One thing an action asks for."""

    name: str
    label: str
    kind: str
    required: bool
    choices: list[dict[str, str]]


class ActionBody(BaseModel):
    """One thing the caller may do now."""

    action: str
    label: str
    reason: str = Field(description="not, optional or required")
    fields: list[FieldBody]
    consequence: str
    href: str

    @classmethod
    def of(cls, form: ActionForm, case_id: str) -> "ActionBody":
        """Copy the form, with where to send it."""
        return cls(
            action=form.action,
            label=form.label,
            reason=form.reason,
            fields=[
                FieldBody(
                    name=field.name,
                    label=field.label,
                    kind=field.kind,
                    required=field.required,
                    choices=[{"value": v, "label": text} for v, text in field.choices],
                )
                for field in form.fields
            ],
            consequence=form.consequence,
            href=f"/api/v1/cases/{case_id}/actions/{form.action}",
        )


class CaseDetailBody(CaseBody):
    """One case with its deadlines and what the caller may do."""

    contract_version: str
    state: dict[str, Any]
    open_handoffs: list[str]
    deadlines: list[DeadlineBody]
    actions: list[ActionBody]

    @classmethod
    def seen_by(cls, file: CaseFile, role: Role, now: datetime) -> "CaseDetailBody":
        """Copy what this role sees at this moment."""
        forms = forms_now(file.kind, value_of(file), file.deadline, role)
        deadline = file.deadline
        return cls(
            **_listed(file),
            contract_version=file.ref.contract_version,
            state=file.state["value"],
            open_handoffs=file.state["open_handoffs"],
            deadlines=[] if deadline is None else [DeadlineBody.of(deadline, now)],
            actions=[ActionBody.of(form, file.ref.case_id) for form in forms],
        )


class EventBody(BaseModel):
    """One line of a case's record."""

    seq: int
    at: datetime
    action: str
    actor: str
    actor_name: str | None
    role: str | None
    reason: str | None
    detail: dict[str, Any]
    hash: str
    prev_hash: str

    @classmethod
    def of(cls, event: TimelineEvent) -> "EventBody":
        """Copy the event."""
        return cls(
            seq=event.seq,
            at=event.at,
            action=event.action,
            actor=event.actor,
            actor_name=event.actor_name,
            role=event.role,
            reason=event.reason,
            detail=dict(event.detail),
            hash=event.hash,
            prev_hash=event.prev_hash,
        )


class ActedBody(BaseModel):
    """How a case stands after a step."""

    case_id: str
    stage: str
    closed: bool
    due_at: datetime | None
    opened: str | None = Field(description="The case that this step opened.")
    accepted: int | None = Field(description="Cards that a step of a lot goes on with.")

    @classmethod
    def of(cls, view: CaseView) -> "ActedBody":
        """Copy the answer of the course."""
        return cls(
            case_id=view.case_id,
            stage=view.stage,
            closed=view.closed,
            due_at=view.due_at,
            opened=view.opened,
            accepted=view.accepted,
        )


def _listed(file: CaseFile) -> dict[str, Any]:
    return {
        "case_id": file.ref.case_id,
        "case_number": file.case_number,
        "contract": file.ref.contract,
        "kind": file.kind,
        "stage": file.stage,
        "stage_text": STAGE_TEXT[file.kind].get(file.stage, file.stage),
        "due_at": file.due_at,
        "target_at": file.target_at,
        "owner": file.owner,
        "stuck": file.stuck,
        "escalated_to": file.escalated_to,
        "parent_id": file.ref.parent_id,
        "opened_at": file.opened_at,
        "closed_at": file.closed_at,
    }
