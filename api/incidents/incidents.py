"""Incidents over HTTP: reporting one, and the list of those that are open with their clocks.

What is done about one is an action of its case (``api.cases``). What happened in words is
sealed with the record and leaves it only on the page of the case.
"""

from datetime import datetime
from typing import Annotated, Self

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from api.access.auth import require_action
from api.access.door import Person
from api.case_views import CaseBody
from api.counter.visits import OpenedBody
from api.deps import AccessedContract, Desk, IdempotencyKey, TheDesk, deadline_for
from api.knowledge import meetings
from api.single_cases import Opening, open_one
from domain.calendars.hours import local
from domain.case import CaseKind, CaseRef, require_reason
from domain.contract import Contract
from domain.contract_parts import Equipment, IncidentRule
from domain.deadlines.deadline import Deadline
from domain.errors import FieldMissing
from domain.incidents.incident import Incident, begun
from domain.incidents.kinds import KIND_TEXT, IncidentKind, Stage
from domain.parties import Action
from domain.writing.privacy import refuse_forbidden
from store import incidents
from store.cases import CaseFile
from store.scope import scope
from store.values import value_of
from workflows.incident_messages import OpenIncident

router = APIRouter(prefix="/api/v1/contracts/{slug}", tags=["incidents"])

BEGINS_A_CLOCK = frozenset({Action.REPORT_TO_CITY, Action.MARK_SERIOUS, Action.ANSWER_QUESTION})
"""Actions after which something is due by a rule of the incident's own."""

Reporter = Annotated[Person, Depends(require_action(Action.REPORT_INCIDENT))]
Reader = Annotated[Person, Depends(require_action(Action.SEE_CASE))]


class IncidentRequest(BaseModel):
    """What happened."""

    kind: IncidentKind
    what: str = Field(max_length=2000, description="何が起きたか")
    thing: str = Field(default="", max_length=80, description="故障した機器の名前")
    serious: bool = False
    meeting: int = Field(default=0, ge=0, description="市への質問を出した会議の番号")
    confirmed: bool = False


class IncidentBody(CaseBody):
    """One open incident with its clock."""

    incident: IncidentKind
    incident_text: str
    thing: str
    thing_text: str
    serious: bool
    reported_at: datetime | None = Field(description="市へ報告した時刻")
    handed_over_at: datetime | None = Field(description="市へ引き継いだ時刻")
    consultation: str

    @classmethod
    def of_incident(cls, file: CaseFile) -> Self:
        """Copy what a list shows of an incident."""
        value = incident_of(file)
        return cls(
            **CaseBody.of(file).model_dump(),
            incident=value.kind,
            incident_text=KIND_TEXT[value.kind],
            thing=value.thing,
            thing_text=value.thing_label,
            serious=value.serious,
            reported_at=_there(value.reported_at),
            handed_over_at=_there(value.handed_over_at),
            consultation=value.consultation,
        )


class EquipmentBody(BaseModel):
    """One thing of the contract, and whether it can be used."""

    id: str
    label: str
    channel: str
    in_service: bool
    state: Stage | None = Field(description="故障の段階。故障がなければ null")
    substitute: str


class IncidentList(BaseModel):
    """The open incidents, the most urgent first, and how the things stand."""

    items: list[IncidentBody]
    equipment: list[EquipmentBody]
    next_cursor: None = None


@router.post("/incidents", status_code=201, summary="Report an incident")
def report_incident(
    loaded: AccessedContract,
    person: Reporter,
    desk: TheDesk,
    key: IdempotencyKey,
    body: IncidentRequest,
) -> OpenedBody:
    """Open the case of an incident; from now on it is due by the contract's rule."""
    what = require_reason(body.what)
    refuse_forbidden(what, confirmed=body.confirmed)
    rule_of(loaded.contract, body.kind)
    meetings.require_known(desk, loaded.contract, body.meeting)
    thing = _thing(loaded.contract, body)
    answer = open_one(
        desk,
        person,
        loaded,
        key=key,
        asked=f"incident/{body.kind}/{body.thing}/{body.serious}/{body.meeting}/{what}",
        make=lambda case_id, contract: _opening(desk, person, contract, body, thing, case_id),
        start=lambda ref, opened: _start(desk, person, loaded.contract, ref, opened),
    )
    return OpenedBody(**answer)


@router.get("/incidents", summary="List the open incidents and how the things stand")
def list_incidents(loaded: AccessedContract, person: Reader, desk: TheDesk) -> IncidentList:
    """Return what is not over, the most urgent first."""
    contract = loaded.contract
    with scope(desk.engine, person.municipality) as connection:
        files = incidents.open_incidents(connection, person.municipality, contract.slug)
    return IncidentList(
        items=[IncidentBody.of_incident(file) for file in files],
        equipment=equipment_of(contract, files),
    )


def kinds_of(contract: Contract) -> list[IncidentKind]:
    """Return what can be reported under this contract, in the order of the kinds."""
    return [kind for kind in IncidentKind if contract.incident_rule(kind) is not None]


def rule_of(contract: Contract, kind: IncidentKind) -> IncidentRule:
    """Return what the contract says of a kind.

    Raises:
        FieldMissing: It says nothing of it.
    """
    rule = contract.incident_rule(kind)
    if rule is None:
        raise FieldMissing("この契約では受け付けていない種類です。")
    return rule


def equipment_of(contract: Contract, files: list[CaseFile]) -> list[EquipmentBody]:
    """Return the things of the contract with what the open incidents say of them."""
    found = [value for value in map(incident_of, files) if value.thing]
    # Of two faults of one thing the one that keeps people away from it is told.
    found.sort(key=lambda value: value.stage is Stage.OUT_OF_SERVICE)
    faults = {value.thing: value for value in found}
    return [
        EquipmentBody(
            id=each.id,
            label=each.label,
            channel=each.channel,
            in_service=fault is None or fault.stage is not Stage.OUT_OF_SERVICE,
            state=fault.stage if fault else None,
            substitute=fault.substitute if fault else "",
        )
        for each in contract.equipment
        for fault in (faults.get(each.id),)
    ]


def incident_of(file: CaseFile) -> Incident:
    """Return the incident that a case is."""
    value = value_of(file)
    assert isinstance(value, Incident)
    return value


def deadline_after(desk: Desk, file: CaseFile, action: Action) -> Deadline | None:
    """Return what an action of an incident begins to be due by, if anything."""
    value = incident_of(file)
    contract = desk.book.pinned(file.ref.contract, file.ref.contract_version)
    rule_id: str | None = None
    if action in {Action.REPORT_TO_CITY, Action.ANSWER_QUESTION}:
        rule_id = rule_of(contract, value.kind).settle_due
    elif action is Action.MARK_SERIOUS and value.consults:
        rule_id = rule_of(contract, IncidentKind.CONSULTATION).due
    if rule_id is None:
        return None
    return deadline_for(desk, file.ref.municipality, contract, rule_id, desk.clock())


def _first_due(
    desk: Desk, person: Person, contract: Contract, value: Incident
) -> Deadline | None:
    rule = rule_of(contract, value.kind)
    # What the city reported itself it need not be told; dealing with it remains.
    rule_id = rule.due if value.reported_at is None else rule.settle_due
    if rule_id is None:
        return None
    return deadline_for(desk, person.municipality, contract, rule_id, desk.clock())


def _consult_by(desk: Desk, person: Person, contract: Contract) -> Deadline | None:
    rule_id = rule_of(contract, IncidentKind.CONSULTATION).due
    if rule_id is None:
        return None
    return deadline_for(desk, person.municipality, contract, rule_id, desk.clock())


def _thing(contract: Contract, body: IncidentRequest) -> Equipment | None:
    if not body.thing or body.kind is not IncidentKind.FAULT:
        return None
    for each in contract.equipment:
        if each.id == body.thing:
            return each
    raise FieldMissing("この契約にない機器です。")


def _there(moment: datetime | None) -> datetime | None:
    return None if moment is None else local(moment)


def _opening(
    desk: Desk,
    person: Person,
    contract: Contract,
    body: IncidentRequest,
    thing: Equipment | None,
    case_id: str,
) -> Opening:
    value = begun(
        case_id,
        body.kind,
        person.role,
        at=desk.clock(),
        thing=thing.id if thing else "",
        thing_label=thing.label if thing else "",
        serious=body.serious,
        consults=contract.incident_rule(IncidentKind.CONSULTATION) is not None,
        written_if_serious=rule_of(contract, body.kind).written_if_serious,
        meeting=body.meeting,
    )
    told: dict[str, str | int | bool | None] = {
        "incident": str(value.kind),
        "serious": value.serious,
        "stage": str(value.stage),
    }
    told |= {"meeting": value.meeting} if value.meeting else {}
    return Opening(
        kind=CaseKind.INCIDENT,
        action="incident_reported",
        value=value,
        deadline=_first_due(desk, person, contract, value),
        reason=body.what.strip(),
        detail=told | ({"thing": thing.label} if thing else {}),
    )


def _start(
    desk: Desk, person: Person, contract: Contract, case: CaseRef, opened: Opening
) -> OpenIncident:
    value = opened.value
    assert isinstance(value, Incident)
    by = _consult_by(desk, person, contract) if value.to_be_consulted else None
    return OpenIncident(case=case, incident=value, deadline=opened.deadline, consult_by=by)
