"""What the engine keeps on its disk tells nobody anything, and PostgreSQL no more."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine
from temporalio.api.common.v1 import Payload
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.converter import DataConverter, WorkflowSerializationContext

from activities.notices import Press
from domain.case import CaseKind
from domain.parties import Role
from domain.procedures.visit import Visit
from ops.temporal import EmbeddedTemporal
from store.codec import CaseCodec, sealed_converter
from store.engine import build_engine, libpq_url
from store.keys import InvalidTag, KeyGone, KeyRing, MasterKeys
from store.scope import scope
from store.vault import NewDocument, keep_documents
from tests.conftest import Database
from tests.stack import Stack, eventually, running
from tests.visits_at_hand import AT, KANA, NAME, NUMBER, PERSON, open_visit, rows, tamper
from workflows.messages import OpenVisit
from workflows.names import WINDOW_QUEUE, workflow_id

PLANTED = (NAME, KANA, NUMBER, "相談内容")


@pytest.fixture
def keys(app: Engine, tmp_path: Path) -> KeyRing:
    return KeyRing(app, MasterKeys.from_file(tmp_path / "master.key"))


def codec_of(keys: KeyRing, case_id: str, city: str = "ota") -> CaseCodec:
    about = WorkflowSerializationContext(
        namespace="default", workflow_id=workflow_id(city, CaseKind.VISIT, case_id)
    )
    return CaseCodec(keys).with_context(about)


def plain(said: str) -> Payload:
    return Payload(metadata={"encoding": b"json/plain"}, data=f'"{said}"'.encode())


def found_in(folder: Path) -> list[str]:
    """Return what was planted and lies readable in a file below a folder."""
    content = b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())
    assert content, f"nothing was written to {folder}"
    spellings = {
        word: [
            word.encode(),
            word.encode("utf-16-le"),
            word.encode("unicode-escape"),
            word.encode("euc-jp", errors="ignore"),
        ]
        for word in PLANTED
    }
    return [
        word
        for word, written in spellings.items()
        if any(each and each in content for each in written)
    ]


async def test_a_payload_travels_sealed_and_comes_back(app: Engine, keys: KeyRing) -> None:
    """
    The same text sealed twice differs, so that equal answers cannot be told either.
    """
    ref = open_visit(app, keys)
    codec = codec_of(keys, ref.case_id)
    sealed = [*await codec.encode([plain(NAME)]), *await codec.encode([plain(NAME)])]

    assert [plain(NAME)] * 2 == await codec.decode(sealed)
    assert sealed[0].data != sealed[1].data
    assert [] == [each for each in sealed if NAME.encode() in each.SerializeToString()]
    assert [] == await codec.encode([])


async def test_a_payload_of_one_case_does_not_open_in_another(
    app: Engine, keys: KeyRing
) -> None:
    """
    Whoever can write to the engine could otherwise put one person's answer into another's.
    """
    one, other = open_visit(app, keys), open_visit(app, keys)
    (sealed,) = await codec_of(keys, one.case_id).encode([plain(NAME)])
    moved = Payload(metadata=dict(sealed.metadata), data=sealed.data)
    moved.metadata["about"] = f"ota/{other.case_id}".encode()

    with pytest.raises(InvalidTag):
        await codec_of(keys, other.case_id).decode([moved])


async def test_without_a_key_nothing_is_sealed_and_what_was_says_that_it_is_erased(
    app: Engine, keys: KeyRing
) -> None:
    """
    Sealing with no key must fail, not fall back to clear text.
    """
    ref = open_visit(app, keys)
    codec = codec_of(keys, ref.case_id)
    sealed = await codec.encode([plain(NAME)])
    with scope(app, "ota") as connection:
        keys.delete_case_key(connection, "ota", ref.case_id, at=AT)

    (opened,) = await codec.decode(sealed)

    assert "消去済み" in opened.data.decode()
    assert [plain("x")] == await codec.decode([plain("x")])
    with pytest.raises(KeyGone):
        await codec.encode([plain(NAME)])
    with pytest.raises(KeyGone):
        await codec_of(keys, "never-opened").encode([plain(NAME)])


@pytest.fixture
def disk() -> Iterator[Path]:
    """Where the engine of this test writes."""
    folder = Path(tempfile.mkdtemp(prefix="engine-"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
async def on_disk(disk: Path) -> AsyncIterator[EmbeddedTemporal]:
    engine = EmbeddedTemporal(disk, time_skipping=True)
    await asyncio.to_thread(engine.start)
    yield engine
    await asyncio.to_thread(engine.stop)


async def work(stack: Stack) -> None:
    """Do everything with one case in which somebody could be named."""
    ref = open_visit(
        stack.engine,
        stack.keys,
        person={**PERSON, "note": f"相談内容 {NUMBER}"},
        reason=f"相談内容：{NAME} {NUMBER}",
    )
    document = NewDocument(
        document_id=f"{ref.case_id}-paper",
        kind="paper",
        name="受付票.pdf",
        media_type="application/pdf",
        content=" ".join(PLANTED).encode(),
    )
    with scope(stack.engine, "ota") as connection:
        keep_documents(connection, stack.keys, "ota", {ref.case_id: document}, made_at=AT)
    clerk, reason = stack.as_(Role.CLERK), f"{NAME}（{KANA}）様の相談内容"
    async with stack.staffed():
        offered = await clerk.act(ref.case_id, "offer_handoff", section="住民係", reason=reason)
        assert 200 == offered.status_code, offered.text
        handoff = offered.json()["opened"]
        for action in ("accept_handoff", "return_handoff"):
            done = await stack.as_(Role.OFFICIAL).act(handoff, action, reason=reason)
            assert 200 == done.status_code, done.text
        refused = await stack.as_(Role.OFFICIAL).act(handoff, "complete_handoff", reason=reason)
        assert 403 == refused.status_code
        withdrawn = await clerk.act(handoff, "withdraw_handoff", reason=reason)
        assert 200 == withdrawn.status_code, withdrawn.text
        await eventually(lambda: close(stack, ref.case_id, reason))
        left = open_visit(stack.engine, stack.keys, person=None)
        offered = await clerk.act(left.case_id, "offer_handoff", section="住民係", reason="x")
        # Its deadline stays suspended, for a reason that is told on screen and in paper.
        stopped = await stack.as_(Role.OFFICIAL).act(
            offered.json()["opened"], "suspend_deadline", reason=reason
        )
        assert 200 == stopped.status_code, stopped.text


def in_rows(database: Database) -> str:
    """Return every row of every table as text."""
    owner = build_engine(database.owner_url)
    tables = rows(
        owner,
        "SELECT relname FROM pg_class WHERE relkind = 'r'"
        " AND relnamespace = 'public'::regnamespace",
    )
    found = [str(rows(owner, f"SELECT to_jsonb(t)::text FROM {name} t")) for (name,) in tables]
    owner.dispose()
    return "".join(found)


def files_of(database: Database) -> Path:
    """Return where a database's rows lie, old versions of them too, written to disk."""
    with psycopg.connect(libpq_url(database.owner_url), autocommit=True) as connection:
        connection.execute("CHECKPOINT")
        found = connection.execute(
            "SELECT current_setting('data_directory') || '/base/' || oid"
            " FROM pg_database WHERE datname = current_database()"
        ).fetchone()
    assert found is not None
    return Path(found[0])


async def close(stack: Stack, case_id: str, reason: str) -> bool:
    done = await stack.as_(Role.CLERK).act(
        case_id, "close_visit", result="served", reason=reason
    )
    return done.status_code == 200


async def test_neither_the_engines_files_nor_the_database_hold_a_readable_word(
    database: Database,
    on_disk: EmbeddedTemporal,
    disk: Path,
    threads: ThreadPoolExecutor,
    press: Press,
    tmp_path: Path,
) -> None:
    """
    Disks are stolen, backups are lost: what is personal is there as ciphertext only.
    """
    async with running(database, on_disk.address, threads, press, tmp_path) as stack:
        await work(stack)
    written = in_rows(database)

    assert "visitor_received" in written
    assert [] == [word for word in PLANTED if word in written]
    assert [] == found_in(files_of(database))
    assert [] == found_in(disk)


async def test_without_the_codec_the_engine_would_write_it_down(
    app: Engine, keys: KeyRing, on_disk: EmbeddedTemporal, disk: Path
) -> None:
    """
    The control: the same search finds what the engine gets in clear.
    """
    found = {}
    for name, converter in (
        ("sealed", sealed_converter(keys)),
        ("clear", pydantic_data_converter),
    ):
        await begin(app, keys, on_disk, converter)
        found[name] = found_in(disk)

    assert {"sealed": [], "clear": [NAME, NUMBER]} == found


def test_the_databases_files_would_show_what_is_written_in_clear(
    database: Database, owner: Engine, app: Engine, keys: KeyRing
) -> None:
    """
    The control: a row that was overwritten since is still found in the files.
    """
    open_visit(app, keys)
    tamper(owner, "UPDATE case_file SET stuck = :said", said=f"{NAME} {NUMBER}")
    tamper(owner, "UPDATE case_file SET stuck = NULL")

    assert [NAME, NUMBER] == found_in(files_of(database))
    assert NAME not in in_rows(database)


async def begin(
    app: Engine, keys: KeyRing, engine: EmbeddedTemporal, converter: DataConverter
) -> None:
    """Begin a course whose message names somebody, which our own never do."""
    ref = open_visit(app, keys)
    visit = Visit(case_id=ref.case_id, procedure=f"{NAME} {NUMBER}", received_by=Role.CLERK)
    client = await Client.connect(engine.address, data_converter=converter)
    await client.start_workflow(
        "Visit",
        OpenVisit(case=ref, visit=visit),
        id=workflow_id("ota", CaseKind.VISIT, ref.case_id),
        task_queue=WINDOW_QUEUE,
        static_summary=f"{NAME}",
    )
