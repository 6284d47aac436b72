"""Doing something once for each Idempotency-Key, in one transaction with its answer.

For what is entered into the database alone; a step of a case is a Temporal update, whose
id is the key, and opening cases has its own order (``api.lots.lot_intake``).
"""

import hashlib
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection

from api.access.door import Person
from api.deps import Desk
from store.answers import Question, first_answer, keep_answer
from store.scope import scope


def once(
    desk: Desk,
    person: Person,
    *,
    key: str,
    asked: str,
    do: Callable[[Connection], dict[str, Any]],
) -> dict[str, Any]:
    """Return what ``do`` answers; asked again with the key, the first answer.

    Args:
        desk: What the process works with.
        person: Who asks; a key is theirs alone.
        key: The caller's Idempotency-Key.
        asked: What was asked, as text, to tell a repetition from another request.
        do: Does it in the transaction it is given; its answer must be JSON.

    Raises:
        KeyUsedOtherwise: The key came with another request before.
    """
    question = Question(
        municipality=person.municipality,
        account_id=person.account_id,
        key=key,
        digest=hashlib.sha256(asked.encode()).hexdigest(),
    )
    with scope(desk.engine, person.municipality) as connection:
        before = first_answer(connection, question)
        if before is not None:
            return before
        answer = do(connection)
        keep_answer(connection, question, answer)
    return answer
