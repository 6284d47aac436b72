"""The two embedded engines together, as the settings ask for them.

Belongs here: which engines are ours, where they keep things, and their order. Does not belong
here: how one engine works (`ops.postgres`, `ops.temporal`) and what runs on them (`ops.run`).
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from ops.exclusive import DirectoryLock
from ops.fault import EngineFault
from ops.postgres import EmbeddedPostgres
from ops.temporal import EmbeddedTemporal
from settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Engines:
    """A running database and workflow engine, ours or somebody else's."""

    database_owner_url: str
    """The database as the role that owns the schema."""

    temporal_address: str
    """host:port of the workflow engine."""

    postgres: EmbeddedPostgres | None
    """Ours, None when DATABASE_URL names another."""

    temporal: EmbeddedTemporal | None
    """Ours, None when TEMPORAL_ADDRESS names another."""


def logs(settings: Settings) -> Path:
    """Return the folder with one log per process."""
    return settings.data_dir / "log"


@contextmanager
def engines(settings: Settings, *, ui: bool = False) -> Iterator[Engines]:
    """Run what the settings leave to us; at the end stop it.

    The workflow engine boots while the database starts, but both answer on entry.

    Args:
        settings: Which engines are somebody else's, and where ours keep their data.
        ui: Serve Temporal's own pages too.

    Raises:
        EngineFault: Another process works in the same directory, an engine does not start,
            or a rehearsal was asked for on engines that are not ours.
    """
    if settings.rehearsal and not settings.embedded:
        raise EngineFault(
            "a rehearsal moves the clock of cases and runs on embedded engines only; "
            "unset DATABASE_URL and TEMPORAL_ADDRESS"
        )
    with ExitStack() as stack:
        stack.enter_context(DirectoryLock(settings.data_dir / "lock"))
        temporal = _temporal(settings, ui=ui)
        if temporal is not None:
            stack.callback(temporal.stop)
            temporal.launch()
        postgres = _postgres(settings)
        if postgres is not None:
            stack.enter_context(postgres)
        if temporal is not None:
            temporal.wait_ready()
        yield Engines(
            database_owner_url=postgres.url() if postgres else _owner_url(settings),
            temporal_address=temporal.address if temporal else str(settings.temporal_address),
            postgres=postgres,
            temporal=temporal,
        )


def _postgres(settings: Settings) -> EmbeddedPostgres | None:
    if settings.database_url is not None:
        return None
    directory = settings.data_dir / "postgres"
    return EmbeddedPostgres(directory, log=logs(settings) / "postgres.log")


def _temporal(settings: Settings, *, ui: bool) -> EmbeddedTemporal | None:
    if settings.temporal_address is not None:
        return None
    return EmbeddedTemporal(
        settings.data_dir,
        namespace=settings.temporal_namespace,
        log=logs(settings) / "temporal.log",
        time_skipping=settings.rehearsal,
        ui=ui,
    )


def _owner_url(settings: Settings) -> str:
    return settings.database_owner_url or str(settings.database_url)
