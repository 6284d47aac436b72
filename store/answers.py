"""First answers to requests that open something, for whoever asks again.

The answer is kept in the transaction that opened it: either both are there or neither.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, insert, select

from domain.errors import KeyUsedOtherwise
from store.tables.base import METADATA

_ANSWER = METADATA.tables["answered_request"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Who asks, under which key, and a digest of what."""

    municipality: str
    account_id: str
    key: str
    digest: str


def first_answer(connection: Connection, question: Question) -> dict[str, Any] | None:
    """Return the answer given before, or ``None``; then nobody else answers meanwhile.

    Two requests with one key at once take turns here.

    Raises:
        KeyUsedOtherwise: The key came with another request before.
    """
    # Held until the end of the transaction, so that the second of two finds the answer.
    words = f"{question.municipality}/{question.account_id}/{question.key}"
    connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(words, 0))))
    row = connection.execute(
        select(_ANSWER.c.digest, _ANSWER.c.answer).where(
            _ANSWER.c.municipality == question.municipality,
            _ANSWER.c.account_id == question.account_id,
            _ANSWER.c.key == question.key,
        )
    ).one_or_none()
    if row is None:
        return None
    if row.digest != question.digest:
        raise KeyUsedOtherwise("同じ受付キーは、同じ依頼をもう一度送るときだけ使えます。")
    answer: dict[str, Any] = row.answer
    return answer


def keep_answer(connection: Connection, question: Question, answer: dict[str, Any]) -> None:
    """Keep the answer of this transaction."""
    connection.execute(
        insert(_ANSWER).values(
            municipality=question.municipality,
            account_id=question.account_id,
            key=question.key,
            digest=question.digest,
            answer=answer,
            at=func.now(),
        )
    )
