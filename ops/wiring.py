"""What worker, server and commands are put together from, out of the settings.

Composition only: no rules and no routes.
"""

import base64
import hashlib
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Engine
from temporalio.client import Client
from temporalio.envconfig import ClientConfig
from temporalio.runtime import PrometheusConfig, Runtime, TelemetryConfig
from temporalio.testing import TimeSkipper, TimeSkippingConfig

from activities.binding import end_with_parent
from activities.list_files import ListFiles
from activities.list_sending import CityLists
from activities.mail import Mailer, NoMailer, Server, SmtpMailer
from activities.messages_facts import Link
from activities.messages_sending import OutgoingMessages
from activities.messages_sms import NoSms, SmsFolder
from activities.notices import Press
from api.booking import links
from contracts.book import ContractBook
from domain.case import CaseRef
from settings import Settings, WrongSetting
from store.codec import sealed_converter
from store.contract_state import kept_version
from store.engine import STATEMENT_TIMEOUT, build_engine
from store.keys import KeyRing, MasterKeys
from store.scope import scope

PROJECT = Path(__file__).resolve().parent.parent
_PATIENCE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Everything a process of the product works with, but the workflow engine."""

    engine: Engine
    masters: MasterKeys
    keys: KeyRing
    book: ContractBook


def parts(
    chosen: Settings, *, process: str, pool_size: int = 8, patient: bool = False
) -> Parts:
    """Return the parts for a process; ``process`` names it to the database.

    Args:
        chosen: Where everything is.
        process: The name.
        pool_size: How many connections it keeps.
        patient: Whether it reads whole records: nobody waits for such a statement.

    Raises:
        WrongSetting: No database is named.
    """
    if chosen.database_url is None:
        raise WrongSetting("DATABASE_URL", "must be set for this process; see make run")
    engine = build_engine(
        chosen.database_url,
        application_name=f"madoguchi {process}",
        pool_size=pool_size,
        statement_timeout=_PATIENCE if patient else STATEMENT_TIMEOUT,
    )
    masters = MasterKeys.from_file(chosen.master_key_file)
    return Parts(
        engine=engine,
        masters=masters,
        keys=KeyRing(engine, masters),
        book=ContractBook(partial(kept_version, engine)),
    )


async def connect(
    chosen: Settings, keys: KeyRing, *, lazy: bool = False, measured: bool = False
) -> Client:
    """Return a client of the workflow engine; TLS and the rest come from its own variables.

    Args:
        chosen: Where the engine is.
        keys: What payloads are sealed with.
        lazy: Connect at the first question, so that a process can start without the engine.
        measured: Show the SDK's figures where the settings say, to this machine only.
    """
    config = ClientConfig.load_client_connect_config()
    config.setdefault("target_host", chosen.temporal_address or "127.0.0.1:7233")
    config["namespace"] = chosen.temporal_namespace
    return await Client.connect(
        **config,
        data_converter=sealed_converter(keys),
        lazy=lazy,
        runtime=_measuring(chosen.metrics_port) if measured else None,
    )


def _measuring(port: int | None) -> Runtime | None:
    if port is None:
        return None
    shown = PrometheusConfig(bind_address=f"127.0.0.1:{port}")
    return Runtime(telemetry=TelemetryConfig(metrics=shown))


def skipper(chosen: Settings, client: Client) -> TimeSkipper | None:
    """Return what moves the clocks of cases; ``None`` unless this is a rehearsal.

    Nothing skips by itself: clocks stand with the wall until somebody moves them.
    """
    if not chosen.rehearsal:
        return None
    return TimeSkipper(client, config=TimeSkippingConfig(enabled=False))


def messages(chosen: Settings, made: Parts) -> OutgoingMessages:
    """Return what sends messages to people outside, by the servers that the settings name."""
    return OutgoingMessages(
        made.engine,
        made.keys,
        made.book,
        mailer=_mailer(chosen),
        sms=SmsFolder(chosen.sms_dir) if chosen.sms_dir else NoSms(),
        sender=chosen.mail_from,
        link=citizen_link(chosen.public_url, made.engine, made.keys),
    )


def city_lists(chosen: Settings, made: Parts, press: Press) -> CityLists:
    """Return what brings reservation lists to cities, by the server that the settings name."""
    return CityLists(
        made.engine,
        made.keys,
        made.book,
        ListFiles(press),
        mailer=_mailer(chosen),
        sender=chosen.mail_from,
    )


def _mailer(chosen: Settings) -> Mailer:
    return SmtpMailer(Server.at(chosen.smtp_url)) if chosen.smtp_url else NoMailer()


def citizen_link(public_url: str | None, engine: Engine, keys: KeyRing) -> Link:
    """Return what makes the address under which a citizen sees their booking.

    Empty where nobody said under which address the pages are reached: a message without a
    link is better than one with a link that leads nowhere.
    """

    def link(case: CaseRef, generation: int) -> str:
        if public_url is None:
            return ""
        with scope(engine, case.municipality) as connection:
            key = keys.municipality_key(connection, case.municipality)
        token = links.make(
            key,
            municipality=case.municipality,
            case_id=case.case_id,
            generation=generation,
        )
        return f"{public_url}/book/{case.contract}/r/{token}"

    return link


def printing_process() -> ProcessPoolExecutor:
    """Return one process that prints; it is replaced now and then to give memory back."""
    return ProcessPoolExecutor(
        1,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=end_with_parent,
        max_tasks_per_child=200,
    )


def cipher(masters: MasterKeys) -> MultiFernet:
    """Return what seals second-factor secrets: keys of their own out of the master keys.

    The current one seals; what was sealed before a rotation still opens.
    """
    others = [key for name, key in masters.keys.items() if name != masters.current]
    return MultiFernet([_derived(key) for key in (masters.keys[masters.current], *others)])


def _derived(master: bytes) -> Fernet:
    derived = HKDF(
        algorithm=hashes.SHA256(), length=32, salt=None, info=b"madoguchi second factor"
    ).derive(master)
    return Fernet(base64.urlsafe_b64encode(derived))


def build_id() -> str:
    """Return what names this code: a digest over the modules that workflows run."""
    digest = hashlib.sha256()
    for folder in ("domain", "workflows"):
        for path in sorted((PROJECT / folder).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
