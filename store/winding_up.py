"""Visitors being served when their window closes: told, and offered to be sent home well.

Like ``store.displacing``: the closure commits first, then each visit is told in a transaction
of its own, and what a crash leaves is found again, because it is looked for by how things
stand. A closure that was taken back is taken back from the visits as well.
"""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, Engine

from domain.calendars.hours import at_clock, first_closure, local
from domain.case import Actor, CaseChange, CaseEvent, CaseKind
from domain.procedures.visit import Visit, WindowClosing
from domain.records.replay import CLAIMED
from store import cases, contract_state, record
from store.cases import Wanted
from store.displacing import inform
from store.keys import KeyRing
from store.scope import scope

_VISIT: TypeAdapter[Visit] = TypeAdapter(Visit)
_MOST_VISITS = 1000
"""More than anybody serves at once in one city."""


def to_be_told(connection: Connection, municipality: str, *, at: datetime) -> int:
    """Return how many visits are to learn that their window closes, or does not after all."""
    return len(_differing(connection, municipality, at))


def wind_up(
    engine: Engine, keys: KeyRing, municipality: str, *, by: Actor, at: datetime
) -> tuple[str, ...]:
    """Tell every visit how its window stands by now; return those that had to be told."""
    with scope(engine, municipality) as connection:
        found = _differing(connection, municipality, at)
    return tuple(
        case_id
        for case_id, closing in found.items()
        if _tell(engine, keys, municipality, case_id, closing, by, at)
    )


def closing_of(
    connection: Connection, municipality: str, calendar: str, at: datetime
) -> WindowClosing | None:
    """Return the closure of today that a window runs into; ``None`` without one."""
    today = local(at)
    added = contract_state.closures(connection, municipality, municipality, calendar)
    found = first_closure((each.closure for each in added), today)
    if found is None:
        return None
    begins = at_clock(found.day, found.starts) if found.starts else None
    return WindowClosing(cause=found.cause, begins_at=begins)


def _differing(
    connection: Connection, municipality: str, at: datetime
) -> dict[str, WindowClosing | None]:
    wanted = Wanted(contract=municipality, kind=CaseKind.VISIT)
    open_ones = cases.list_cases(connection, municipality, wanted, limit=_MOST_VISITS)
    values = {
        file.ref.case_id: _VISIT.validate_python(_value(file.state)) for file in open_ones
    }
    closings = {
        name: closing_of(connection, municipality, name, at)
        for name in {value.calendar for value in values.values() if value.calendar}
    }
    return {
        case_id: closings.get(value.calendar)
        for case_id, value in values.items()
        if value.closing != closings.get(value.calendar)
    }


def _tell(
    engine: Engine,
    keys: KeyRing,
    municipality: str,
    case_id: str,
    closing: WindowClosing | None,
    by: Actor,
    at: datetime,
) -> bool:
    with scope(engine, municipality) as connection:
        file = cases.one_case(connection, case_id, lock=True)
        value = _VISIT.validate_python(_value(file.state))
        if value.closed or value.closing == closing:
            return False
        after = value.announced(closing)
        detail: dict[str, str | int | bool | None] = {"stage": str(after.stage)}
        if closing is not None:
            begins = closing.begins_at
            detail |= {"cause": closing.cause}
            detail |= {"from": local(begins).isoformat()} if begins else {}
        event = CaseEvent(
            action="window_closes" if closing else "window_stays_open",
            at=at,
            actor=by,
            detail=detail,
        )
        change = CaseChange(
            stage=after.stage,
            state={**file.state, "value": asdict(after)},
            closed=False,
            owner=after.owner,
        )
        key = f"{CLAIMED}window/{file.last_seq}"
        record.append(connection, keys, file.ref, event, change, key=key, recorded_at=at)
        inform(connection, file)
    return True


def _value(state: Mapping[str, Any]) -> Any:
    return state["value"]
