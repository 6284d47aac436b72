"""What to bring, over HTTP: for anybody, since nothing of it is about a person.

Belongs here: reading the lists for one question. Does not belong here: the lists
(``contracts/required_documents/``), which row answers (``domain.catalogue``).
"""

from datetime import date
from typing import Annotated, Self

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from api.deps import SeenContract, TheDesk
from contracts.document_lists import document_lists
from domain.calendars.hours import local
from domain.catalogue.required_documents import OLDEST, Found, Wanted, find
from domain.contract import Contract
from domain.errors import FieldMissing
from domain.procedures.identity_documents import DOCUMENT_TEXT, LIST_A
from domain.procedures.procedure_parts import Receiver

router = APIRouter(prefix="/api/v1/contracts/{slug}", tags=["catalogue"])

Age = Annotated[int, Query(ge=0, le=OLDEST, description="手続をする本人の年齢")]


class NeedBody(BaseModel):
    """One thing to bring."""

    text: str
    identity: bool = Field(description="AとBの一覧にある本人確認書類のこと")
    varies: bool = Field(description="市により違うことが分かっている")


class DocumentsBody(BaseModel):
    """What to bring, and how far that is known."""

    contract: str
    procedure: str
    label: str
    receiver: Receiver
    age: int
    on: date
    version: date | None = Field(description="この版の初日。null は、その日の版がない")
    agreement: str = Field(description="市との確認")
    known: bool = Field(description="false のときは、市に確認する")
    ask_city: bool = Field(description="頼る前に、市に確認することがある")
    items: list[NeedBody]
    advice: list[str]
    source: str
    identity_a: list[str] = Field(description="Aの書類。使わないときは空")
    identity_b: list[str]

    @classmethod
    def of(cls, wanted: Wanted, label: str, found: Found) -> Self:
        """Copy an answer."""
        row = found.row
        needs = row.needs if row else ()
        lists = any(need.identity for need in needs)
        return cls(
            contract=wanted.city,
            procedure=wanted.procedure,
            label=label,
            receiver=wanted.receiver,
            age=wanted.age,
            on=wanted.on,
            version=found.version,
            agreement=found.agreement,
            known=row is not None,
            ask_city=found.ask_city,
            items=[
                NeedBody(text=need.text, identity=need.identity, varies=need.varies)
                for need in needs
            ],
            advice=list(row.advice) if row else [],
            source=row.source if row else "",
            identity_a=[t for d, t in DOCUMENT_TEXT.items() if lists and d in LIST_A],
            identity_b=[t for d, t in DOCUMENT_TEXT.items() if lists and d not in LIST_A],
        )


@router.get("/required-documents", summary="Tell what to bring for a procedure")
async def show_documents(
    loaded: SeenContract,
    desk: TheDesk,
    procedure: Annotated[str, Query(max_length=80)],
    receiver: Receiver,
    age: Age,
    on: date | None = None,
) -> DocumentsBody:
    """Return what somebody brings on a day, or today; what nobody knows is not made up."""
    day = on or local(desk.clock()).date()
    return documents_for(loaded.contract, procedure, receiver, age, day)


def documents_for(
    contract: Contract, procedure: str, receiver: Receiver, age: int, day: date
) -> DocumentsBody:
    """Return what to bring.

    Raises:
        FieldMissing: The contract knows no such procedure.
    """
    row = contract.procedure(procedure)
    if row is None:
        raise FieldMissing("この契約にない手続です。")
    # Who comes is asked apart: the rows that divide a procedure by it have the same lists.
    wanted = Wanted(
        city=contract.slug,
        procedure=row.variant_of or row.code,
        receiver=receiver,
        age=age,
        on=day,
    )
    return DocumentsBody.of(wanted, row.label, find(document_lists(), wanted))
