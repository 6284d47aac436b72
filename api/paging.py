"""Cursors of lists: where the page before ended, as text that nobody needs to read."""

import base64
import binascii
import json
from datetime import datetime

from domain.errors import FieldMissing
from store.cases import After, CaseFile


def cursor_after(file: CaseFile) -> str:
    """Return the cursor of the page that begins behind this case."""
    due = file.due_at.isoformat() if file.due_at else None
    return base64.urlsafe_b64encode(json.dumps([due, file.ref.case_id]).encode()).decode()


def after_cursor(cursor: str | None) -> After | None:
    """Return where the page begins; ``None`` for the first.

    Raises:
        FieldMissing: It is no cursor of ours.
    """
    if not cursor:
        return None
    try:
        due, case_id = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        due_at = datetime.fromisoformat(due) if due is not None else None
    except (binascii.Error, ValueError, TypeError):
        raise FieldMissing("cursor が正しくありません。") from None
    if not isinstance(case_id, str) or (due_at is not None and due_at.tzinfo is None):
        raise FieldMissing("cursor が正しくありません。")
    return After(due_at=due_at, case_id=case_id)
