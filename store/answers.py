"""First answers to requests that open something, for whoever asks again.

The answer is kept in the transaction that opened it: either both are there or neither.
"""

from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects.postgresql import insert as upsert

from domain.errors import KeyUsedOtherwise
from store.tables.base import METADATA

_ANSWER = METADATA.tables["answered_request"]


def first_answer(
    connection: Connection, municipality: str, account_id: str, key: str, digest: str
) -> dict[str, Any] | None:
    """Return the answer given before, or ``None``; then nobody else answers meanwhile.

    Two requests with one key at once take turns here.

    Raises:
        KeyUsedOtherwise: The key came with another request before.
    """
    # Held until the end of the transaction, so that the second of two finds the answer.
    turn = func.hashtextextended(f"{municipality}/{account_id}/{key}", 0)
    connection.execute(select(func.pg_advisory_xact_lock(turn)))
    row = connection.execute(
        select(_ANSWER.c.digest, _ANSWER.c.answer).where(
            _ANSWER.c.municipality == municipality,
            _ANSWER.c.account_id == account_id,
            _ANSWER.c.key == key,
        )
    ).one_or_none()
    if row is None:
        return None
    if row.digest != digest:
        raise KeyUsedOtherwise("同じ受付キーは、同じ依頼をもう一度送るときだけ使えます。")
    answer: dict[str, Any] = row.answer
    return answer


def keep_answer(
    connection: Connection,
    municipality: str,
    account_id: str,
    key: str,
    digest: str,
    answer: dict[str, Any],
) -> None:
    """Keep the answer of this transaction."""
    connection.execute(
        upsert(_ANSWER).values(
            municipality=municipality,
            account_id=account_id,
            key=key,
            digest=digest,
            answer=answer,
            at=func.now(),
        )
    )
