"""Run everything on this machine until told to stop: engines, worker, server, demo.

    python -m ops.run [--rehearse]

Belongs here: the order in which the product comes up and goes down, and what is told to whom.
Does not belong here: how each part is started (`ops.engines`, `ops.supervisor`).
"""

import argparse
import ctypes
import http.client
import importlib.util
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import FrameType

import settings
from ops.engines import Engines, engines, logs
from ops.exclusive import ReservedPort
from ops.fault import EngineFault, tail
from ops.migrate import prepare
from ops.supervisor import Program, Supervisor
from settings import Settings, WrongSetting
from store.engine import libpq_url

PROJECT = Path(__file__).resolve().parent.parent
RUN_FILE = "run.json"
DEMO_FILE = "demo-accounts.json"

_READY_SECONDS = 120
_PORTS_TO_TRY = 100
_PR_SET_PDEATHSIG = 1


class Told(BaseException):
    """A person or the system told us to stop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """What is run on the engines; tests run smaller programs."""

    worker: Sequence[str | Path] = (sys.executable, "worker.py")
    server: Sequence[str | Path] = (sys.executable, "server.py")
    mail: Sequence[str | Path] = (sys.executable, "-m", "ops.mail_sink")
    """Runs where mails stay on this machine."""

    demo: Sequence[str | Path] | None = None
    directory: Path = field(default=PROJECT)


def run(chosen: Settings, product: Product) -> None:
    """Bring everything up, keep it up, and take it down when `Told` arrives.

    Raises:
        EngineFault: Something cannot run here; the message says what a person can do.
    """
    run_file = chosen.data_dir / RUN_FILE
    supervisor = Supervisor(say=_say)
    with engines(chosen, ui=True) as running:
        run_file.unlink(missing_ok=True)
        port = _port(chosen)
        application_url = _application_url(chosen, running)
        environment = _environment(chosen, running, application_url, port.number)
        mail_port = ReservedPort.any() if _keeps_mail(chosen) else None
        if mail_port is not None:
            environment |= _mail_environment(chosen, mail_port.number)
        try:
            _start(
                supervisor,
                running,
                product,
                environment,
                logs(chosen),
                mail=mail_port is not None,
            )
            _wait_ready(supervisor, port.number)
            _show_demo(chosen, product, environment)
            facts = {
                "url": f"http://127.0.0.1:{port.number}",
                "temporal_address": running.temporal_address,
                "database_url": libpq_url(application_url),
            }
            _write(run_file, facts, supervisor)
            _announce(facts["url"], chosen, running)
            while True:
                time.sleep(0.2)
                if supervisor.step():
                    _write(run_file, facts, supervisor)
        finally:
            run_file.unlink(missing_ok=True)
            supervisor.stop()


def _keeps_mail(chosen: Settings) -> bool:
    """Whether mails stay here: nobody named a server, and nobody's real data is in use."""
    return chosen.smtp_url is None and chosen.embedded


def _mail_environment(chosen: Settings, port: int) -> dict[str, str]:
    """Return where messages go while they reach nobody outside."""
    return {
        "SMTP_URL": f"smtp://127.0.0.1:{port}",
        "MAIL_DIR": str(chosen.data_dir / "mail"),
        "SMS_DIR": str(chosen.sms_dir or chosen.data_dir / "sms"),
    }


def _port(chosen: Settings) -> ReservedPort:
    attempts = 1 if chosen.port_given else _PORTS_TO_TRY
    found = ReservedPort.first_of(range(chosen.port, chosen.port + attempts))
    if found is None:
        raise EngineFault(f"PORT {chosen.port} is taken; choose another, or unset PORT")
    return found


def _application_url(chosen: Settings, running: Engines) -> str:
    """Bring the schema up to date; return where worker and server connect."""
    prepared = prepare(running.database_owner_url)
    separate = chosen.database_owner_url is not None and chosen.database_url is not None
    return str(chosen.database_url) if separate else prepared


def _environment(
    chosen: Settings, running: Engines, application_url: str, port: int
) -> dict[str, str]:
    """Return what worker and server get; the owner's password is not among it."""
    own = {
        "DATABASE_URL": application_url,
        "TEMPORAL_ADDRESS": running.temporal_address,
        "TEMPORAL_NAMESPACE": chosen.temporal_namespace,
        "PORT": str(port),
        "DATA_DIR": str(chosen.data_dir),
        "MASTER_KEY_FILE": str(chosen.master_key_file),
        "REHEARSAL": "1" if chosen.rehearsal else "0",
        "LOG_LEVEL": chosen.log_level,
        "PUBLIC_URL": chosen.public_url or f"http://127.0.0.1:{port}",
        "PYTHONUNBUFFERED": "1",
    }
    return settings.child_environment(own, without=("DATABASE_OWNER_URL",))


def _start(
    supervisor: Supervisor,
    running: Engines,
    product: Product,
    environment: Mapping[str, str],
    folder: Path,
    *,
    mail: bool,
) -> None:
    for engine in (running.postgres, running.temporal):
        if engine is not None:
            supervisor.adopt(engine)
    programs = {"mail": product.mail, "worker": product.worker, "server": product.server}
    for name, command in programs.items():
        if name == "mail" and not mail:
            continue
        program = Program(
            name,
            command,
            environment=environment,
            directory=product.directory,
            log=folder / f"{name}.log",
        )
        program.start()
        supervisor.adopt(program)


def _wait_ready(supervisor: Supervisor, port: int) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    while not _is_ready(port):
        if time.monotonic() > deadline:
            raise EngineFault(f"not ready after {_READY_SECONDS} s; see the logs")
        supervisor.step()
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


def _show_demo(chosen: Settings, product: Product, environment: Mapping[str, str]) -> None:
    """Fill a new embedded installation with a believable city; never somebody's database."""
    if product.demo is None or not chosen.embedded:
        return
    if (chosen.data_dir / DEMO_FILE).exists():
        return
    log = logs(chosen) / "demo.log"
    with log.open("ab") as output:
        done = subprocess.run(
            product.demo,
            cwd=product.directory,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode:
        raise EngineFault(f"the demo could not be prepared; the end of {log}:\n{tail(log)}")


def _write(file: Path, facts: Mapping[str, str], supervisor: Supervisor) -> None:
    """Write the facts whole or not at all; they hold a password."""
    fresh = file.with_suffix(".new")
    text = json.dumps({**facts, "pids": supervisor.pids}, indent=2)
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as writer:
        writer.write(text + "\n")
    fresh.replace(file)


def _announce(url: str, chosen: Settings, running: Engines) -> None:
    _say(f"ready at {url}" + ("  (rehearsal)" if chosen.rehearsal else ""))
    if (chosen.data_dir / DEMO_FILE).exists():
        _say(f"demo accounts: {chosen.data_dir / DEMO_FILE}")
    if _keeps_mail(chosen):
        _say(f"mails reach nobody and stand at {url}/demo/mail; SMTP_URL names a server")
    if running.temporal is not None:
        _say(f"Temporal's own pages: {running.temporal.ui_url}")
    _say(f"logs: {logs(chosen)}; stop with Ctrl-C")


def _say(line: str) -> None:
    print(line, flush=True)


@contextmanager
def _obedient() -> Iterator[None]:
    """Turn the first signal into `Told`; at the second, leave at once.

    Even then nothing stays behind: the kernel ends the children of a process that is gone.
    """

    def tell(number: int, _frame: FrameType | None) -> None:
        for each in watched:
            signal.signal(each, lambda *_: os._exit(128 + number))
        raise Told

    watched = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {each: signal.signal(each, tell) for each in watched}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _follow_parent() -> None:
    """Stop as if told when the program that started us ends, however it ends."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _demo() -> Sequence[str] | None:
    there = importlib.util.find_spec("ops.seed") is not None
    return (sys.executable, "-m", "ops.seed") if there else None


def main(arguments: Sequence[str] | None = None, product: Product | None = None) -> int:
    """Run until told to stop; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m ops.run", description=__doc__)
    parser.add_argument("--rehearse", action="store_true", help="allow cases to be forwarded")
    parser.add_argument("--follow-parent", action="store_true", help="stop when it ends")
    options = parser.parse_args(arguments)
    if options.follow_parent:
        _follow_parent()
    try:
        chosen = settings.load()
        if options.rehearse:
            chosen = replace(chosen, rehearsal=True)
        with _obedient():
            run(chosen, product or Product(demo=_demo()))
    except (EngineFault, WrongSetting) as fault:
        print(fault, file=sys.stderr)
        return 1
    except Told:
        _say("stopped")
    return 0


if __name__ == "__main__":
    sys.exit(main())
