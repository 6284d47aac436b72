"""`make run` as people and programs outside meet it, with small stand-ins for the product."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest

from ops.engines import engines
from ops.fault import EngineFault
from ops.postgres import EmbeddedPostgres
from ops.run import Product, main, run
from settings import Settings, child_environment
from tests.ops.waiting import eventually, is_alive, is_dead

PROJECT = Path(__file__).resolve().parents[2]
OURS = (
    "PORT",
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "TEMPORAL_ADDRESS",
    "REHEARSAL",
    "SMTP_URL",
    "MAIL_DIR",
    "SMS_DIR",
)


def start(data_dir: Path, *arguments: str, **variables: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.ops.standins.product", *arguments],
        cwd=PROJECT,
        env=child_environment({"DATA_DIR": str(data_dir), **variables}, without=OURS),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def ready(data_dir: Path, process: subprocess.Popen[str]) -> dict[str, Any]:
    file = data_dir / "run.json"
    eventually(lambda: file.exists() or process.poll() is not None)
    assert process.poll() is None, process.stdout and process.stdout.read()
    return facts(data_dir)


def facts(data_dir: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((data_dir / "run.json").read_text())
    return read


def cluster(url: str) -> tuple[object, ...] | None:
    """What tells one PostgreSQL cluster from every other."""
    with psycopg.connect(url) as connection:
        return connection.execute(
            "SELECT system_identifier FROM pg_control_system()"
        ).fetchone()


def finish(process: subprocess.Popen[str], how: signal.Signals) -> tuple[int, str]:
    process.send_signal(how)
    said, _ = process.communicate(timeout=60)
    return process.returncode, said


@pytest.fixture(scope="module", autouse=True)
def leave_nothing_behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    yield
    for directory in tmp_path_factory.getbasetemp().rglob("data/postgres"):
        EmbeddedPostgres(directory).discard()


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("run") / "data"


@pytest.fixture(scope="module")
def running(data_dir: Path) -> Iterator[subprocess.Popen[str]]:
    process = start(data_dir)
    ready(data_dir, process)
    yield process
    finish(process, signal.SIGTERM)


@pytest.fixture
def worker_environment(running: subprocess.Popen[str], data_dir: Path) -> Mapping[str, str]:
    file = data_dir / "worker-environment.json"
    eventually(file.exists)
    read: Mapping[str, str] = json.loads(file.read_text())
    return read


def test_run_json_says_where_everything_is(
    running: subprocess.Popen[str], data_dir: Path
) -> None:
    """A program outside finds the product by this file alone."""
    found = facts(data_dir)

    assert {"url", "temporal_address", "database_url", "pids"} == set(found)
    assert {"postgres", "temporal", "mail", "worker", "server"} == set(found["pids"])
    assert all(is_alive(pid) for pid in found["pids"].values())
    with urllib.request.urlopen(f"{found['url']}/readyz") as answer:
        assert 200 == answer.status
    host, _, port = found["temporal_address"].partition(":")
    socket.create_connection((host, int(port))).close()
    with psycopg.connect(found["database_url"]) as connection:
        assert (1,) == connection.execute("SELECT 1").fetchone()


def test_run_json_is_for_the_owner_of_the_data_alone(
    running: subprocess.Popen[str], data_dir: Path
) -> None:
    """It holds a password."""
    assert 0o600 == (data_dir / "run.json").stat().st_mode & 0o777


def test_the_product_connects_as_a_role_that_row_level_security_holds(
    worker_environment: Mapping[str, str],
) -> None:
    """A superuser or the owner would see every municipality."""
    url = worker_environment["DATABASE_URL"].replace("+psycopg", "")
    with psycopg.connect(url) as connection:
        found = connection.execute(
            "SELECT current_user, rolsuper, rolbypassrls FROM pg_roles"
            " WHERE rolname = current_user"
        ).fetchone()

    assert ("madoguchi_app", False, False) == found
    assert "DATABASE_OWNER_URL" not in worker_environment


def test_a_second_run_on_the_same_data_is_refused(
    running: subprocess.Popen[str], data_dir: Path
) -> None:
    """Saying who is in the way, and leaving the first alone."""
    before = facts(data_dir)
    second = start(data_dir)
    said, _ = second.communicate(timeout=60)

    assert 1 == second.returncode
    assert f"{data_dir} is already in use by process {running.pid}\n" == said
    assert before == facts(data_dir)


def test_another_directory_runs_beside_it_on_another_port(
    running: subprocess.Popen[str], data_dir: Path, tmp_path: Path
) -> None:
    """Nobody chose the port, so the next free one will do."""
    other = start(tmp_path / "data")
    found = ready(tmp_path / "data", other)
    code, said = finish(other, signal.SIGINT)

    assert facts(data_dir)["url"] != found["url"]
    assert facts(data_dir)["temporal_address"] != found["temporal_address"]
    assert 0 == code
    assert said.startswith(f"ready at {found['url']}")


@pytest.mark.parametrize("victim", ["postgres", "temporal", "mail", "worker", "server"])
def test_whatever_is_killed_comes_back(
    victim: str, running: subprocess.Popen[str], data_dir: Path
) -> None:
    """At the same address, with the others left alone, and with run.json up to date."""
    before = facts(data_dir)
    os.kill(before["pids"][victim], signal.SIGKILL)
    eventually(lambda: facts(data_dir)["pids"][victim] != before["pids"][victim])
    after = facts(data_dir)

    assert {**before["pids"], victim: after["pids"][victim]} == after["pids"]
    assert before == {**after, "pids": before["pids"]}
    with psycopg.connect(after["database_url"]) as connection:
        assert (1,) == connection.execute("SELECT 1").fetchone()


def test_a_stop_leaves_no_process_and_a_later_run_finds_the_data(tmp_path: Path) -> None:
    """Also when the run itself was killed and could not tidy up."""
    seen = set()
    for how in (signal.SIGTERM, signal.SIGKILL):
        process = start(tmp_path / "data")
        found = ready(tmp_path / "data", process)
        seen.add((found["temporal_address"], cluster(found["database_url"])))
        finish(process, how)
        for pid in found["pids"].values():
            eventually(partial(is_dead, pid))
        assert (how is signal.SIGKILL) == (tmp_path / "data" / "run.json").exists()
    assert 1 == len(seen)


def test_a_chosen_port_that_is_taken_ends_the_run(tmp_path: Path) -> None:
    """Whoever chose it will look for the product there."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        chosen = Settings(
            data_dir=tmp_path / "data",
            port=port,
            port_given=True,
            database_url="postgresql+psycopg://app@db.example/madoguchi",
            temporal_address="temporal.example:7233",
        )

        with pytest.raises(EngineFault, match=f"^PORT {port} is taken; choose another"):
            run(chosen, Product())


def test_a_wrong_variable_is_named_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The person at the keyboard can mend it; a traceback would hide how."""
    monkeypatch.setenv("PORT", "eighty")

    assert 1 == main([])
    assert "PORT must be a number from 1 to 65535\n" == capsys.readouterr().err


@pytest.mark.parametrize(
    "elsewhere",
    [
        Settings(database_url="postgresql+psycopg://app@db.example/madoguchi"),
        Settings(temporal_address="temporal.example:7233"),
    ],
)
def test_a_rehearsal_refuses_engines_that_are_not_its_own(
    elsewhere: Settings, tmp_path: Path
) -> None:
    """It moves the clock of cases; real ones must never meet it."""
    chosen = replace(elsewhere, data_dir=tmp_path / "data", rehearsal=True)

    with pytest.raises(EngineFault, match="embedded engines only"), engines(chosen):
        pass

    assert not (tmp_path / "data").exists()


def test_engines_elsewhere_keep_the_embedded_ones_off(tmp_path: Path) -> None:
    """A second database beside the real one would only confuse."""
    chosen = Settings(
        data_dir=tmp_path / "data",
        database_url="postgresql+psycopg://app@db.example/madoguchi",
        database_owner_url="postgresql+psycopg://owner@db.example/madoguchi",
        temporal_address="temporal.example:7233",
    )

    with engines(chosen) as found:
        assert (None, None) == (found.postgres, found.temporal)
        assert chosen.database_owner_url == found.database_owner_url
        assert chosen.temporal_address == found.temporal_address
