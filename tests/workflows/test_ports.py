"""The stand-in for the record keeps the promises of the real one: both are asked the same."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from pydantic_core import to_jsonable_python
from sqlalchemy import make_url

from activities.records import PostgresRecord
from domain.case import CaseChange, CaseKind
from domain.errors import ItemElsewhere
from domain.lots.custody import Holder, ItemKind, Movement, item_id
from store import opening
from store.engine import build_engine
from store.keys import KeyRing, MasterKeys
from store.scope import scope
from tests.builders import a_case, a_deadline, a_handoff, a_visit, an_event
from tests.conftest import Database
from tests.fakes import InMemoryRecord
from workflows.keeping import change_of
from workflows.messages import OpenedCase, OpenHandoff, OpenVisit, Recording
from workflows.ports import RecordPort

CASE = a_case("visit-1")
CARD = item_id("visit-1", ItemKind.CARD)
CHANGE = change_of(a_visit(), None)
Look = Callable[[], dict[str, Any]]


@pytest.fixture
def in_memory() -> tuple[RecordPort, Look]:
    """The stand-in, and a look at what it holds."""
    fake = InMemoryRecord()
    fake.holders[CARD] = Holder.PROVIDER
    fake.deadlines["visit-1"] = a_deadline()

    def look() -> dict[str, Any]:
        return {
            "actions": fake.actions("visit-1"),
            "holder": str(fake.holders[CARD]),
            "opened": len(fake.opened),
            "due": fake.deadlines["visit-1"] is not None,
        }

    return fake, look


@pytest.fixture
def in_postgres(database: Database, tmp_path: Path) -> Iterator[tuple[RecordPort, Look]]:
    """The real one with the same case in it, and a look from outside."""
    engine = build_engine(database.app_url, pool_size=2)
    keys = KeyRing(engine, MasterKeys.from_file(tmp_path / "master.key"))
    came = Movement(
        item_id=CARD, kind=ItemKind.CARD, source=Holder.OUTSIDE, target=Holder.PROVIDER
    )
    new = opening.NewCase(
        case=CASE,
        kind=CaseKind.VISIT,
        change=replace(CHANGE, deadline=a_deadline()),
        event=an_event("visitor_received"),
        start=to_jsonable_python(OpenVisit(case=CASE, visit=a_visit())),
        movements=(came,),
    )
    with scope(engine, "ota") as connection:
        opening.open_cases(connection, keys, "ota", [new], recorded_at=datetime.now(UTC))
    url = make_url(database.owner_url).set(drivername="postgresql")
    with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as owner:
        yield PostgresRecord(engine, keys), lambda: _seen(owner)
    engine.dispose()


@pytest.fixture(params=["in_memory", "in_postgres"])
def record(request: pytest.FixtureRequest) -> tuple[RecordPort, Look]:
    """One of the two, and a look at what it holds."""
    found: tuple[RecordPort, Look] = request.getfixturevalue(request.param)
    return found


def a_recording(key: str = "act/1", **more: Any) -> Recording:
    """Return one event of the visit."""
    given: dict[str, Any] = {"event": an_event("close_visit"), "change": CHANGE}
    return Recording(case=CASE, key=key, **(given | more))


def moved(source: Holder, target: Holder) -> tuple[Movement, ...]:
    """Return the card of the visit going from one holder to another."""
    return (Movement(item_id=CARD, kind=ItemKind.CARD, source=source, target=target),)


def test_a_key_that_was_recorded_before_changes_nothing(
    record: tuple[RecordPort, Look],
) -> None:
    """
    A repeated attempt is the same attempt, whatever it says the second time.
    """
    port, look = record
    given = a_recording(movements=moved(Holder.PROVIDER, Holder.HAND_OVER))

    port.record(given)
    once = look()
    port.record(replace(given, event=an_event("something_else")))

    assert once == look()
    assert (["close_visit"], "hand_over") == (once["actions"], once["holder"])


def test_a_course_that_knows_less_than_the_record_is_told(
    record: tuple[RecordPort, Look],
) -> None:
    """
    It learns what it lost, and nothing is written over what it did not know.
    """
    port, look = record
    closed = an_event("close_visit", reason="帰られた")
    port.record(a_recording("act/1", event=closed, after=1))
    before = look()

    told = port.record(a_recording("act/2", after=1))
    after = port.record(a_recording("act/2", after=2))

    assert told is not None
    assert after is not None
    assert (True, {"act/1": "close_visit"}, 2) == (told.ahead, told.unknown, told.last_seq)
    assert {"act/1": "帰られた"} == told.reasons
    assert "serving" == (told.state or {})["value"]["stage"]
    assert (["close_visit"], True) == (before["actions"], told.deadline is not None)
    assert (False, 3) == (after.ahead, after.last_seq)


def test_a_thing_that_is_elsewhere_lets_nothing_be_recorded(
    record: tuple[RecordPort, Look],
) -> None:
    """
    Event and movement belong together: neither without the other.
    """
    port, look = record
    before = look()

    with pytest.raises(ItemElsewhere):
        port.record(a_recording(movements=moved(Holder.CITY, Holder.PROVIDER)))

    assert before == look()


def test_a_case_is_opened_with_the_event_that_offers_it(
    record: tuple[RecordPort, Look],
) -> None:
    """
    Recording the offer again opens no second case.
    """
    port, look = record
    child = a_case("handoff-1", parent_id="visit-1")
    opens = OpenedCase(
        case=child,
        kind=CaseKind.HANDOFF,
        change=change_of(a_handoff(), None),
        event=an_event("offer_handoff"),
        start=OpenHandoff(case=child, handoff=a_handoff(), parent_kind=CaseKind.VISIT),
    )

    for _ in range(2):
        port.record(a_recording(opens=opens))

    assert 1 == look()["opened"]


def test_a_deadline_is_kept_until_it_is_said_to_be_over(
    record: tuple[RecordPort, Look],
) -> None:
    """
    Saying nothing of it leaves it; what nobody waits for any more is not shown as late.
    """
    port, look = record
    over = CaseChange(stage="serving", state=CHANGE.state, closed=False, deadline_over=True)

    port.record(a_recording("act/1"))
    kept = look()["due"]
    port.record(a_recording("act/2", change=over))

    assert (True, False) == (kept, look()["due"])


def _seen(owner: psycopg.Connection) -> dict[str, Any]:
    def one(query: str) -> Any:
        row = owner.execute(query).fetchone()
        assert row is not None
        return row[0]

    events = owner.execute(
        "SELECT action FROM case_event WHERE case_id = 'visit-1' AND seq > 1 ORDER BY seq"
    )
    return {
        "actions": [action for (action,) in events],
        "holder": one(f"SELECT holder FROM custody_item WHERE item_id = '{CARD}'"),
        "opened": one("SELECT count(*) FROM case_file WHERE kind = 'handoff'"),
        "due": one("SELECT due_at IS NOT NULL FROM case_file WHERE case_id = 'visit-1'"),
    }
