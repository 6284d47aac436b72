"""The embedded PostgreSQL: one cluster in one directory, run by one process of ours.

Belongs here: making, starting, finding and stopping it. Does not belong here: what is in it
(`store`, `migrations`) and how root may run it (`ops.privilege`). The wheel supplies programs
only; its launcher trusts pid files and opens root's folders, so it is never used.
"""

import hashlib
import os
import secrets
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Self
from urllib.parse import quote

import psycopg
from psycopg import sql

from ops.exclusive import DirectoryLock
from ops.fault import EngineFault, tail
from ops.privilege import MAJOR, Mode, choose
from ops.process import end, end_strays, run_once, spawn, strays, title

OWNER = "madoguchi"
DATABASE = "madoguchi"

# struct sockaddr_un holds 108 bytes, the last of which is a zero.
_SOCKET_PATH_LIMIT = 107
_SOCKET = ".s.PGSQL.5432"
_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "io_method=sync")


class EmbeddedPostgres:
    """A PostgreSQL cluster that lives in a directory and dies with this process.

    ``start`` may be called again after the server died; acknowledged commits are kept.
    """

    name = "postgres"

    def __init__(
        self,
        directory: Path,
        *,
        log: Path | None = None,
        fast: bool = False,
        mode: Mode | None = None,
        patience: float = 120,
    ) -> None:
        """Prepare, without touching anything but the directory itself.

        Args:
            directory: Where it lives; made if need be.
            log: File for its messages; None puts it into the directory.
            fast: Give up durability; for databases that tests throw away.
            mode: How to run it; None finds out (`ops.privilege`).
            patience: Seconds for a start, which may have to replay a crash.
        """
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._directory = directory.resolve()
        self._footing = choose(self._directory, mode)
        self._home = self._footing.home
        self._data = self._home / "data"
        self._password_file = self._home / "password"
        self._socket_dir = _socket_dir(self._home)
        self._marker = "madoguchi-" + _digest(self._data)
        self._fast, self._patience = fast, patience
        self.log = log or self._directory / "postgres.log"
        self._lock = DirectoryLock(self._directory / "lock")
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def mode(self) -> Mode:
        """How it is run."""
        return self._footing.mode

    @property
    def home(self) -> Path:
        """Where data and password lie: the directory, or the account's own place."""
        return self._home

    @property
    def pid(self) -> int | None:
        """The number of its first process, None before the first start."""
        return self._process.pid if self._process else None

    def url(self, database: str = DATABASE) -> str:
        """Return the owner's URL of a database in SQLAlchemy's form."""
        return self.dsn(database).replace("postgresql://", "postgresql+psycopg://", 1)

    def dsn(self, database: str = DATABASE) -> str:
        """Return the owner's URL of a database as libpq and psycopg read it."""
        password = self._password_file.read_text()
        host = quote(str(self._socket_dir), safe="")
        return f"postgresql://{OWNER}:{password}@/{database}?host={host}"

    def poll(self) -> int | None:
        """Return how the server ended, None while it runs."""
        return self._process.poll() if self._process else None

    def start(self) -> None:
        """Start the server, make cluster and database if need be, and wait until it answers.

        Raises:
            EngineFault: It cannot start here; the message says why.
        """
        self._lock.acquire()
        if self._process is not None and self._process.poll() is None:
            return
        self._clear_away()
        if not self._data.exists():
            self._initialise()
        self._require_our_version()
        self._process = spawn(
            self._command(),
            log=self.log,
            directory=self._home,
            on_parent_death=signal.SIGINT,  # to PostgreSQL, SIGINT is a fast shutdown
            identity=self._footing.identity,
        )
        self._wait()

    def stop(self) -> None:
        """Stop the server and give the directory back; harmless when it does not run."""
        if self._process is not None:
            end(self._process, signal.SIGINT, signal.SIGQUIT, patience=30)
            if self._socket_dir.parent != self._home:
                shutil.rmtree(self._socket_dir, ignore_errors=True)
        self._lock.release()

    def discard(self) -> None:
        """Stop the server and delete all it keeps, wherever that is; for trials."""
        self.stop()
        shutil.rmtree(self._home, ignore_errors=True)

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
        options = [
            "listen_addresses=",
            f"unix_socket_directories={self._socket_dir}",
            "unix_socket_permissions=0700",
            f"cluster_name={self._marker}",
            "timezone=UTC",
            "log_timezone=UTC",
            # A failed statement and the detail of a broken constraint quote people's data.
            "log_error_verbosity=terse",
            "log_min_error_statement=panic",
            *(_FAST if self._fast else ()),
        ]
        switches = [part for option in options for part in ("-c", option)]
        return [self._footing.programs / "postgres", "-D", self._data, *switches]

    def _initialise(self) -> None:
        """Make the cluster under another name first: half a cluster is never taken for one."""
        self._write_password()
        fresh = self._home / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        run_once(
            [
                self._footing.programs / "initdb",
                "--auth=scram-sha-256",
                f"--pwfile={self._password_file}",
                f"--username={OWNER}",
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--locale=C.UTF-8",
                "--no-instructions",
                *(["--no-sync"] if self._fast else []),
                f"--pgdata={fresh}",
            ],
            directory=self._home,
            identity=self._footing.identity,
        )
        fresh.rename(self._data)
        _sync(self._home)

    def _write_password(self) -> None:
        fresh = self._password_file.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        file = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(file, "w") as writer:
            writer.write(secrets.token_urlsafe(24))
            writer.flush()
            os.fsync(writer.fileno())
        self._footing.hand_over(fresh)
        fresh.replace(self._password_file)

    def _require_our_version(self) -> None:
        major = (self._data / "PG_VERSION").read_text().strip()
        if major != str(MAJOR):
            raise EngineFault(
                f"{self._data} was written by PostgreSQL {major}, this is {MAJOR}: "
                "dump it with the old programs and load it with these"
            )

    def _clear_away(self) -> None:
        """End what a killed parent or postmaster left, then remove its traces.

        Only the lock makes this safe: nobody else may be starting in this directory. The pid
        file is never believed; its number may belong to a stranger by now.
        """
        self._socket_dir.mkdir(mode=0o700, exist_ok=True)
        _require_private(self._socket_dir)
        self._footing.hand_over(self._socket_dir)
        if self._data.exists():
            found = strays(
                "postgres", self._data, account=self._footing.account, marker=self._marker
            )
            # Its children retitle themselves; they end by themselves once it is gone.
            head = [p for p in found if str(self._data) in title(p)]
            end_strays(found, ask=head, how=signal.SIGINT)
        for left in (
            self._data / "postmaster.pid",
            self._socket_dir / _SOCKET,
            self._socket_dir / f"{_SOCKET}.lock",
        ):
            left.unlink(missing_ok=True)

    def _wait(self) -> None:
        deadline = time.monotonic() + self._patience
        while True:
            try:
                with psycopg.connect(self.dsn("postgres"), autocommit=True) as connection:
                    _ensure_database(connection)
                    return
            except psycopg.OperationalError as problem:
                if self.poll() is not None:
                    raise EngineFault(f"PostgreSQL ended: {tail(self.log)}") from problem
                if time.monotonic() > deadline:
                    raise EngineFault(
                        f"PostgreSQL does not answer after {self._patience:.0f} s; "
                        f"see {self.log}"
                    ) from problem
                time.sleep(0.03)


def _ensure_database(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    there = connection.execute(
        "SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)
    ).fetchone()
    if there is None:
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER {}").format(
                sql.Identifier(DATABASE), sql.Identifier(OWNER)
            )
        )


def _socket_dir(home: Path) -> Path:
    """Return the directory for the socket: at home, or in a short place if home is long.

    Raises:
        EngineFault: Even the short place is too long for a socket's name.
    """
    short = Path(tempfile.gettempdir()) / f"madoguchi-{os.geteuid()}-{_digest(home)}"
    for place in (home / "run", short):
        if len(os.fsencode(place / f"{_SOCKET}.lock")) <= _SOCKET_PATH_LIMIT:
            return place
    raise EngineFault(
        f"the path {home} is too long for a socket, and so is {short.parent}; "
        "set DATA_DIR (or TMPDIR) to a shorter path"
    )


def _require_private(directory: Path) -> None:
    """Refuse a socket directory that somebody else made first, or can enter."""
    seen = directory.lstat()
    ours = stat.S_ISDIR(seen.st_mode) and not seen.st_mode & 0o077
    if not ours or (os.geteuid() != 0 and seen.st_uid != os.geteuid()):
        raise EngineFault(f"{directory} is not a private directory of ours; remove it")


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def _sync(directory: Path) -> None:
    file = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
