"""The embedded PostgreSQL survives what kills it, and harms nobody else."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path

import psycopg
import pytest

from ops.fault import EngineFault
from ops.postgres import EmbeddedPostgres
from ops.privilege import ACCOUNT_HOME, Mode, choose
from tests.ops.waiting import eventually, is_alive, is_dead

PROJECT = Path(__file__).resolve().parents[2]


def modes() -> list[Mode]:
    """What this user can use here; as root the last resort works everywhere."""
    if os.geteuid() != 0:
        return [Mode.PLAIN]
    probe = subprocess.run(["unshare", "--user", "--map-user=1000", "true"], check=False)
    return [Mode.DROP] if probe.returncode else [Mode.USERNS, Mode.DROP]


@pytest.fixture(params=modes())
def mode(request: pytest.FixtureRequest) -> Mode:
    chosen: Mode = request.param
    return chosen


@pytest.fixture(autouse=True)
def leave_nothing_behind(tmp_path: Path) -> Iterator[None]:
    yield
    for ward in tmp_path.rglob("ward"):
        shutil.rmtree(ACCOUNT_HOME / ward.read_text())


def writer(directory: Path, mode: Mode) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.ops.standins.writer", str(directory), mode],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        text=True,
    )


def count(server: EmbeddedPostgres) -> int:
    with psycopg.connect(server.dsn()) as connection:
        found = connection.execute("SELECT count(*) FROM acknowledged").fetchone()
        assert found is not None
        return int(found[0])


def test_no_acknowledged_row_is_lost_when_postmaster_or_parent_is_killed(
    mode: Mode, tmp_path: Path
) -> None:
    """A commit that was answered is on disk, whoever dies next."""
    acknowledged = 0
    for victim in ("postmaster", "parent"):
        with writer(tmp_path / "pg", mode) as process:
            assert process.stdout is not None
            postmaster = int(process.stdout.readline())
            acknowledged += len(list(islice(process.stdout, 100)))
            if victim == "postmaster":
                os.kill(postmaster, signal.SIGKILL)
            process.kill()
            acknowledged += len(process.stdout.readlines())
        with EmbeddedPostgres(tmp_path / "pg", mode=mode) as server:
            kept = count(server)

        assert acknowledged <= kept

        acknowledged = kept


def test_control_without_durability_the_same_kill_loses_rows(tmp_path: Path) -> None:
    """Shows that killing the postmaster does endanger what is not on disk."""
    mode = modes()[0]
    server = EmbeddedPostgres(tmp_path / "pg", fast=True, mode=mode)
    server.start()
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET wal_writer_delay = '10s'")
        connection.execute("SELECT pg_reload_conf()")
        connection.execute("CREATE TABLE acknowledged (row int)")
        connection.execute("CHECKPOINT")
        for row in range(300):
            connection.execute("INSERT INTO acknowledged VALUES (%s)", [row])
        assert server.pid is not None
        os.kill(server.pid, signal.SIGKILL)
    eventually(lambda: server.poll() is not None)
    server.start()
    kept = count(server)
    server.stop()

    assert kept < 300


def test_it_ends_with_the_process_that_started_it(mode: Mode, tmp_path: Path) -> None:
    """Nobody is left behind to hold the data when a run is killed."""
    with writer(tmp_path / "pg", mode) as process:
        assert process.stdout is not None
        postmaster = int(process.stdout.readline())
        assert is_alive(postmaster)
        process.kill()

    eventually(partial(is_dead, postmaster))


def test_a_stale_pid_file_harms_no_stranger(tmp_path: Path) -> None:
    """The number in it may belong to anybody by now."""
    server = EmbeddedPostgres(tmp_path / "pg", fast=True, mode=modes()[0])
    with server:
        pass
    with subprocess.Popen(["sleep", "60"]) as stranger:
        data = server.home / "data"
        (data / "postmaster.pid").write_text(
            f"{stranger.pid}\n{data}\n1\n5432\n{tmp_path}\n\n 1 1\nready\n"
        )
        with server:
            assert server.poll() is None
        survived = stranger.poll() is None
        stranger.kill()

    assert survived


def test_a_second_instance_in_the_same_directory_is_refused(tmp_path: Path) -> None:
    """Two postmasters on one cluster would destroy it."""
    mode = modes()[0]
    with EmbeddedPostgres(tmp_path / "pg", fast=True, mode=mode) as first:
        second = EmbeddedPostgres(tmp_path / "pg", fast=True, mode=mode)

        with pytest.raises(EngineFault, match=f"already in use by process {os.getpid()}"):
            second.start()

        assert first.poll() is None


def test_an_interrupted_initialisation_begins_again(tmp_path: Path) -> None:
    """Half a cluster is never mistaken for a whole one."""
    server = EmbeddedPostgres(tmp_path / "pg", fast=True, mode=modes()[0])
    half = server.home / "data.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")

    with server:
        assert server.poll() is None


def test_a_cluster_of_another_version_is_named(tmp_path: Path) -> None:
    """Starting it with these programs would only say that files are incompatible."""
    server = EmbeddedPostgres(tmp_path / "pg", mode=modes()[0])
    (server.home / "data").mkdir()
    (server.home / "data" / "PG_VERSION").write_text("16\n")

    with pytest.raises(EngineFault, match="written by PostgreSQL 16, this is 18"):
        server.start()

    server.stop()


def test_a_long_directory_gets_its_socket_in_a_short_one(tmp_path: Path) -> None:
    """A socket's name has room for 107 bytes, a path for many more."""
    long = tmp_path / ("窓" * 30) / ("口" * 30)

    with EmbeddedPostgres(long, fast=True, mode=modes()[0]) as server:
        with psycopg.connect(server.dsn()) as connection:
            assert (1,) == connection.execute("SELECT 1").fetchone()

            place = Path(connection.info.host)
        assert not place.is_relative_to(long)
    assert not place.exists()


def test_only_who_knows_the_password_gets_in(tmp_path: Path) -> None:
    """The socket alone proves nothing about who is calling."""
    with EmbeddedPostgres(tmp_path / "pg", fast=True, mode=modes()[0]) as server:
        file = server.home / "password"
        wrong = server.dsn().replace(file.read_text(), "guess")

        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(wrong)

        assert 0o600 == file.stat().st_mode & 0o777


def test_a_failed_statement_leaves_no_personal_data_in_the_log(tmp_path: Path) -> None:
    """PostgreSQL's defaults quote the statement and the row that broke a constraint."""
    with EmbeddedPostgres(tmp_path / "pg", fast=True, mode=modes()[0]) as server:
        with psycopg.connect(server.dsn(), autocommit=True) as connection:
            connection.execute("CREATE TABLE person (name text PRIMARY KEY)")
            connection.execute("INSERT INTO person VALUES ('髙橋')")
            with pytest.raises(psycopg.errors.UniqueViolation):
                connection.execute("INSERT INTO person VALUES ('髙橋')")
        log = server.log.read_text()

    assert "duplicate key value" in log
    assert "髙橋" not in log


def test_a_directory_of_another_user_is_refused(tmp_path: Path) -> None:
    """Two users on one directory end with files that neither can read."""
    if os.geteuid() == 0:
        os.chown(tmp_path, 12345, 12345)
        foreign = tmp_path
    else:
        foreign = Path("/usr")

    with pytest.raises(EngineFault, match="belongs to another user"):
        choose(foreign)
