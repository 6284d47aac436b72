"""Reads the lists of what to bring: one file per version, named after its first day.

Here: the shape of such a file. Not here: which row is for whom
(``domain/catalogue/required_documents.py``), contract files (``contracts/loader.py``).
"""

import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from domain.catalogue.required_documents import OLDEST, DocumentList, Need, Row
from domain.errors import ContractFileRefused
from domain.procedures.procedure_parts import Receiver

LISTS = Path(__file__).parent / "required_documents"

_Text = Annotated[str, Field(min_length=1)]
_Age = Annotated[int, Field(ge=0, le=OLDEST)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Need(_Strict):
    text: _Text
    identity: bool = False
    varies: bool = False


class _Row(_Strict):
    procedures: Annotated[list[_Text], Field(min_length=1)]
    receiver: Annotated[Receiver, Field(strict=False)]
    source: _Text
    age_from: _Age = 0
    age_to: _Age = OLDEST
    cities: list[_Text] = []
    needs: list[_Need] = []
    advice: list[_Text] = []


class _File(_Strict):
    agreement: _Text
    rows: Annotated[list[_Row], Field(min_length=1)]


@cache
def document_lists(folder: Path = LISTS) -> tuple[DocumentList, ...]:
    """Return every version, oldest first.

    Raises:
        ContractFileRefused: A file is wrong; the message names it.
    """
    return tuple(_read(path) for path in sorted(folder.glob("*.toml")))


def _read(path: Path) -> DocumentList:
    try:
        begins = date.fromisoformat(path.stem)
        file = _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
        rows = tuple(_row(row) for row in file.rows)
    except (ValueError, ValidationError) as wrong:
        raise ContractFileRefused(f"{path.name}：{wrong}") from wrong
    return DocumentList(effective_from=begins, agreement=file.agreement, rows=rows)


def _row(row: _Row) -> Row:
    return Row(
        procedures=tuple(row.procedures),
        receiver=row.receiver,
        source=row.source,
        age_from=row.age_from,
        age_to=row.age_to,
        cities=tuple(row.cities),
        needs=tuple(
            Need(text=need.text, identity=need.identity, varies=need.varies)
            for need in row.needs
        ),
        advice=tuple(row.advice),
    )
