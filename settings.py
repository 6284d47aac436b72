"""The environment as one frozen value; nothing else in the product reads it.

Belongs here: which variable means what, its default, and the sentence a person gets when a
value is wrong. Does not belong here: anything that acts on a setting. Standard library only,
because the set-up reads it before anything is installed.
"""

import os
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

DEFAULT_PORT = 8000
DEFAULT_DATA_DIR = ".madoguchi"
DEFAULT_NAMESPACE = "default"
MASTER_KEY = "keys/master.key"
DEFAULT_MAIL_FROM = "no-reply@madoguchi.invalid"
"""Nobody's: good enough for mails that stay on this machine."""

_LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
_ADDRESS = re.compile(r"[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_TRUE, _FALSE = ("1", "true", "yes", "on"), ("", "0", "false", "no", "off")
_SQLALCHEMY_SCHEME = "postgresql+psycopg://"
_SMTP_SCHEMES = ("smtp", "smtp+tls", "smtps")
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

    smtp_url: str | None = None
    """Where mails are handed over; None means a server of our own that keeps them."""

    mail_from: str = DEFAULT_MAIL_FROM
    """The address that mails come from."""

    mail_dir: Path | None = None
    """Where our own mail server keeps what it took; None where there is none."""

    sms_dir: Path | None = None
    """Where short messages are left as files; None where there is no way to send any."""

    public_url: str | None = None
    """Under which address citizens reach the pages, for links; None makes no links."""

    trusted_proxies: tuple[str, ...] = ()
    """Networks of the proxies whose word on where a request comes from counts; none by default:
    then the address is the connection's."""

    install_packages: bool = True
    """Whether the set-up may call the system's package manager when it is root."""

    @property
    def embedded(self) -> bool:
        """Whether both engines are our own."""
        return self.database_url is None and self.temporal_address is None

    @property
    def https(self) -> bool:
        """Whether browsers reach the pages by https, so that no cookie goes another way."""
        return self.public_url is not None and self.public_url.startswith("https://")


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
        smtp_url=_smtp(env),
        mail_from=_mail_from(env),
        mail_dir=_path(env, "MAIL_DIR"),
        sms_dir=_path(env, "SMS_DIR"),
        public_url=_public(env),
        trusted_proxies=_proxies(env),
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


def _path(env: Mapping[str, str], variable: str) -> Path | None:
    path = env.get(variable)
    return Path(path).expanduser().absolute() if path else None


def _smtp(env: Mapping[str, str]) -> str | None:
    """Return the URL if it names a server; the message does not repeat it, for its password."""
    url = env.get("SMTP_URL")
    if not url:
        return None
    try:
        parts = urlsplit(url)
        usable = parts.scheme in _SMTP_SCHEMES and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise WrongSetting("SMTP_URL", "must be smtp://, smtp+tls:// or smtps:// with a host")
    return url


def _mail_from(env: Mapping[str, str]) -> str:
    """Return the address that mails come from; a server of somebody else wants a real one."""
    address = env.get("MAIL_FROM")
    if not address:
        host = urlsplit(_smtp(env) or "").hostname
        if host not in {None, *_THIS_MACHINE}:
            raise WrongSetting("MAIL_FROM", "must be set where SMTP_URL is")
        return DEFAULT_MAIL_FROM
    if not address.isascii() or not _ADDRESS.fullmatch(address):
        raise WrongSetting("MAIL_FROM", "must be an address such as no-reply@city.example")
    return address


def _public(env: Mapping[str, str]) -> str | None:
    url = env.get("PUBLIC_URL")
    if not url:
        return None
    parts = urlsplit(url)
    bare = not (parts.query or parts.fragment or parts.username)
    if parts.scheme not in {"http", "https"} or not parts.hostname or not bare:
        raise WrongSetting("PUBLIC_URL", "must be https:// with a host")
    return url.rstrip("/")


def _proxies(env: Mapping[str, str]) -> tuple[str, ...]:
    """Return the networks of the proxies; a name or "everybody" would be anybody's word."""
    found = []
    for each in (env.get("TRUSTED_PROXIES") or "").replace(",", " ").split():
        try:
            network = ip_network(each)
        except ValueError:
            network = None
        if network is None or not network.prefixlen:
            raise WrongSetting("TRUSTED_PROXIES", "must be addresses or networks: 10.0.0.5")
        found.append(str(network) if network.num_addresses > 1 else each)
    return tuple(found)


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
