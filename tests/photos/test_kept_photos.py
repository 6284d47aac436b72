"""A photo that is kept with a case: looked at by the activity, and provably gone afterwards."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine, make_url
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.notices import Press
from activities.photos import VaultPhotos
from activities.records import PostgresRecord
from devices.photo_gate import PhotoGate
from domain.case import CaseRef
from domain.errors import DocumentUnknown
from domain.photos.photo_errors import PhotoGateBusy
from domain.photos.photo_rules import Exemption
from domain.photos.photo_words import Problem, Verdict
from store import vault
from store.engine import build_engine
from store.keys import KeyRing, MasterKeys
from store.scope import scope
from tests.builders import a_visit, an_event
from tests.conftest import Database
from tests.photos import hostile, portraits
from tests.visits_at_hand import open_visit
from workflows.keeping import change_of
from workflows.messages import Recording
from workflows.photo_messages import CheckedPhoto, CheckPhoto

PHOTO = "photo-1"
AT = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


@pytest.fixture
def engine(database: Database) -> Iterator[Engine]:
    engine = build_engine(database.app_url, pool_size=3)
    yield engine
    engine.dispose()


@pytest.fixture
def keys(engine: Engine, tmp_path: Path) -> KeyRing:
    return KeyRing(engine, MasterKeys.from_file(tmp_path / "master.key"))


@pytest.fixture(scope="module")
def gate() -> Iterator[PhotoGate]:
    gate = PhotoGate()
    yield gate
    gate.close()


@pytest.fixture
def case(engine: Engine, keys: KeyRing) -> CaseRef:
    """A case that may have photos; any kind will do."""
    return open_visit(engine, keys)


def keep(engine: Engine, keys: KeyRing, case: CaseRef, content: bytes) -> None:
    document = vault.NewDocument(
        document_id=PHOTO,
        kind="photo",
        name="photo.jpg",
        media_type="image/jpeg",
        content=content,
    )
    with scope(engine, case.municipality) as connection:
        vault.keep_documents(
            connection, keys, case.municipality, {case.case_id: document}, made_at=AT
        )


def check(port: VaultPhotos, case: CaseRef, exemption: Exemption | None = None) -> CheckedPhoto:
    asked = CheckPhoto(case=case, document_id=PHOTO, exemption=exemption)
    found: CheckedPhoto = ActivityEnvironment().run(port.check_photo, asked)
    return found


def test_a_kept_photo_is_looked_at(
    engine: Engine, keys: KeyRing, gate: PhotoGate, case: CaseRef, press: Press
) -> None:
    """
    What leaves the activity are codes, never the picture.
    """
    port = VaultPhotos(engine, keys, gate, press)
    keep(engine, keys, case, portraits.jpeg(portraits.leaning(-15)))

    assert Verdict.LIKELY_REFUSED is check(port, case).verdict
    assert CheckedPhoto(
        verdict=Verdict.LOOK_HERE, problems=(Problem.TILTED,), excused=(Problem.TILTED,)
    ) == check(port, case, Exemption.POSTURE)


def test_a_photo_that_is_not_there_is_a_refusal(
    engine: Engine, keys: KeyRing, gate: PhotoGate, case: CaseRef, press: Press
) -> None:
    """
    Erased or never kept: trying again will not help.
    """
    with pytest.raises(DocumentUnknown):
        check(VaultPhotos(engine, keys, gate, press), case)


def test_a_gate_that_is_busy_is_asked_again(
    engine: Engine, keys: KeyRing, case: CaseRef, monkeypatch: pytest.MonkeyPatch, press: Press
) -> None:
    """
    A course can wait where a person at the window would be told.
    """
    gate = PhotoGate()

    def busy(*_: object, **__: object) -> None:
        raise PhotoGateBusy("…")

    monkeypatch.setattr(gate, "look", busy)
    keep(engine, keys, case, hostile.photo())
    with pytest.raises(ApplicationError) as told:
        check(VaultPhotos(engine, keys, gate, press), case)

    assert ("PhotoGateBusy", False) == (told.value.type, told.value.non_retryable)


def record_deletion(engine: Engine, keys: KeyRing, case: CaseRef, key: str) -> None:
    recording = Recording(
        case=case,
        key=key,
        event=an_event("photo_deleted", detail={"document": PHOTO}),
        change=change_of(a_visit(case.case_id), None),
        erases=(PHOTO,),
    )
    PostgresRecord(engine, keys).record(recording)


def sealed(database: Database) -> list[tuple[object, ...]]:
    with psycopg.connect(
        make_url(database.owner_url).set(drivername="postgresql").render_as_string(False)
    ) as owner:
        return owner.execute("SELECT document_id, sealed IS NULL FROM document").fetchall()


def events(database: Database) -> int:
    with psycopg.connect(
        make_url(database.owner_url).set(drivername="postgresql").render_as_string(False)
    ) as owner:
        row = owner.execute(
            "SELECT count(*) FROM case_event WHERE action = 'photo_deleted'"
        ).fetchone()
    assert row is not None
    return int(row[0])


def test_a_photo_is_gone_with_the_event_that_says_so(
    engine: Engine,
    keys: KeyRing,
    gate: PhotoGate,
    case: CaseRef,
    database: Database,
    press: Press,
) -> None:
    """
    One transaction: the record never says so of a photo that is there, nor hides one.
    """
    keep(engine, keys, case, hostile.photo())
    before = sealed(database)
    record_deletion(engine, keys, case, "photo/1/deleted")
    record_deletion(engine, keys, case, "photo/1/deleted")

    assert ([(PHOTO, False)], [(PHOTO, True)]) == (before, sealed(database))
    assert 1 == events(database)
    with pytest.raises(DocumentUnknown):
        check(VaultPhotos(engine, keys, gate, press), case)


def test_if_the_event_cannot_be_written_the_photo_stays(
    engine: Engine,
    keys: KeyRing,
    case: CaseRef,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """
    kill -9 between both would be the same: nothing is committed.
    """
    keep(engine, keys, case, hostile.photo())
    erase, erased = vault.erase_documents, threading.Event()

    def erase_and_break(*arguments: object) -> int:
        assert 1 == erase(*arguments)  # type: ignore[arg-type]
        erased.set()
        raise ConnectionError("the line broke")

    monkeypatch.setattr(vault, "erase_documents", erase_and_break)
    with pytest.raises(ConnectionError):
        record_deletion(engine, keys, case, "photo/1/deleted")

    assert erased.is_set()
    assert ([(PHOTO, False)], 0) == (sealed(database), events(database))
