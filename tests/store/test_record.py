"""The record of a case grows line by line, whatever happens at once or twice."""

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.exc import IntegrityError, ProgrammingError

from domain.case import CaseRef
from domain.errors import CaseUnknown, ItemElsewhere
from domain.lots.custody import Holder, ItemKind, Movement, SlipChange, item_id
from domain.records.audit import GENESIS
from store import cases, lots
from store.integrity import verify
from store.keys import KeyRing, MasterKeys
from store.scope import scope
from tests.visits_at_hand import AT, REASON, add_line, open_visit, rows, tamper

PATIENCE = timedelta(seconds=10)


@pytest.fixture
def keys(app: Engine, tmp_path: Path) -> KeyRing:
    return KeyRing(app, MasterKeys.from_file(tmp_path / "master.key"))


@pytest.fixture
def visit(app: Engine, keys: KeyRing) -> CaseRef:
    return open_visit(app, keys)


def lines(owner: Engine) -> list[tuple[Any, ...]]:
    return rows(owner, "SELECT seq, key FROM case_event ORDER BY seq")


def moved(ref: CaseRef, source: Holder, target: Holder) -> Movement:
    thing = item_id(ref.case_id, ItemKind.DOCUMENTS)
    return Movement(item_id=thing, kind=ItemKind.DOCUMENTS, source=source, target=target)


def test_lines_are_numbered_and_chained_from_the_first(
    app: Engine, owner: Engine, keys: KeyRing, visit: CaseRef
) -> None:
    """
    Each names its predecessor, and the file of the case names the last.
    """
    for key in ("a", "b"):
        add_line(app, keys, visit, key=key)

    chain = rows(owner, "SELECT seq, prev_hash, hash FROM case_event ORDER BY seq")
    end = rows(owner, "SELECT last_seq, last_hash FROM case_file")

    assert [1, 2, 3] == [seq for seq, _, _ in chain]
    assert [GENESIS, chain[0][2], chain[1][2]] == [prev for _, prev, _ in chain]
    assert [(3, chain[2][2])] == end


def test_the_same_key_is_recorded_once_and_changes_nothing_again(
    app: Engine, owner: Engine, keys: KeyRing, visit: CaseRef
) -> None:
    """
    An activity whose answer was lost is tried again.
    """
    let_in = (moved(visit, Holder.OUTSIDE, Holder.PROVIDER),)

    twice = [add_line(app, keys, visit, key="a", movements=let_in) for _ in range(2)]

    assert [True, False] == twice
    assert [(1, "opened"), (2, "a")] == lines(owner)
    assert [(1,)] == rows(owner, "SELECT count(*) FROM custody_movement")


def test_a_reason_is_read_by_people_and_sealed_in_the_database(
    app: Engine, owner: Engine, keys: KeyRing, visit: CaseRef
) -> None:
    """
    What a person writes may name somebody.
    """
    add_line(app, keys, visit, key="a", reason=REASON)
    with scope(app, "ota") as connection:
        told = cases.timeline(connection, keys, visit)
    ((sealed,),) = rows(owner, "SELECT sealed_reason FROM case_event WHERE seq = 2")

    assert [None, REASON] == [line.reason for line in told]
    assert REASON.encode() not in bytes(sealed)


def test_a_thing_that_is_elsewhere_undoes_the_whole_step(
    app: Engine, owner: Engine, keys: KeyRing, visit: CaseRef
) -> None:
    """
    Neither the line nor the stage may say what the things do not.
    """
    add_line(app, keys, visit, key="in", movements=[moved(visit, Holder.OUTSIDE, Holder.CITY)])

    for wrong in (
        moved(visit, Holder.PROVIDER, Holder.CITY),
        moved(visit, Holder.OUTSIDE, Holder.PROVIDER),
    ):
        with pytest.raises(ItemElsewhere):
            add_line(app, keys, visit, key="wrong", movements=[wrong], closed=True)

    assert [(1, "opened"), (2, "in")] == lines(owner)
    assert [(None, "city")] == rows(
        owner, "SELECT closed_at, holder FROM case_file JOIN custody_item USING (case_id)"
    )


def test_what_left_may_come_back(
    app: Engine, owner: Engine, keys: KeyRing, visit: CaseRef
) -> None:
    """
    A notice that was posted and returned is the same thing.
    """
    way = (Holder.OUTSIDE, Holder.PROVIDER, Holder.OUTSIDE, Holder.PROVIDER)
    for n, (source, target) in enumerate(itertools.pairwise(way)):
        add_line(app, keys, visit, key=f"{n}", movements=[moved(visit, source, target)])

    assert [("provider",)] == rows(owner, "SELECT holder FROM custody_item")
    assert [(3,)] == rows(owner, "SELECT count(*) FROM custody_movement")


def test_a_slip_is_made_counted_and_settled_by_the_steps_that_do_so(
    app: Engine, keys: KeyRing, visit: CaseRef
) -> None:
    """
    Its number counts within the lot; settling keeps who made it.
    """
    for n, slip in enumerate(("s1", "s2")):
        made = SlipChange(slip_id=slip, lot_id=visit.case_id, quantity=n + 1)
        add_line(app, keys, visit, key=slip, slip=made)
    done = SlipChange(slip_id="s1", lot_id=visit.case_id, quantity=1, settled="acknowledged")
    add_line(app, keys, visit, key="settled", slip=done)

    with scope(app, "ota") as connection:
        found = lots.slips(connection, "ota", visit.case_id)
        waiting = lots.slips(connection, "ota", waiting=True)

    assert [("s1", 1, 1, "acknowledged"), ("s2", 2, 2, None)] == [
        (slip.slip_id, slip.number, slip.quantity, slip.outcome) for slip in found
    ]
    assert ["s2"] == [slip.slip_id for slip in waiting]
    assert found[0].made_by == found[0].settled_by


def test_closing_owes_the_archive_once_and_keeps_the_first_time(
    app: Engine, owner: Engine, keys: KeyRing, visit: CaseRef
) -> None:
    """
    A line that comes later must not move the end of the case.
    """
    add_line(app, keys, visit, key="end", closed=True)
    add_line(app, keys, visit, key="after", closed=True, at=AT + timedelta(days=1))

    owed = rows(owner, "SELECT key FROM outbox WHERE topic = 'archive'")

    assert [(f"archive/{visit.case_id}",)] == owed
    assert [(AT,)] == rows(owner, "SELECT closed_at FROM case_file")


def test_a_case_of_another_city_cannot_be_written_to(
    app: Engine, keys: KeyRing, visit: CaseRef
) -> None:
    """
    Not even by its id.
    """
    open_visit(app, keys, municipality="chiba")
    foreign = CaseRef(
        case_id=visit.case_id,
        municipality="chiba",
        contract="chiba",
        contract_version="v1",
        opened_on=visit.opened_on,
    )

    with pytest.raises(CaseUnknown):
        add_line(app, keys, foreign, key="a")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE case_event SET actor = 'nobody'",
        "DELETE FROM case_event",
        "DELETE FROM custody_movement",
        "UPDATE history_archive SET build_id = ''",
        "TRUNCATE case_event",
    ],
)
def test_the_application_itself_cannot_rewrite_the_record(
    app: Engine, keys: KeyRing, visit: CaseRef, statement: str
) -> None:
    """
    A flaw in the product must not be able to change what was.
    """
    with (
        scope(app, "ota") as connection,
        pytest.raises(ProgrammingError, match="permission denied"),
    ):
        connection.exec_driver_sql(statement)


@contextmanager
def meeting(app: Engine, owner: Engine, *, locking: bool) -> Iterator[list[str]]:
    """Hold the first writer before it writes until the other waits for it, or is there too.

    Without ``locking`` the statement that takes the lock is sent without it.
    """
    arrived: list[str] = []
    both = threading.Event()

    def look(*sent: Any) -> tuple[str, Any]:
        statement, parameters = sent[2], sent[3]
        if not locking:
            statement = statement.replace(" FOR UPDATE", "")
        if statement.startswith("INSERT INTO case_event"):
            arrived.append(threading.current_thread().name)
            if len(arrived) == 2:
                both.set()
            wait_until(lambda: both.is_set() or somebody_waits(owner))
        return statement, parameters

    event.listen(app, "before_cursor_execute", look, retval=True)
    yield arrived
    event.remove(app, "before_cursor_execute", look)


def wait_until(is_so: Callable[[], bool]) -> None:
    last = time.monotonic() + PATIENCE.total_seconds()
    while not is_so():
        assert time.monotonic() < last, "the other writer never came"


def somebody_waits(owner: Engine) -> bool:
    waiting = (
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    return bool(rows(owner, waiting)[0][0])


def at_once(app: Engine, keys: KeyRing, ref: CaseRef, *names: str) -> list[object]:
    """Append a line with each key at the same time; return what came of each."""

    def one(key: str) -> object:
        try:
            return add_line(app, keys, ref, key=key)
        except IntegrityError as refused:
            return type(refused)

    with ThreadPoolExecutor(len(names)) as pool:
        return list(pool.map(one, names))


def test_two_lines_at_once_are_written_one_after_the_other(
    app: Engine, owner: Engine, keys: KeyRing, visit: CaseRef
) -> None:
    """
    A timer fires while somebody presses a button.
    """
    with meeting(app, owner, locking=True):
        written = at_once(app, keys, visit, "a", "b")

    assert [True, True] == written
    assert [1, 2, 3] == [seq for seq, _ in lines(owner)]
    assert verify(app, "ota").intact


def test_the_same_line_at_once_is_written_once(
    app: Engine, owner: Engine, keys: KeyRing, visit: CaseRef
) -> None:
    """
    Two workers may try the same activity.
    """
    with meeting(app, owner, locking=True):
        written = at_once(app, keys, visit, "a", "a")

    assert [False, True] == sorted(map(bool, written))
    assert [(1, "opened"), (2, "a")] == lines(owner)


def test_without_the_lock_one_of_two_would_be_lost(
    app: Engine, owner: Engine, keys: KeyRing, visit: CaseRef
) -> None:
    """
    The control: both find the same end, and the database refuses the second.
    """
    with meeting(app, owner, locking=False) as arrived:
        written = at_once(app, keys, visit, "a", "b")

    assert 2 == len(arrived)
    assert {True, IntegrityError} == set(written)


def test_a_changed_line_is_not_continued_unnoticed(
    app: Engine, owner: Engine, keys: KeyRing, visit: CaseRef
) -> None:
    """
    The chain goes on from what the file says, so that a forged end shows.
    """
    tamper(owner, "UPDATE case_event SET hash = repeat('0', 64)")
    add_line(app, keys, visit, key="a")

    found = [each.problem for each in verify(app, "ota").breaks]

    assert ["changed", "unlinked"] == found
