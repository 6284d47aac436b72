"""Visits put straight into the record: the shortest case there is, with somebody in it.

Here: opening one, adding lines to it, reading what the database holds of it. Not here:
what comes in over HTTP (`tests.stack`), lots (`tests.lots.work`).
"""

import secrets
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

from pydantic_core import to_jsonable_python
from sqlalchemy import Engine, text

from contracts.loader import load
from domain.case import Actor, CaseChange, CaseEvent, CaseKind, CaseRef
from domain.lots.custody import Movement
from domain.parties import Role
from domain.procedures.visit import Visit
from store import opening, record
from store.keys import KeyRing
from store.scope import scope
from workflows.messages import OpenVisit

NAME = "髙橋 由美子"
KANA = "タカハシ ユミコ"
NUMBER = "123456789018"
REASON = f"{NAME}様からの申し出"
PERSON = {"name": NAME, "kana": KANA, "birth": "1984-05-06"}
CLERK = Actor(account_id="account-of-sato", role=Role.CLERK)
AT = datetime(2026, 11, 9, 10, 0, tzinfo=UTC)


def open_visit(
    engine: Engine,
    keys: KeyRing,
    *,
    municipality: str = "ota",
    case_id: str | None = None,
    person: Mapping[str, Any] | None = PERSON,
    reason: str | None = None,
    movements: tuple[Movement, ...] = (),
    at: datetime = AT,
) -> CaseRef:
    """Open a visit and return it; its course begins when a relay comes by."""
    ref = CaseRef(
        case_id=case_id or secrets.token_hex(16),
        municipality=municipality,
        contract=municipality,
        contract_version=load(municipality).version,
        opened_on=date(at.year, at.month, 1),
    )
    visit = Visit(case_id=ref.case_id, procedure="card_pickup", received_by=Role.CLERK)
    new = opening.NewCase(
        case=ref,
        kind=CaseKind.VISIT,
        change=change(visit),
        event=CaseEvent(action="visitor_received", at=at, actor=CLERK, reason=reason),
        start=to_jsonable_python(OpenVisit(case=ref, visit=visit)),
        person=person,
        movements=movements,
    )
    with scope(engine, municipality) as connection:
        opening.open_cases(connection, keys, municipality, [new], recorded_at=at)
    return ref


def change(visit: Visit, **other: Any) -> CaseChange:
    """Return what lists show of a visit."""
    return CaseChange(
        stage=visit.stage,
        state={"value": asdict(visit), "open_handoffs": []},
        closed=other.pop("closed", visit.closed),
        owner=visit.owner,
        **other,
    )


def add_line(engine: Engine, keys: KeyRing, ref: CaseRef, *, key: str, **given: Any) -> bool:
    """Append one line to the record of a visit."""
    visit = Visit(case_id=ref.case_id, procedure="card_pickup", received_by=Role.CLERK)
    event = CaseEvent(
        action=given.pop("action", "noted"),
        at=given.pop("at", AT),
        actor=CLERK,
        reason=given.pop("reason", None),
        detail=given.pop("detail", {}),
    )
    to = change(visit, closed=given.pop("closed", False))
    given.setdefault("recorded_at", AT)
    with scope(engine, ref.municipality) as connection:
        return record.append(connection, keys, ref, event, to, key=key, **given)


def rows(engine: Engine, statement: str, **parameters: Any) -> list[tuple[Any, ...]]:
    """Return what the owner, whom no policy holds, finds in the database."""
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(statement), parameters)]


def tamper(owner: Engine, statement: str, **parameters: Any) -> int:
    """Change the database as nobody but its owner can; return how many rows it met."""
    with owner.begin() as connection:
        return connection.execute(text(statement), parameters).rowcount
