"""A whole installation as real processes, which a test may kill, and a patient client.

Here: starting it in a folder of its own, killing parts of it, asking until an answer comes.
Not here: what a lot has to look like afterwards.
"""

import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psycopg
from psycopg.rows import dict_row

from domain.parties import Role
from ops.postgres import EmbeddedPostgres
from settings import child_environment
from tests.ops.waiting import eventually

PROJECT = Path(__file__).resolve().parents[2]
OURS = ("PORT", "DATABASE_URL", "DATABASE_OWNER_URL", "TEMPORAL_ADDRESS", "REHEARSAL")
PATIENCE_SECONDS = 150


@dataclass
class Installation:
    """One running product."""

    directory: Path
    process: subprocess.Popen[bytes]
    tokens: Mapping[Role, str] = field(default_factory=dict)

    @property
    def facts(self) -> dict[str, Any]:
        """Return what ``run.json`` says now; processes that came back have new numbers."""
        read: dict[str, Any] = json.loads((self.directory / "run.json").read_text())
        return read

    def kill(self, part: str) -> int:
        """End a part at once, as a power cut would; return the process it was."""
        pid: int = self.facts["pids"][part]
        os.kill(pid, signal.SIGKILL)
        return pid

    def came_back(self, part: str, dead: int) -> None:
        """Wait until a part runs again in a process of its own."""
        eventually(lambda: self.facts["pids"].get(part) not in {None, dead})

    def ask(
        self, role: Role, method: str, path: str, *, key: str | None = None, **arguments: Any
    ) -> httpx.Response:
        """Ask until an answer comes, with one key, as the interface tells programs to do."""
        headers = {
            "Authorization": f"Bearer {self.tokens[role]}",
            "Idempotency-Key": key or secrets.token_hex(8),
        }
        last = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                answer = httpx.request(
                    method,
                    f"{self.facts['url']}{path}",
                    headers=headers,
                    timeout=60,
                    **arguments,
                )
            except httpx.TransportError:
                answer = None
            if answer is not None and answer.status_code != 503:
                return answer
            assert time.monotonic() < last, f"no answer to {method} {path}"
            time.sleep(0.3)

    def act(self, role: Role, case_id: str, action: str, **body: Any) -> httpx.Response:
        """Do one of a case's actions."""
        return self.ask(role, "POST", f"/api/v1/cases/{case_id}/actions/{action}", json=body)

    def timeline(self, case_id: str) -> list[dict[str, Any]]:
        """Return the record of a case."""
        answer = self.ask(Role.CLERK, "GET", f"/api/v1/cases/{case_id}/timeline")
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    def rows(self, statement: str, **values: Any) -> Sequence[dict[str, Any]]:
        """Return rows of Ota, as the application's own role sees them."""
        with psycopg.connect(self.facts["database_url"], row_factory=dict_row) as connection:
            connection.execute("SELECT set_config('app.municipality', 'ota', false)")
            return connection.execute(statement, values).fetchall()


@contextmanager
def installed(directory: Path) -> Iterator[Installation]:
    """Run the product on engines of its own; at the end stop all of it."""
    log = directory.with_suffix(".log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "ops.run"],
        cwd=PROJECT,
        env=child_environment({"DATA_DIR": str(directory)}, without=OURS),
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    made = Installation(directory, process)
    try:
        eventually(
            lambda: (directory / "run.json").exists() or process.poll() is not None, within=150
        )
        assert process.poll() is None, directory.with_suffix(".log").read_text()
        demo = json.loads((directory / "demo-accounts.json").read_text())
        made.tokens = {Role(d["role"]): d["token"] for d in demo if d["contract"] == "ota"}
        yield made
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(90)
        log.close()
        EmbeddedPostgres(directory / "postgres").discard()
