"""The environment as one frozen value; nothing else in the product reads it.

Belongs here: which variable means what, its default, and the sentence a person gets when a
value is wrong. Does not belong here: anything that acts on a setting. Standard library only,
because the set-up reads it before anything is installed.
"""

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

DEFAULT_PORT = 8000
DEFAULT_DATA_DIR = ".madoguchi"
DEFAULT_NAMESPACE = "default"
MASTER_KEY = "keys/master.key"

_LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
_TRUE, _FALSE = ("1", "true", "yes", "on"), ("", "0", "false", "no", "off")
_SQLALCHEMY_SCHEME = "postgresql+psycopg://"
_DATABASE_SCHEMES = (_SQLALCHEMY_SCHEME, "postgresql://", "postgres://")


class WrongSetting(ValueError):
    """A variable of the environment cannot be used; the message names it."""

    def __init__(self, variable: str, problem: str) -> None:
        super().__init__(f"{variable} {problem}")
        self.variable = variable


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the environment asks for."""

    port: int = DEFAULT_PORT
    """Where the web server listens."""

    port_given: bool = False
    """Whether a person chose the port: then no other may be taken instead."""

    data_dir: Path = Path(DEFAULT_DATA_DIR)
    """Everything the embedded engines and the product keep, as an absolute path."""

    database_url: str | None = None
    """The application's database in SQLAlchemy's form; None means the embedded one."""

    database_owner_url: str | None = None
    """The same database as the role that owns the schema; only migrations use it."""

    temporal_address: str | None = None
    """host:port of the workflow engine; None means the embedded one."""

    temporal_namespace: str = DEFAULT_NAMESPACE
    """The namespace all workflows live in."""

    rehearsal: bool = False
    """Whether cases may be fast-forwarded."""

    log_level: str = "INFO"
    """The least severe log event that is written."""

    master_key_file: Path = Path(DEFAULT_DATA_DIR) / MASTER_KEY
    """The key that wraps every other key."""

    metrics_port: int | None = None
    """Where the worker shows its figures to this machine; None shows none."""

    install_packages: bool = True
    """Whether the set-up may call the system's package manager when it is root."""

    @property
    def embedded(self) -> bool:
        """Whether both engines are our own."""
        return self.database_url is None and self.temporal_address is None


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings of this process.

    Args:
        environ: Variables to read; None reads the process's own.

    Raises:
        WrongSetting: A variable has a value that cannot be used.
    """
    env = os.environ if environ is None else environ
    data_dir = Path(env.get("DATA_DIR") or DEFAULT_DATA_DIR).expanduser().absolute()
    key_file = env.get("MASTER_KEY_FILE")
    return Settings(
        port=_number(env, "PORT"),
        port_given=bool(env.get("PORT")),
        data_dir=_directory(data_dir),
        database_url=_database(env, "DATABASE_URL"),
        database_owner_url=_database(env, "DATABASE_OWNER_URL"),
        temporal_address=_address(env),
        temporal_namespace=env.get("TEMPORAL_NAMESPACE") or DEFAULT_NAMESPACE,
        rehearsal=_flag(env, "REHEARSAL"),
        log_level=_log_level(env),
        master_key_file=(
            Path(key_file).expanduser().absolute() if key_file else data_dir / MASTER_KEY
        ),
        metrics_port=_number(env, "METRICS_PORT") if env.get("METRICS_PORT") else None,
        install_packages=not _flag(env, "NO_APT"),
    )


def child_environment(
    changes: Mapping[str, str], *, without: Collection[str] = ()
) -> dict[str, str]:
    """Return the environment for a process of ours: this one's with ``changes``.

    Args:
        changes: Variables to set.
        without: Variables that the process must not see.
    """
    kept = {name: value for name, value in os.environ.items() if name not in without}
    return {**kept, **changes}


def _number(env: Mapping[str, str], variable: str) -> int:
    text = env.get(variable) or str(DEFAULT_PORT)
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise WrongSetting(variable, "must be a number from 1 to 65535")
    return int(text)


def _directory(path: Path) -> Path:
    if path.exists() and not path.is_dir():
        raise WrongSetting("DATA_DIR", f"is not a directory: {path}")
    return path


def _database(env: Mapping[str, str], variable: str) -> str | None:
    """Return the URL with the driver that is installed, whatever spelling was given.

    The message does not repeat the value: it holds a password.
    """
    url = env.get(variable)
    if not url:
        return None
    for scheme in _DATABASE_SCHEMES:
        if url.startswith(scheme):
            return _SQLALCHEMY_SCHEME + url.removeprefix(scheme)
    raise WrongSetting(variable, "must begin with postgresql://")


def _address(env: Mapping[str, str]) -> str | None:
    address = env.get("TEMPORAL_ADDRESS")
    if not address:
        return None
    host, _, port = address.rpartition(":")
    if not host or "/" in address or not port.isdigit():
        raise WrongSetting("TEMPORAL_ADDRESS", f"must be host:port, not {address!r}")
    return address


def _flag(env: Mapping[str, str], variable: str) -> bool:
    text = env.get(variable, "").strip().lower()
    if text not in _TRUE + _FALSE:
        raise WrongSetting(variable, "must be 1 or 0")
    return text in _TRUE


def _log_level(env: Mapping[str, str]) -> str:
    level = (env.get("LOG_LEVEL") or "INFO").upper()
    if level not in _LOG_LEVELS:
        raise WrongSetting("LOG_LEVEL", f"must be one of {', '.join(_LOG_LEVELS)}")
    return level
