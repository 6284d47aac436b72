"""A whole installation of its own for one run: engines, worker and server as in production.

Here: bringing it up on an empty directory, and what its processes cost. Not here: what is
done with it. The engines keep their durable settings; nothing here is a test's shortcut.
"""

import http.client
import secrets
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import psutil
from temporalio.client import Client

import settings
from api.access.door import now_in_tokyo
from api.access.passwords import Passwords
from domain.parties import Role
from ops import accounts, wiring
from ops.engines import Engines, engines, logs
from ops.exclusive import ReservedPort
from ops.fault import tail
from ops.migrate import prepare
from ops.supervisor import Program
from ops.wiring import Parts
from settings import Settings
from store import contract_state
from store.scope import scope

CITY = "ota"
SIGNED_ON = date(2026, 4, 1)

_PROJECT = Path(__file__).resolve().parent.parent
_READY_WITHIN = timedelta(seconds=120)


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """Running processes, and this process's own way to their data."""

    chosen: Settings
    running: Engines
    parts: Parts
    url: str
    pids: Mapping[str, int]

    async def temporal(self) -> Client:
        """Return a client as worker and server have it, with the codec."""
        return await wiring.connect(self.chosen, self.parts.keys)

    def caller(self, role: Role) -> httpx.Client:
        """Return an HTTP client with the rights of a role of the city."""
        login = f"{CITY}-{role}-{secrets.token_hex(3)}"
        now = now_in_tokyo()
        accounts.create(
            self.parts.engine,
            Passwords(),
            municipality=CITY,
            login=login,
            display_name="測定用",
            role=role,
            now=now,
            password=secrets.token_urlsafe(12),
            totp_required=False,
        )
        _, token = accounts.issue_token(
            self.parts.engine, login, label="bench", valid_for=timedelta(days=1), now=now
        )
        return httpx.Client(
            base_url=self.url, headers={"Authorization": f"Bearer {token}"}, timeout=120
        )

    def cpu(self) -> dict[str, float]:
        """Return the CPU seconds that each process has used, with its children's."""
        return {name: _cpu_of_tree(pid) for name, pid in self.pids.items()}


@contextmanager
def installation() -> Iterator[Installation]:
    """Bring an installation up in a new directory; take it down and remove it at the end."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="madoguchi-bench-"))
        own = settings.load({"DATA_DIR": folder, "LOG_LEVEL": "WARNING"})
        running = stack.enter_context(engines(own))
        assert running.postgres is not None
        assert running.temporal is not None
        stack.callback(running.postgres.discard)
        port = ReservedPort.any()
        stack.callback(port.release)
        chosen = replace(
            own,
            port=port.number,
            database_url=prepare(running.database_owner_url),
            temporal_address=running.temporal_address,
        )
        pids = {"postgres": running.postgres.pid, "temporal": running.temporal.pid}
        for name in ("worker", "server"):
            pids[name] = _start(stack, chosen, name)
        parts = wiring.parts(chosen, process="bench")
        stack.callback(parts.engine.dispose)
        _wait_ready(port.number)
        with scope(parts.engine, CITY) as connection:
            contract_state.activate(
                connection, CITY, CITY, SIGNED_ON, by="system", at=now_in_tokyo()
            )
        try:
            yield Installation(
                chosen=chosen,
                running=running,
                parts=parts,
                url=f"http://127.0.0.1:{port.number}",
                pids={name: pid for name, pid in pids.items() if pid is not None},
            )
        except BaseException:
            # The folder goes; what its programs said about the failure should not.
            for log in sorted(logs(own).glob("*.log")):
                print(f"--- {log.name}\n{tail(log)}", file=sys.stderr)
            raise


@contextmanager
def program(made: Installation, name: str, *command: str) -> Iterator[int]:
    """Run another program beside the installation; the value is its process."""
    with ExitStack() as stack:
        yield _run(stack, made.chosen, name, (sys.executable, *command))


def _start(stack: ExitStack, chosen: Settings, name: str) -> int:
    return _run(stack, chosen, name, (sys.executable, f"{name}.py"))


def _run(stack: ExitStack, chosen: Settings, name: str, command: tuple[str, ...]) -> int:
    environment = settings.child_environment(
        {
            "DATABASE_URL": str(chosen.database_url),
            "TEMPORAL_ADDRESS": str(chosen.temporal_address),
            "DATA_DIR": str(chosen.data_dir),
            "MASTER_KEY_FILE": str(chosen.master_key_file),
            "PORT": str(chosen.port),
            "LOG_LEVEL": chosen.log_level,
        },
        without=("DATABASE_OWNER_URL", "REHEARSAL"),
    )
    log = chosen.data_dir / "log" / f"{name}.log"
    started = Program(name, command, environment=environment, directory=_PROJECT, log=log)
    stack.callback(started.stop)
    started.start()
    assert started.pid is not None
    return started.pid


def _wait_ready(port: int) -> None:
    last = time.monotonic() + _READY_WITHIN.total_seconds()
    while not _is_ready(port):
        if time.monotonic() > last:
            raise TimeoutError(f"the server is not ready after {_READY_WITHIN}")
        time.sleep(0.05)


def _is_ready(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _cpu_of_tree(pid: int) -> float:
    head = psutil.Process(pid)
    return sum(_cpu(each) for each in (head, *head.children(recursive=True)))


def _cpu(process: Any) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system)
