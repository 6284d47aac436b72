"""Whoever may write everything can chain a record anew; not what a city has in its hands."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from domain.case import CaseRef
from domain.records.audit import RecordedEvent, chained_hash
from ops import audit, digests
from ops.fault import EngineFault
from store.engine import build_engine
from store.integrity import record_of
from store.keys import KeyRing, MasterKeys
from store.scope import scope
from tests.conftest import Database
from tests.visits_at_hand import add_line, open_visit, tamper

FIRST_DAY = datetime(2025, 4, 1, 3, 0, tzinfo=UTC)
NEXT_DAY = FIRST_DAY + timedelta(days=1)
DAY = "2025-04-02"


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
    return KeyRing(app, MasterKeys.from_file(tmp_path / "keys" / "master.key"))


@pytest.fixture(autouse=True)
def shell(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the operator's shell says."""
    monkeypatch.setenv("DATABASE_URL", database.app_url)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))


@pytest.fixture
def case(app: Engine, keys: KeyRing) -> CaseRef:
    """A case of three lines, written on two days."""
    ref = open_visit(app, keys, at=FIRST_DAY)
    add_line(app, keys, ref, key="one", at=FIRST_DAY, recorded_at=FIRST_DAY)
    add_line(app, keys, ref, key="two", at=NEXT_DAY, recorded_at=NEXT_DAY)
    return ref


def chain_anew(owner: Engine, app: Engine, case: CaseRef, *, changed: int, actor: str) -> None:
    """Change a line and make every hash behind it right, as the owner of everything can."""
    with scope(app, case.municipality) as connection:
        lines = record_of(connection, case)
    prev = lines[0].prev_hash
    for line in lines:
        new: RecordedEvent = RecordedEvent(
            **{name: getattr(line, name) for name in line.__dataclass_fields__}
            | {"prev_hash": prev, "actor": actor if line.seq == changed else line.actor}
        )
        prev = chained_hash(new)
        tamper(
            owner,
            "UPDATE case_event SET actor = :actor, prev_hash = :before, hash = :hash"
            " WHERE case_id = :id AND seq = :seq",
            actor=new.actor,
            before=new.prev_hash,
            hash=prev,
            id=case.case_id,
            seq=line.seq,
        )
    tamper(
        owner,
        "UPDATE case_file SET last_hash = :hash WHERE case_id = :id",
        hash=prev,
        id=case.case_id,
    )


def kept(tmp_path: Path) -> Path:
    return tmp_path / digests.FOLDER / "ota.txt"


def test_a_record_chained_anew_passes_without_a_digest_and_fails_with_it(
    app: Engine,
    owner: Engine,
    case: CaseRef,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """
    The chain alone proves nothing against whoever holds the database: that is the control.
    """
    assert 0 == audit.main(["digest", "ota", "--day", DAY])
    assert 0 == audit.main(["verify", "ota"])
    chain_anew(owner, app, case, changed=2, actor="somebody-else")
    capsys.readouterr()

    with_digest = audit.main(["verify", "ota"])
    told = capsys.readouterr().out
    kept(tmp_path).unlink()
    without = audit.main(["verify", "ota"])

    assert (1, 0) == (with_digest, without)
    assert "BROKEN ota 2025-04-01 digest_differs\nBROKEN ota 2025-04-02 digest_differs" in told
    assert "ota: no digest to compare with" in capsys.readouterr().out


def test_the_citys_own_copy_tells_what_digests_made_anew_hide(
    app: Engine,
    owner: Engine,
    case: CaseRef,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """
    Who can write the record can write our copy too: the line that left the house counts.
    """
    audit.main(["digest", "ota", "--day", DAY])
    on_paper = tmp_path / "from-the-city.txt"
    on_paper.write_text(capsys.readouterr().out)
    chain_anew(owner, app, case, changed=1, actor="somebody-else")
    kept(tmp_path).unlink()
    audit.main(["digest", "ota", "--day", DAY])

    ours = audit.main(["verify", "ota"])
    theirs = audit.main(["verify", "ota", "--digests", str(on_paper)])

    assert 1 == len(on_paper.read_text().splitlines())
    assert (0, 1) == (ours, theirs)


def test_a_day_is_kept_once_and_work_of_later_days_changes_nothing_of_it(
    app: Engine,
    keys: KeyRing,
    case: CaseRef,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """
    The line that a city was given stays the line of that day.
    """
    audit.main(["digest", "ota", "--day", DAY])
    first = capsys.readouterr().out
    later = NEXT_DAY + timedelta(days=2)
    add_line(app, keys, case, key="three", at=later, recorded_at=later)
    open_visit(app, keys, at=later)
    codes = [audit.main(["digest", "ota", "--day", day]) for day in ("2025-04-04", DAY)]
    (newest, again) = capsys.readouterr().out.splitlines()
    lines = kept(tmp_path).read_text().splitlines()

    assert ([0, 0], first.strip()) == (codes, again)
    assert newest.startswith("ota 2025-04-04 2 ")
    assert ["2025-04-01", "2025-04-02", "2025-04-03", "2025-04-04"] == [
        line.split()[1] for line in lines
    ]
    assert 0 == audit.main(["verify", "ota"])


def test_nothing_is_kept_of_a_record_that_contradicts_what_was_kept(
    app: Engine, owner: Engine, case: CaseRef, tmp_path: Path
) -> None:
    """
    A command that runs every night must not put its seal on what was forged at day.
    """
    audit.main(["digest", "ota", "--day", "2025-04-01"])
    before = kept(tmp_path).read_text()
    chain_anew(owner, app, case, changed=1, actor="somebody-else")

    assert 1 == audit.main(["digest", "ota", "--day", DAY])
    assert before == kept(tmp_path).read_text()


@pytest.mark.parametrize(
    ("now", "over"), [("2025-04-03T00:09:59+09:00", False), ("2025-04-03T00:10+09:00", True)]
)
def test_a_day_that_can_still_grow_gets_no_digest(
    app: Engine, case: CaseRef, tmp_path: Path, now: str, over: bool
) -> None:
    """
    A line would be contradicted by honest work, and nobody would believe the next one.
    """
    day = digests.last_day(datetime.fromisoformat("2025-04-03T12:00+09:00"))
    asked = digests.keep(app, "ota", day, tmp_path, now=datetime.fromisoformat(now))

    if over:
        assert 1 == len(list(asked))
        return
    with pytest.raises(EngineFault, match="2025-04-03 00:10"):
        list(asked)


def test_a_file_that_holds_something_else_is_named(
    case: CaseRef, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    A line that was not compared must not look as if it was.
    """
    typed = tmp_path / "typed.txt"
    typed.write_text("ota 2025-04-02 1 zero zero\n")

    assert 1 == audit.main(["verify", "ota", "--digests", str(typed)])
    assert "typed.txt:1: a line is" in capsys.readouterr().err
    assert 1 == audit.main(["verify", "ota", "--digests", str(tmp_path / "nowhere.txt")])
    assert "nowhere.txt: no such file" in capsys.readouterr().err
