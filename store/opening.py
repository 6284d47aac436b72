"""Opening cases: number, key, first event, person and what the relay is owed, at once.

One transaction opens one case or the thousand cards of a lot. What happens to a case
afterwards stands in ``store.record``.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic_core import to_jsonable_python
from sqlalchemy import Connection, func, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from domain.case import CaseChange, CaseEvent, CaseKind, CaseRef, case_number
from domain.lots.custody import Movement
from domain.writing.text import name_search
from store import queue_tickets, reservations
from store.keys import KeyRing, seal
from store.record import (
    CASE_EVENT,
    CASE_FILE,
    CUSTODY_ITEM,
    CUSTODY_MOVEMENT,
    OUTBOX,
    deadline_columns,
    event_row,
    first_hash,
)
from store.tables.base import METADATA

_COUNTER = METADATA.tables["case_counter"]
_VAULT = METADATA.tables["person_vault"]

_SEARCH = b"madoguchi name search v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCase:
    """A case to be opened."""

    case: CaseRef
    kind: CaseKind
    change: CaseChange
    event: CaseEvent
    start: dict[str, Any]
    """The start message as JSON; ids and rules, nothing personal."""

    person: Mapping[str, Any] | None = None
    """What is known of the person, for the vault; ``name`` and ``kana`` can be searched."""

    movements: tuple[Movement, ...] = field(default=())


def open_cases(
    connection: Connection,
    keys: KeyRing,
    municipality: str,
    cases: Sequence[NewCase],
    *,
    recorded_at: datetime,
) -> dict[str, str]:
    """Open cases in the caller's transaction; parents before their children.

    Returns:
        The number of each case.

    Raises:
        FullyBooked, SlotClosed, SlotUnknown: A reservation's places cannot be had.
    """
    case_keys = keys.new_case_keys(connection, municipality, [c.case.case_id for c in cases])
    numbers = _numbers(connection, municipality, cases)
    reasons = {
        case_id: seal(
            case_keys[case_id], reason.encode(), about=f"{municipality}/{case_id}/reason"
        )
        for new in cases
        if (reason := new.event.reason) is not None and (case_id := new.case.case_id)
    }
    events = [
        first_event(new, recorded_at=recorded_at, reason=reasons.get(new.case.case_id))
        for new in cases
    ]
    files = [
        case_row(new, event, number=numbers[new.case.case_id])
        for new, event in zip(cases, events, strict=True)
    ]
    # Columns differ where one case has a deadline and another has none.
    for with_deadline in (False, True):
        rows = [row for row in files if ("due_at" in row) is with_deadline]
        if rows:
            connection.execute(insert(CASE_FILE), rows)
    connection.execute(insert(CASE_EVENT), events)
    _keep_persons(connection, keys, municipality, cases, case_keys)
    for new in cases:
        if new.kind is CaseKind.RESERVATION:
            after = to_jsonable_python(new.change.state)
            reservations.follow(connection, new.case, before=None, after=after, at=new.event.at)
        queue_tickets.follow(connection, new.case, new.kind, new.change.state, new.event.at)
    _let_in(connection, cases)
    _owe_starts(connection, municipality, cases)
    return numbers


def open_once(
    connection: Connection, keys: KeyRing, new: NewCase, *, recorded_at: datetime
) -> bool:
    """Open a case whose id follows from what it is about; False if somebody else has."""
    municipality, case_id = new.case.municipality, new.case.case_id
    words = f"open-once/{municipality}/{case_id}"
    connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(words, 0))))
    known = connection.execute(
        select(CASE_FILE.c.case_id).where(
            CASE_FILE.c.municipality == municipality, CASE_FILE.c.case_id == case_id
        )
    )
    if known.first() is not None:
        return False
    open_cases(connection, keys, municipality, [new], recorded_at=recorded_at)
    return True


def search_key(city_key: bytes, folded: str) -> bytes:
    """Return what a name is found by: an HMAC under the municipality's key."""
    own = hmac.digest(city_key, _SEARCH, hashlib.sha256)
    return hmac.digest(own, folded.encode(), hashlib.sha256)


def _numbers(
    connection: Connection, municipality: str, cases: Sequence[NewCase]
) -> dict[str, str]:
    numbers: dict[str, str] = {}
    groups: dict[tuple[CaseKind, int], list[NewCase]] = {}
    for new in cases:
        groups.setdefault((new.kind, new.event.at.year), []).append(new)
    for (kind, year), members in groups.items():
        last = connection.execute(
            upsert(_COUNTER)
            .values(municipality=municipality, kind=kind, year=year, last=len(members))
            .on_conflict_do_update(
                index_elements=["municipality", "kind", "year"],
                set_={"last": _COUNTER.c.last + len(members)},
            )
            .returning(_COUNTER.c.last)
        ).scalar_one()
        for serial, new in enumerate(members, last - len(members) + 1):
            numbers[new.case.case_id] = case_number(municipality, kind, year, serial)
    return numbers


def first_event(
    new: NewCase, *, recorded_at: datetime, reason: bytes | None = None
) -> dict[str, Any]:
    """Return the row of the event with which a case begins; ``reason`` is sealed."""
    return event_row(
        new.case,
        new.event,
        seq=1,
        prev_hash=first_hash(),
        key="opened",
        sealed_reason=reason,
        recorded_at=recorded_at,
    )


def case_row(new: NewCase, event: Mapping[str, Any], *, number: str) -> dict[str, Any]:
    """Return the row of a case that begins with ``event``."""
    return {
        "municipality": new.case.municipality,
        "case_id": new.case.case_id,
        "contract": new.case.contract,
        "contract_version": new.case.contract_version,
        "kind": new.kind,
        "case_number": number,
        "parent_id": new.case.parent_id,
        "stage": new.change.stage,
        "state": to_jsonable_python(new.change.state),
        "owner": new.change.owner,
        "stuck": new.change.stuck,
        "stuck_at": event["at"] if new.change.stuck else None,
        "opened_at": event["at"],
        "opened_on": new.case.opened_on,
        "closed_at": event["at"] if new.change.closed else None,
        "last_seq": 1,
        "last_hash": event["hash"],
        **deadline_columns(new.change.deadline),
    }


def _keep_persons(
    connection: Connection,
    keys: KeyRing,
    municipality: str,
    cases: Sequence[NewCase],
    case_keys: Mapping[str, bytes],
) -> None:
    known = [new for new in cases if new.person is not None]
    if not known:
        return
    city_key = keys.municipality_key(connection, municipality)
    rows = [person_row(new, city_key, case_keys[new.case.case_id]) for new in known]
    connection.execute(insert(_VAULT), rows)


def person_row(new: NewCase, city_key: bytes, case_key: bytes) -> dict[str, Any]:
    """Return the vault's row of the person of a case, sealed and to be found again."""
    assert new.person is not None
    case = new.case
    plain = json.dumps(to_jsonable_python(new.person), ensure_ascii=False).encode()
    return {
        "municipality": case.municipality,
        "case_id": case.case_id,
        "sealed": seal(case_key, plain, about=f"{case.municipality}/{case.case_id}/person"),
        **_search_keys(city_key, new.person),
    }


def _search_keys(city_key: bytes, person: Mapping[str, Any]) -> dict[str, bytes | None]:
    return {
        f"{known}_key": _searchable(city_key, person.get(known))
        for known in ("name", "kana", "phone", "mail")
    }


def keep_person(
    connection: Connection, keys: KeyRing, case: CaseRef, person: Mapping[str, Any]
) -> None:
    """Keep what is known of the person of a case that began without; the last word holds."""
    municipality, case_id = case.municipality, case.case_id
    case_key = keys.case_keys(connection, municipality, [case_id])[case_id]
    plain = json.dumps(to_jsonable_python(person), ensure_ascii=False).encode()
    known = {
        "sealed": seal(case_key, plain, about=f"{municipality}/{case_id}/person"),
        **_search_keys(keys.municipality_key(connection, municipality), person),
    }
    connection.execute(
        upsert(_VAULT)
        .values(municipality=municipality, case_id=case_id, **known)
        .on_conflict_do_update(index_elements=["municipality", "case_id"], set_=known)
    )


def _searchable(city_key: bytes, name: object) -> bytes | None:
    return search_key(city_key, name_search(name)) if isinstance(name, str) and name else None


def _let_in(connection: Connection, cases: Sequence[NewCase]) -> None:
    items, moves = [], []
    for new in cases:
        for movement in new.movements:
            items.append(
                {
                    "municipality": new.case.municipality,
                    "item_id": movement.item_id,
                    "case_id": new.case.case_id,
                    "lot_id": new.case.parent_id,
                    "kind": movement.kind,
                    "holder": movement.target,
                }
            )
            moves.append(
                {
                    "municipality": new.case.municipality,
                    "item_id": movement.item_id,
                    "event_seq": 1,
                    "source": movement.source,
                    "target": movement.target,
                    "at": new.event.at,
                }
            )
    if items:
        connection.execute(insert(CUSTODY_ITEM), items)
        connection.execute(insert(CUSTODY_MOVEMENT), moves)


def _owe_starts(connection: Connection, municipality: str, cases: Sequence[NewCase]) -> None:
    over = [archive_row(new) for new in cases if new.change.closed]
    connection.execute(insert(OUTBOX), [start_row(new) for new in cases] + over)
    connection.execute(select(func.pg_notify("outbox", municipality)))


def start_row(new: NewCase) -> dict[str, Any]:
    """Return what the relay is owed: the start of the course."""
    return {
        "municipality": new.case.municipality,
        "key": f"start/{new.case.case_id}",
        "topic": new.kind,
        "body": new.start,
        "made_at": new.event.at,
        "tries": 0,
    }


def archive_row(new: NewCase) -> dict[str, Any]:
    """Return what the relay is owed of a case that is over as soon as it begins."""
    case = new.case
    return start_row(new) | {
        "key": f"archive/{case.case_id}",
        "topic": "archive",
        "body": {
            "kind": new.kind,
            "contract_version": case.contract_version,
            "case_id": case.case_id,
        },
    }
