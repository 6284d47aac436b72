"""What must always hold is looked for, and each way of breaking it is found."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from domain.case import CaseRef
from domain.lots.custody import Holder, ItemKind, Movement, item_id
from ops import invariants
from ops.invariants import INVARIANTS, findings
from store import archive
from store.archive import Archived
from store.engine import build_engine
from store.keys import KeyRing, MasterKeys
from tests.conftest import Database
from tests.visits_at_hand import AT, add_line, open_visit, tamper

NOW = AT + timedelta(days=1)


@pytest.fixture
def app(database: Database) -> Iterator[Engine]:
    engine = build_engine(database.app_url)
    yield engine
    engine.dispose()


@pytest.fixture
def owner(database: Database) -> Iterator[Engine]:
    engine = build_engine(database.owner_url)
    yield engine
    engine.dispose()


@pytest.fixture
def keys(app: Engine, tmp_path: Path) -> KeyRing:
    return KeyRing(app, MasterKeys.from_file(tmp_path / "master.key"))


@pytest.fixture
def case(app: Engine, owner: Engine, keys: KeyRing) -> CaseRef:
    """A closed case that held a thing and gave it away, archived, with an open one below."""
    move = Movement(
        item_id=item_id("0" * 32, ItemKind.DOCUMENTS),
        kind=ItemKind.DOCUMENTS,
        source=Holder.OUTSIDE,
        target=Holder.PROVIDER,
    )
    ref = open_visit(app, keys, case_id="0" * 32, movements=(move,))
    given = replace(move, source=Holder.PROVIDER, target=Holder.CITY)
    add_line(app, keys, ref, key="given", movements=(given,), closed=True)
    archive.keep(
        app,
        Archived(
            municipality="ota",
            case_id=ref.case_id,
            run_id="run",
            workflow_id=f"ota/visit/{ref.case_id}",
            workflow_type="Visit",
            history=b"packed",
            build_id="build",
            contract_version="v1",
        ),
        at=datetime(2026, 11, 9, tzinfo=UTC),
    )
    open_visit(app, keys, case_id="1" * 32)
    tamper(owner, "UPDATE outbox SET done_at = made_at")
    tamper(owner, "UPDATE case_file SET parent_id = :up WHERE case_id <> :up", up=ref.case_id)
    return ref


def broken(app: Engine) -> list[str]:
    return [each.rule for each in findings(app, "ota", now=NOW)]


def test_a_healthy_city_breaks_no_rule(app: Engine, case: CaseRef) -> None:
    """
    Rules that cry wolf are switched off.
    """
    assert [] == broken(app)


SLIP = (
    "INSERT INTO slip (municipality, slip_id, lot_id, number, quantity, made_by, made_at)"
    " SELECT municipality, 's1', case_id, 1, {quantity}, 'sato', '{made}'"
    " FROM case_file LIMIT 1"
)
BROKEN = {
    "UPDATE case_file SET last_seq = last_seq + 1 WHERE closed_at IS NULL": (
        "LastLineIsTheFiles"
    ),
    "UPDATE case_file SET last_hash = 'x' WHERE closed_at IS NULL": "LastLineIsTheFiles",
    "DELETE FROM case_event WHERE case_id LIKE '1%'": "LastLineIsTheFiles",
    "UPDATE custody_item SET holder = 'provider'": "ThingsAreWhereTheyWentLast",
    "UPDATE custody_movement SET source = 'hand_over' WHERE event_seq = 2": "MovementsAddUp",
    "UPDATE custody_movement SET event_seq = 9 WHERE event_seq = 2": "MovementsHaveALine",
    "UPDATE case_file SET kind = 'card', parent_id = NULL WHERE closed_at IS NULL": (
        "CardsHaveADeadline"
    ),
    "UPDATE case_file SET kind = 'card', parent_id = NULL, due_at = now(),"
    """ deadline = '{"suspensions": [{"ends": null}]}'"""
    " WHERE closed_at IS NULL": "CardsHaveADeadline",
    "UPDATE outbox SET done_at = NULL, key = 'late'"
    " WHERE key LIKE 'start/0%'": "NothingWaitsToBeHandedOver",
    "UPDATE case_file SET kind = 'handoff' WHERE closed_at IS NULL": "HandoffsEndFirst",
    SLIP.format(quantity=3, made="2026-11-01T00:00Z"): "SlipsAreSettled",
    "DELETE FROM history_archive": "ClosedCasesAreArchived",
    "DELETE FROM data_key WHERE case_id LIKE '1%'": "EveryCaseHasItsKey",
    "UPDATE data_key SET wrapped = NULL WHERE case_id LIKE '1%';"
    "DELETE FROM person_vault": "EveryCaseHasItsKey",
    "UPDATE data_key SET wrapped = NULL, shredded_at = now()"
    " WHERE case_id LIKE '1%'": "ErasedMeansErased",
}


@pytest.mark.parametrize(("statement", "rule"), BROKEN.items())
def test_each_broken_state_is_found_by_its_rule(
    app: Engine, owner: Engine, case: CaseRef, statement: str, rule: str
) -> None:
    """
    A rule that finds nothing when it should is worse than none.
    """
    tamper(owner, statement)

    assert {rule} == set(broken(app))


def test_a_lot_that_is_done_before_its_cards_is_found(
    app: Engine, owner: Engine, case: CaseRef
) -> None:
    """
    The card has no deadline either, which another rule finds.
    """
    tamper(
        owner,
        "UPDATE case_file SET kind = CASE WHEN closed_at IS NULL THEN 'card' ELSE 'lot' END",
    )

    assert {"LotsEndLast", "CardsHaveADeadline"} == set(broken(app))


def test_a_card_whose_clock_stands_still_may_be_due_on_no_day(
    app: Engine, owner: Engine, case: CaseRef
) -> None:
    """
    It has its deadline; what is missing is only the day, until the clock goes on.
    """
    tamper(
        owner,
        "UPDATE case_file SET kind = 'card', parent_id = NULL,"
        """ deadline = '{"suspensions": [{"ends": null}]}' WHERE closed_at IS NULL""",
    )

    assert [] == broken(app)


def test_what_is_young_is_given_its_time(app: Engine, owner: Engine, case: CaseRef) -> None:
    """
    A slip of this morning waits for the afternoon, not for an alarm.
    """
    tamper(owner, SLIP.format(quantity=3, made="2026-11-09T00:00Z"))
    tamper(owner, "UPDATE outbox SET done_at = NULL, made_at = :now", now=NOW)

    assert [] == broken(app)


def test_every_rule_can_be_broken() -> None:
    """
    The control: no rule without a state above that breaks it.
    """
    assert {rule.__name__ for rule in INVARIANTS} == {*BROKEN.values(), "LotsEndLast"}


def test_the_command_names_what_is_broken_and_fails(
    app: Engine,
    owner: Engine,
    case: CaseRef,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """
    Whoever watches looks at the exit code first.
    """
    monkeypatch.setenv("DATABASE_URL", database.app_url)
    healthy = invariants.main(["chiba"])
    tamper(owner, "UPDATE custody_item SET holder = 'provider'")
    found = invariants.main([])
    told = capsys.readouterr().out

    assert (0, 1) == (healthy, found)
    assert f"{len(INVARIANTS)} rules hold" in told
    assert "ota ThingsAreWhereTheyWentLast " in told
