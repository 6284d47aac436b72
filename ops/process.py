"""Child processes that cannot outlive us, and the search for those that somehow did.

Belongs here: starting, ending and finding processes. Does not belong here: what a process is
for, and when to start it again (`ops.supervisor`).
"""

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from ops.fault import EngineFault

_LOG_LIMIT_BYTES = 10_000_000
_MINIMAL_ENVIRONMENT = {
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "LC_ALL": "C.UTF-8",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """As whom a child runs."""

    prefix: tuple[str, ...] = ()
    """Programs that stand before the child's own command, such as ``unshare``."""

    user: int | None = None
    """The account's number; None keeps ours."""

    group: int | None = None
    """The group's number; None keeps ours."""


OURSELVES = Identity()


def spawn(
    command: Sequence[str | Path],
    *,
    log: Path,
    directory: Path,
    on_parent_death: signal.Signals,
    environment: Mapping[str, str] | None = None,
    identity: Identity = OURSELVES,
) -> subprocess.Popen[bytes]:
    """Start a child that gets ``on_parent_death`` when the calling thread ends.

    It stands in a session of its own, so that Ctrl-C reaches us alone and we choose the
    order in which things stop. Call it from the main thread: the kernel watches the thread.

    Args:
        command: Program and arguments.
        log: File that receives both output streams.
        directory: Working directory, by which a stray can be recognised later.
        on_parent_death: The signal the kernel sends; ``setpriv`` arms it without running
            code of ours between fork and exec.
        environment: Its variables; None gives it hardly any.
        identity: As whom it runs.
    """
    log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > _LOG_LIMIT_BYTES:
        log.replace(log.with_suffix(".old.log"))
    tether = ("setpriv", "--pdeathsig", on_parent_death.name.removeprefix("SIG"), "--")
    with log.open("ab") as output:
        os.fchmod(output.fileno(), 0o600)
        return subprocess.Popen(
            [*identity.prefix, *tether, *map(str, command)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=directory,
            env=dict(_MINIMAL_ENVIRONMENT if environment is None else environment),
            start_new_session=True,
            umask=0o077,
            user=identity.user,
            group=identity.group,
            extra_groups=None if identity.user is None else [],
        )


def run_once(
    command: Sequence[str | Path], *, directory: Path, identity: Identity = OURSELVES
) -> str:
    """Run a short command to its end and return what it printed.

    Raises:
        EngineFault: It failed; the message holds its last words.
    """
    done = subprocess.run(
        [*identity.prefix, *map(str, command)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        cwd=directory,
        env=_MINIMAL_ENVIRONMENT,
        user=identity.user,
        group=identity.group,
        extra_groups=None if identity.user is None else [],
        check=False,
    )
    if done.returncode:
        name = Path(command[0]).name
        raise EngineFault(f"{name} failed: {done.stderr.strip()[-500:]}")
    return done.stdout


def end(process: subprocess.Popen[bytes], *signals: signal.Signals, patience: float) -> None:
    """End a child: each of ``signals`` in turn, ``patience`` seconds apart, then SIGKILL."""
    for how in signals:
        if process.poll() is not None:
            return
        process.send_signal(how)
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            continue
    if process.poll() is None:
        process.kill()
        process.wait()


def strays(name: str, directory: Path, *, account: int, marker: str) -> list[psutil.Process]:
    """Return the processes called ``name`` that work in ``directory``.

    A working directory cannot be forged by a reused number in a pid file. Where it may not be
    read (root without ptrace in a container, looking at another account), a process counts
    when it belongs to ``account`` and shows ``marker`` in its title.
    """
    found = []
    for process in psutil.process_iter(["name", "status"]):
        if process.info["name"] != name or process.info["status"] == psutil.STATUS_ZOMBIE:
            continue
        try:
            mine = Path(f"/proc/{process.pid}/cwd").samefile(directory)
        except PermissionError:
            mine = _shows(process, account, marker)
        except OSError:
            mine = False
        if mine:
            found.append(process)
    return found


def _shows(process: psutil.Process, account: int, marker: str) -> bool:
    try:
        return process.uids().real == account and marker in title(process)
    except psutil.Error:
        return False


def title(process: psutil.Process) -> str:
    """Return how a process names itself, or nothing when it is ending."""
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def end_strays(
    found: Sequence[psutil.Process], *, ask: Sequence[psutil.Process], how: signal.Signals
) -> None:
    """Send ``how`` to those in ``ask``, wait for all, then kill what is left.

    Raises:
        EngineFault: One of them cannot be killed.
    """
    _send(ask, how)
    alive = _outlasting(found, seconds=10)
    _send(alive, signal.SIGKILL)
    alive = _outlasting(alive, seconds=10)
    if alive:
        raise EngineFault(f"old processes do not end: {sorted(p.pid for p in alive)}")


def _outlasting(processes: Sequence[psutil.Process], *, seconds: float) -> list[psutil.Process]:
    """Return those that still run after ``seconds``, sooner when none does."""
    deadline = time.monotonic() + seconds
    alive = [p for p in processes if _runs(p)]
    while alive and time.monotonic() < deadline:
        time.sleep(0.02)
        alive = [p for p in alive if _runs(p)]
    return alive


def _runs(process: psutil.Process) -> bool:
    """Whether a process still holds anything.

    A zombie does not, and in a container whose first process collects nobody it stays.
    """
    try:
        return bool(process.is_running()) and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _send(processes: Sequence[psutil.Process], how: signal.Signals) -> None:
    for process in processes:
        try:
            process.send_signal(how)
        except psutil.NoSuchProcess:
            continue
