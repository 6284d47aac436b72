"""The register of what a contract promises, over HTTP: what is owed, by when, and why then.

Taking a step with one of them is an action of its case (``api.cases``).
"""

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from api.access.auth import require_action
from api.access.door import Person
from api.deps import AccessedContract, Desk, TheDesk, deadline_for
from contracts.loader import LoadedContract
from domain.contract import Contract
from domain.contract_parts import Deliverable
from domain.deadlines.deadline import Deadline
from domain.deadlines.due_rules import DueRule, DueType, Missing, NotComputable, Unit
from domain.deadlines.due_words import due_text, explain
from domain.obligations.obligation import STAGE_TEXT, Obligation
from domain.obligations.terms import DUE_TYPE_TEXT, Counts, Nature, ObligationTerms
from domain.parties import Action
from domain.sending import list_sending
from store import obligations
from store.cases import CaseFile
from store.scope import scope
from store.values import value_of

router = APIRouter(prefix="/api/v1/contracts/{slug}", tags=["obligations"])

Seer = Annotated[Person, Depends(require_action(Action.SEE_CALENDAR))]


class ObligationBody(BaseModel):
    """One line of the register."""

    code: str
    label: str
    clause: str
    nature: Nature
    due_type: DueType
    due_type_text: str
    due_at: datetime | None = Field(description="日が決まっていないときは空")
    due_text: str
    sentence: str = Field(description="その日である理由、または日がない理由")
    contractual: bool
    counts: Counts | None = Field(description="期限までに何をするか。案件のない行では空")
    approval: bool
    publishes: bool = Field(description="市の確認の後に公開するもの")
    sections: list[str]
    conflict: str = Field(description="条項どうしの食い違いと読み方")
    holds: list[str] = Field(description="済むまで始まらない窓口")
    stage: str | None
    stage_text: str
    case_id: str | None
    versions: int


class RegisterPage(BaseModel):
    """Everything a contract promises, in the order of its table."""

    items: list[ObligationBody]
    next_cursor: None = None


@router.get("/obligations", summary="List what the contract promises")
def list_obligations(loaded: AccessedContract, person: Seer, desk: TheDesk) -> RegisterPage:
    """Return milestones and checklists first, then every document of the contract."""
    return RegisterPage(items=register(desk, loaded))


def register(desk: Desk, loaded: LoadedContract) -> list[ObligationBody]:
    """Return the lines of the register."""
    contract = loaded.contract
    with scope(desk.engine, contract.slug) as connection:
        files = obligations.files(connection, contract)
    promised = {terms.code: terms for terms in contract.obligations}
    papers = {each.id for each in contract.deliverables}
    first = [terms for code, terms in promised.items() if code not in papers]
    lines = [_line(desk, contract, terms, files.get(terms.code)) for terms in first]
    for paper in contract.deliverables:
        terms = promised.get(paper.id)
        if terms is None:
            lines.append(_paper(contract, paper))
        else:
            lines.append(_line(desk, contract, terms, files.get(terms.code)))
    return lines


def _line(
    desk: Desk, contract: Contract, terms: ObligationTerms, file: CaseFile | None
) -> ObligationBody:
    value = value_of(file) if file is not None else None
    assert value is None or isinstance(value, Obligation)
    rule = _rule(contract, terms.due)
    due = _due(desk, contract, rule, file, value.counted_from if value else None)
    return ObligationBody(
        code=terms.code,
        label=terms.label,
        clause=terms.clause,
        nature=terms.nature,
        **_dated(rule, due),
        contractual=due is not None and due.rule.contractual,
        counts=terms.counts,
        approval=terms.approval,
        publishes=terms.publishes,
        sections=list(terms.sections),
        conflict=terms.conflict,
        holds=[contract.channel(each).label for each in terms.holds],
        stage=value.stage if value else None,
        stage_text=STAGE_TEXT[value.stage] if value else "契約が始まると開きます",
        case_id=file.ref.case_id if file else None,
        versions=len(value.versions) if value else 0,
    )


def _paper(contract: Contract, paper: Deliverable) -> ObligationBody:
    """Return the line of a document that is owed again and again, or on no known day."""
    rule = _rule(contract, paper.due)
    return ObligationBody(
        code=paper.id,
        label=paper.label,
        clause=paper.clause,
        nature=Nature.DOCUMENT,
        **_dated(rule, None),
        contractual=False,
        counts=None,
        approval=bool(paper.approval),
        publishes=False,
        sections=list(paper.contents),
        conflict="",
        holds=[],
        stage=None,
        stage_text=(
            "業務日ごとの案件で送ります"
            if paper.due in list_sending.DUE_RULES
            else "案件にはせず、期限の決まりだけを示します"
        ),
        case_id=None,
        versions=0,
    )


def _rule(contract: Contract, rule_id: str | None) -> DueRule | None:
    return next((rule for rule in contract.due_rules if rule.id == rule_id), None)


def _due(
    desk: Desk,
    contract: Contract,
    rule: DueRule | None,
    file: CaseFile | None,
    counted_from: date | None,
) -> Deadline | None:
    """Return what runs, or ran; a promise that is kept had its day as well."""
    if rule is None:
        return None
    if file is not None and file.deadline is not None:
        return file.deadline
    if counted_from is None:
        if rule.unit is not Unit.EXACT_DATE:
            return None
        counted_from = rule.on
    assert counted_from is not None, "an exact date names its day"
    return deadline_for(desk, contract.slug, contract, rule.id, counted_from)


def _dated(rule: DueRule | None, due: Deadline | None) -> dict[str, Any]:
    kind = rule.due_type if rule else DueType.NOT_STATED
    if due is not None:
        text, sentence = due_text(due), explain(due)
    elif rule is None:
        text, sentence = "", "この契約に日の定めがありません"
    elif rule.unit is Unit.NOT_SET:
        text, sentence = "", explain(NotComputable(rule=rule, reason=Missing.NOT_AGREED))
    elif rule.due_type is DueType.RECURRING:
        text, sentence = "", f"{rule.anchor_label}ごとに期限を数えます"
    else:
        text, sentence = "", f"{rule.anchor_label}が決まると期限が決まります"
    return {
        "due_type": kind,
        "due_type_text": DUE_TYPE_TEXT[kind],
        "due_at": due.due_at if due is not None else None,
        "due_text": text,
        "sentence": sentence,
    }
