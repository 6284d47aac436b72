"""Making unreadable for good what is known of a case, or of all cases of a municipality.

The record says that it happened before it happens, and stays whole: who decided what and
when remains, about whom does not. When this is done is the retention rules' to say.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, text, update

from domain.access.access_errors import UnderLegalHold
from domain.case import Actor, CaseChange, CaseEvent, CaseRef
from domain.errors import CaseStillOpen
from store import cases, legal_holds, record
from store.keys import CityKeyGone, KeyRing
from store.record import CASE_EVENT, CASE_FILE
from store.tables.base import METADATA

KEY = "ops/erased"
"""What makes the line of a record that says so the same line; see ``domain.records.replay``."""

_ACTION = "case_erased"
_AT_ONCE = 1000

_VAULT = METADATA.tables["person_vault"]
_DOCUMENT = METADATA.tables["document"]
_DRAFT = METADATA.tables["lot_draft"]


def shred_case(
    connection: Connection,
    keys: KeyRing,
    municipality: str,
    case_id: str,
    *,
    by: Actor,
    why: str,
    at: datetime,
) -> bool:
    """Record it, then delete the key of a case with its person and its documents.

    Args:
        connection: In the scope of the municipality.
        keys: Where the key is forgotten.
        municipality: Whose case.
        case_id: Which.
        by: Who decided.
        why: A code; a text would be sealed with the key that is deleted.
        at: When.

    Returns:
        False if there was nothing left to delete.

    Raises:
        CaseUnknown: There is no such case in this municipality.
        CaseStillOpen: Its course still needs what is sealed.
        UnderLegalHold: Somebody needs it kept.
    """
    # Whoever wants it kept waits for this row, or was there before.
    file = cases.one_case(connection, case_id, lock=True)
    if file.closed_at is None:
        raise CaseStillOpen("終わった案件だけを消去できます。")
    if legal_holds.is_held(connection, municipality, case_id):
        raise UnderLegalHold("保全を解除するまで消去できません。")
    change = CaseChange(
        stage=file.stage, state=dict(file.state), closed=True, owner=None, stuck=None
    )
    event = CaseEvent(action=_ACTION, at=at, actor=by, detail={"why": why})
    record.append(connection, keys, file.ref, event, change, key=KEY, recorded_at=at)
    found = keys.delete_case_key(connection, municipality, case_id, at=at)
    _erase(connection, municipality, case_id)
    return found


def shred_municipality(
    connection: Connection,
    keys: KeyRing,
    municipality: str,
    *,
    by: Actor,
    why: str,
    at: datetime,
) -> int:
    """Record it in every case, then delete the key of the municipality and all below it.

    Returns:
        How many cases became unreadable.

    Raises:
        CaseStillOpen: Some of its cases have not ended.
        UnderLegalHold: Some of them have to be kept.
        CityKeyGone: It was done before.
    """
    # Openings wait for this row and find it empty, so that no case can slip in.
    wrapped = connection.execute(
        text("SELECT wrapped FROM municipality_key FOR UPDATE")
    ).scalar_one_or_none()
    if wrapped is None:
        raise CityKeyGone(municipality)
    open_cases = cases.count_cases(connection, municipality, cases.Wanted())
    if open_cases:
        raise CaseStillOpen(f"終わっていない案件が{open_cases}件あります。")
    if legal_holds.is_held(connection, municipality):
        raise UnderLegalHold("保全中の案件があります。解除するまで消去できません。")
    event = CaseEvent(action=_ACTION, at=at, actor=by, detail={"why": why})
    count, last = 0, ""
    while rows := _next(connection, municipality, last):
        _record_all(connection, rows, event)
        count, last = count + len(rows), rows[-1].case_id
    keys.delete_municipality_key(connection, municipality, at=at)
    _erase(connection, municipality, None)
    connection.execute(delete(_DRAFT).where(_DRAFT.c.municipality == municipality))
    return count


def _erase(connection: Connection, municipality: str, case_id: str | None) -> None:
    """Empty vault and documents too: the ciphertext would stay in backups."""
    nothing = {"sealed": None, "name_key": None, "kana_key": None}
    vault = update(_VAULT).where(_VAULT.c.municipality == municipality)
    documents = update(_DOCUMENT).where(_DOCUMENT.c.municipality == municipality)
    if case_id is not None:
        vault = vault.where(_VAULT.c.case_id == case_id)
        documents = documents.where(_DOCUMENT.c.case_id == case_id)
    connection.execute(vault.values(nothing))
    connection.execute(documents.values(sealed=None))


def _next(connection: Connection, municipality: str, after: str) -> Sequence[Row[Any]]:
    """Return some cases that are not erased yet, in the order of their ids, locked."""
    erased = (
        select(func.count())
        .select_from(CASE_EVENT)
        .where(
            CASE_EVENT.c.municipality == CASE_FILE.c.municipality,
            CASE_EVENT.c.opened_on == CASE_FILE.c.opened_on,
            CASE_EVENT.c.case_id == CASE_FILE.c.case_id,
            CASE_EVENT.c.key == KEY,
        )
        .scalar_subquery()
    )
    query = (
        select(CASE_FILE)
        .where(
            CASE_FILE.c.municipality == municipality, CASE_FILE.c.case_id > after, erased == 0
        )
        .order_by(CASE_FILE.c.case_id)
        .limit(_AT_ONCE)
        .with_for_update()
    )
    return connection.execute(query).all()


def _record_all(connection: Connection, files: Sequence[Row[Any]], event: CaseEvent) -> None:
    lines = [
        record.event_row(
            CaseRef(
                case_id=file.case_id,
                municipality=file.municipality,
                contract=file.contract,
                contract_version=file.contract_version,
                opened_on=file.opened_on,
                parent_id=file.parent_id,
            ),
            event,
            seq=file.last_seq + 1,
            prev_hash=file.last_hash,
            key=KEY,
            sealed_reason=None,
            recorded_at=event.at,
        )
        for file in files
    ]
    connection.execute(insert(CASE_EVENT), lines)
    connection.execute(
        text(
            "UPDATE case_file SET last_seq = :seq, last_hash = :hash"
            " WHERE municipality = :municipality AND case_id = :case_id"
        ),
        [
            {name: line[name] for name in ("seq", "hash", "municipality", "case_id")}
            for line in lines
        ],
    )
