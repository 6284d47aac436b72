"""Questions to the city over HTTP: their list for both sides, and what an answer needs.

Asking is reporting an incident of its kind (``api.incidents``), so that its clock runs and
nobody can lose it; answering and ending it are actions of its case (``api.cases``).
"""

from typing import Annotated, Self

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from api.access.auth import require_action
from api.access.door import Person
from api.case_views import CaseBody
from api.deps import AccessedContract, Desk, TheDesk
from api.knowledge.shelf import shelf_of
from domain.contract import Contract
from domain.errors import FieldMissing, WrongStage
from domain.forms import FieldValue
from domain.incidents.kinds import IncidentKind
from domain.parties import Action
from store import knowledge
from store.cases import CaseFile
from store.knowledge import QuestionRow
from store.scope import scope

router = APIRouter(prefix="/api/v1/contracts/{slug}", tags=["knowledge"])

Reader = Annotated[Person, Depends(require_action(Action.SEE_CASE))]


class QuestionBody(CaseBody):
    """One question with its clock, what was asked and what the city said."""

    asked: str
    answer: str
    meeting: int = Field(description="会議の番号。会議でないときは 0")
    article: int = Field(description="回答が載ったFAQの記事。まだのときは 0")

    @classmethod
    def of_question(cls, row: QuestionRow) -> Self:
        """Copy a question."""
        return cls(
            **CaseBody.of(row.file).model_dump(),
            asked=row.asked,
            answer=row.answer,
            meeting=row.value.meeting,
            article=row.value.article,
        )


class QuestionPage(BaseModel):
    """The questions that are open, or those that were dealt with."""

    items: list[QuestionBody]
    next_cursor: None = None


@router.get("/questions", summary="List the questions to the city")
def list_questions(
    loaded: AccessedContract,
    person: Reader,
    desk: TheDesk,
    closed: Annotated[bool, Query(description="終わったもの")] = False,
) -> QuestionPage:
    """Return the questions, those that wait for the city first."""
    rows = rows_of(desk, loaded.contract, closed=closed)
    return QuestionPage(items=[QuestionBody.of_question(row) for row in rows])


def rows_of(desk: Desk, contract: Contract, *, closed: bool) -> list[QuestionRow]:
    """Return the questions with their texts."""
    slug = contract.slug
    with scope(desk.engine, slug) as connection:
        return knowledge.questions(connection, desk.keys, slug, slug, closed=closed)


def may_ask(contract: Contract) -> bool:
    """Say whether questions to the city have a clock in this contract."""
    return contract.incident_rule(IncidentKind.QUESTION) is not None


def require_in_faq(desk: Desk, file: CaseFile, fields: dict[str, FieldValue]) -> None:
    """Return if the article that is named may be used and was written for this question.

    Raises:
        WrongStage: It is not; the question stays open.
        FieldMissing: Nothing is named.
    """
    if not fields.get("article"):
        raise FieldMissing("「記事の番号」を入力してください。")
    contract = desk.book.current(file.ref.contract).contract
    used = shelf_of(desk, contract).ready.articles.get(int(str(fields["article"])))
    if used is None or used.question != file.ref.case_id:
        raise WrongStage(
            "この質問から書いた記事が、いま使う版にありません。"
            "記事を書き、版にまとめて、市の承認を受けてください。"
        )
