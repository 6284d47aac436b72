"""The keys that records, vault and workflow payloads are sealed with.

Three layers: a master key that can be rotated wraps one key per municipality, which wraps
one key per case. Deleting a wrapped key makes everything sealed with it unreadable at
once and for good, in every backup that does not hold the key table too.

Nothing here decides when a key is deleted; see the retention rules of the contract.
"""

import base64
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import aes_key_unwrap, aes_key_wrap
from sqlalchemy import Connection, Engine, text

from store.scope import scope

_NONCE_BYTES = 12
_KEY_BITS = 256
_CITY = ""
"""Where the key of the municipality itself is remembered; no case has an empty id."""
_CACHED_KEYS = 20_000
_REMEMBERED_FOR = timedelta(minutes=10)
"""How long a key that another process deleted may still open something here."""


class KeyGone(Exception):
    """The key was deleted: what it sealed cannot be read again."""


class CityKeyGone(KeyGone):
    """It was that of a whole municipality: nothing can be sealed for it any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MasterKeys:
    """The master keys by id; new keys are wrapped with ``current``."""

    keys: Mapping[str, bytes]
    current: str
    file: Path | None = None
    """Where they came from, to be read again once somebody has added one."""

    @classmethod
    def from_file(cls, path: Path) -> "MasterKeys":
        """Read ``id:base64`` lines, the current key last; make the file if there is none.

        The file is created with one random key and mode 0600.

        Raises:
            ValueError: A line is not a key, or others may read the file.
        """
        if not path.exists():
            add_master_key(path, "m1")
        if path.stat().st_mode & 0o077:
            raise ValueError(f"{path}: must be readable by its owner only (chmod 600)")
        keys: dict[str, bytes] = {}
        for number, line in enumerate(path.read_text().splitlines(), 1):
            name, _, encoded = line.partition(":")
            key = base64.b64decode(encoded)
            if not name or len(key) * 8 != _KEY_BITS:
                raise ValueError(f"{path}:{number}: expected id:base64 of a 256-bit key")
            keys[name] = key
        return cls(keys=keys, current=list(keys)[-1], file=path)


def add_master_key(path: Path, key_id: str) -> None:
    """Append a random key to the file, which makes it the current one.

    Raises:
        ValueError: The id is taken.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    held = path.read_text() if path.exists() else ""
    if any(line.startswith(f"{key_id}:") for line in held.splitlines()):
        raise ValueError(f"{path}: the id {key_id} is taken")
    encoded = base64.b64encode(AESGCM.generate_key(_KEY_BITS)).decode()
    fresh = path.with_suffix(".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(f"{held}{key_id}:{encoded}\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def seal(key: bytes, plain: bytes, *, about: str) -> bytes:
    """Return nonce and AES-256-GCM ciphertext, bound to ``about``."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, about.encode())


def unseal(key: bytes, sealed: bytes, *, about: str) -> bytes:
    """Return what ``seal`` was given.

    Raises:
        InvalidTag: It was changed, sealed with another key, or about something else.
    """
    return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], about.encode())


class KeyRing:
    """Keys of cases and municipalities, unwrapped on demand and remembered.

    Thread-safe. A key deleted by another process is forgotten here when ``forget`` is
    called or some minutes later; readers of personal data check the vault row first, which
    is erased in the same transaction as the key. A master key added by another process is
    read from the file when it is first met.
    """

    def __init__(self, engine: Engine, masters: MasterKeys) -> None:
        self._engine = engine
        self._masters = masters
        self._known: OrderedDict[tuple[str, str], tuple[bytes, float]] = OrderedDict()
        self._lock = threading.Lock()

    def case_key(self, municipality: str, case_id: str) -> bytes:
        """Return the key of a case.

        Raises:
            KeyGone: It was deleted, or there never was one.
        """
        known = self.remembered(municipality, case_id)
        if known is not None:
            return known
        with scope(self._engine, municipality) as connection:
            return self.case_keys(connection, municipality, [case_id])[case_id]

    def case_keys(
        self, connection: Connection, municipality: str, case_ids: Iterable[str]
    ) -> dict[str, bytes]:
        """Return the keys of several cases, within the caller's transaction.

        Raises:
            KeyGone: One of them was deleted, or there never was one.
        """
        wanted = list(case_ids)
        # One statement and no lock: every course and every reader of a reason comes here.
        rows = connection.execute(
            text(
                "SELECT case_id, data_key.wrapped, master_id, municipality_key.wrapped AS city"
                " FROM data_key JOIN municipality_key USING (municipality)"
                " WHERE municipality = :municipality AND case_id = ANY(:ids)"
                " AND data_key.wrapped IS NOT NULL AND municipality_key.wrapped IS NOT NULL"
            ),
            {"municipality": municipality, "ids": wanted},
        )
        found = {row.case_id: row for row in rows}
        keys: dict[str, bytes] = {}
        city_key = b""
        for case_id in wanted:
            row = found.get(case_id)
            if row is None:
                raise KeyGone(case_id)
            city_key = city_key or aes_key_unwrap(self._master(row.master_id), bytes(row.city))
            keys[case_id] = aes_key_unwrap(city_key, bytes(row.wrapped))
            self._remember(municipality, case_id, keys[case_id])
        return keys

    def new_case_keys(
        self, connection: Connection, municipality: str, case_ids: Iterable[str]
    ) -> dict[str, bytes]:
        """Make a key for each case, within the caller's transaction.

        The keys are remembered only by the caller until the transaction commits.
        """
        city_key = self.municipality_key(connection, municipality)
        keys = {case_id: AESGCM.generate_key(_KEY_BITS) for case_id in case_ids}
        connection.execute(
            text(
                "INSERT INTO data_key (case_id, municipality, wrapped)"
                " VALUES (:case_id, :municipality, :wrapped)"
            ),
            [
                {
                    "case_id": case_id,
                    "municipality": municipality,
                    "wrapped": aes_key_wrap(city_key, key),
                }
                for case_id, key in keys.items()
            ],
        )
        return keys

    def case_key_ahead(self, municipality: str) -> tuple[bytes, bytes]:
        """Return a new key for a case, and how it is to be kept.

        Whoever keeps it has to make sure in the same transaction that the municipality
        still has its own.

        Raises:
            KeyGone: It was deleted at the end of the contract.
        """
        key = AESGCM.generate_key(_KEY_BITS)
        return key, aes_key_wrap(self.city_key(municipality), key)

    def municipality_key(self, connection: Connection, municipality: str) -> bytes:
        """Return the key of a municipality, made on first use.

        Raises:
            CityKeyGone: It was deleted at the end of the contract.
        """
        fresh = AESGCM.generate_key(_KEY_BITS)
        connection.execute(
            text(
                "INSERT INTO municipality_key (municipality, master_id, wrapped)"
                " VALUES (:municipality, :master_id, :wrapped) ON CONFLICT DO NOTHING"
            ),
            {
                "municipality": municipality,
                "master_id": self._masters.current,
                "wrapped": aes_key_wrap(self._masters.keys[self._masters.current], fresh),
            },
        )
        row = connection.execute(
            text(
                "SELECT master_id, wrapped FROM municipality_key"
                " WHERE municipality = :municipality FOR SHARE"
            ),
            {"municipality": municipality},
        ).one()
        if row.wrapped is None:
            raise CityKeyGone(municipality)
        # Not remembered here: the transaction that made it may still be rolled back.
        return aes_key_unwrap(self._master(row.master_id), bytes(row.wrapped))

    def city_key(self, municipality: str) -> bytes:
        """Return the key of a municipality for searching and signing, remembered as others are.

        Raises:
            KeyGone: It was deleted at the end of the contract.
        """
        known = self.remembered(municipality, _CITY)
        if known is not None:
            return known
        with scope(self._engine, municipality) as connection:
            key = self.municipality_key(connection, municipality)
        # The transaction that may have made it is committed.
        self._remember(municipality, _CITY, key)
        return key

    def rotate(self, municipalities: Iterable[str]) -> int:
        """Wrap each municipality's key with the current master key; return how many changed."""
        current = self._masters.current
        changed = 0
        for municipality in municipalities:
            with scope(self._engine, municipality) as connection:
                row = connection.execute(
                    text("SELECT master_id, wrapped FROM municipality_key FOR UPDATE")
                ).one_or_none()
                if row is None or row.wrapped is None or row.master_id == current:
                    continue
                key = aes_key_unwrap(self._master(row.master_id), bytes(row.wrapped))
                connection.execute(
                    text(
                        "UPDATE municipality_key SET master_id = :master_id, wrapped = :wrapped"
                    ),
                    {
                        "master_id": current,
                        "wrapped": aes_key_wrap(self._masters.keys[current], key),
                    },
                )
                changed += 1
        return changed

    def delete_case_key(
        self, connection: Connection, municipality: str, case_id: str, *, at: datetime
    ) -> bool:
        """Delete the key of a case; return whether there was one left.

        What it sealed cannot be read again once the caller's transaction commits.
        """
        deleted = connection.execute(
            text(
                "UPDATE data_key SET wrapped = NULL, shredded_at = :at"
                " WHERE case_id = :case_id AND wrapped IS NOT NULL"
            ),
            {"case_id": case_id, "at": at},
        )
        self.forget(municipality, case_id)
        return deleted.rowcount == 1

    def delete_municipality_key(
        self, connection: Connection, municipality: str, *, at: datetime
    ) -> bool:
        """Delete the key of a municipality and with it those of all its cases."""
        deleted = connection.execute(
            text(
                "UPDATE municipality_key SET wrapped = NULL, shredded_at = :at"
                " WHERE wrapped IS NOT NULL"
            ),
            {"at": at},
        )
        connection.execute(
            text(
                "UPDATE data_key SET wrapped = NULL, shredded_at = :at"
                " WHERE wrapped IS NOT NULL"
            ),
            {"at": at},
        )
        with self._lock:
            for known in [known for known in self._known if known[0] == municipality]:
                del self._known[known]
        return deleted.rowcount == 1

    def forget(self, municipality: str, case_id: str) -> None:
        """Drop a remembered key, so that the next use reads the table again."""
        with self._lock:
            self._known.pop((municipality, case_id), None)

    def remembered(self, municipality: str, case_id: str) -> bytes | None:
        """Return a key unwrapped lately in this process, without asking the database."""
        with self._lock:
            key, until = self._known.get((municipality, case_id), (None, 0.0))
            if key is None or until < time.monotonic():
                return None
            self._known.move_to_end((municipality, case_id))
            return key

    def _remember(self, municipality: str, case_id: str, key: bytes) -> None:
        until = time.monotonic() + _REMEMBERED_FOR.total_seconds()
        with self._lock:
            self._known[municipality, case_id] = key, until
            while len(self._known) > _CACHED_KEYS:
                self._known.popitem(last=False)

    def _master(self, master_id: str) -> bytes:
        if master_id not in self._masters.keys and self._masters.file is not None:
            self._masters = MasterKeys.from_file(self._masters.file)
        return self._masters.keys[master_id]


__all__ = [
    "CityKeyGone",
    "InvalidTag",
    "KeyGone",
    "KeyRing",
    "MasterKeys",
    "add_master_key",
    "seal",
    "unseal",
]
