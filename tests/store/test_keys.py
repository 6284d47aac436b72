"""Three layers of keys: what each opens, and what is lost with it."""

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap
from sqlalchemy import Engine

from ops.wiring import cipher
from store import keys as module
from store.keys import (
    InvalidTag,
    KeyGone,
    KeyRing,
    MasterKeys,
    add_master_key,
    seal,
    unseal,
)
from store.scope import scope
from tests.visits_at_hand import open_visit, rows

AT = datetime(2026, 11, 9, tzinfo=UTC)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "master.key"


@pytest.fixture
def ring(app: Engine, file: Path) -> KeyRing:
    return KeyRing(app, MasterKeys.from_file(file))


def test_the_file_is_made_for_its_owner_only_and_refused_when_others_may_read(
    file: Path,
) -> None:
    """
    Who reads this file reads everything.
    """
    made = MasterKeys.from_file(file)
    file.chmod(0o640)

    assert (["m1"], "m1") == (list(made.keys), made.current)
    with pytest.raises(ValueError, match="chmod 600"):
        MasterKeys.from_file(file)


def test_a_new_master_key_becomes_the_current_one_and_keeps_the_others(file: Path) -> None:
    """
    What an older key wrapped has to be opened once more, to be wrapped anew.
    """
    before = MasterKeys.from_file(file)
    add_master_key(file, "m2")
    after = MasterKeys.from_file(file)

    assert (before.keys["m1"], "m2") == (after.keys["m1"], after.current)
    assert 0o600 == file.stat().st_mode & 0o777
    with pytest.raises(ValueError, match="taken"):
        add_master_key(file, "m2")


@pytest.mark.parametrize("line", ["m2:AAAA\n", ":\n", "m2\n"])
def test_a_line_that_is_no_key_is_refused(file: Path, line: str) -> None:
    """
    A short key would work, and protect nothing.
    """
    MasterKeys.from_file(file)
    file.write_text(file.read_text() + line)

    with pytest.raises(ValueError, match="expected id:base64"):
        MasterKeys.from_file(file)


def test_what_is_sealed_opens_only_with_its_key_unchanged_and_about_the_same() -> None:
    """
    A ciphertext moved to another case must not open there.
    """
    key, other = bytes(32), bytes([1]) * 32
    sealed = seal(key, b"secret", about="ota/1")

    assert b"secret" == unseal(key, sealed, about="ota/1")
    assert sealed != seal(key, b"secret", about="ota/1")
    for wrong in (
        (other, sealed, "ota/1"),
        (key, sealed[:-1] + bytes([sealed[-1] ^ 1]), "ota/1"),
        (key, sealed, "ota/2"),
    ):
        with pytest.raises(InvalidTag):
            unseal(wrong[0], wrong[1], about=wrong[2])


def test_every_case_has_a_key_of_its_own(app: Engine, owner: Engine, ring: KeyRing) -> None:
    """
    Deleting one must not take others with it, and none lies in the database as it is.
    """
    refs = [open_visit(app, ring) for _ in range(3)]
    found = {ring.case_key("ota", ref.case_id) for ref in refs}
    stored = {bytes(row[0]) for row in rows(owner, "SELECT wrapped FROM data_key")}

    assert (3, 3) == (len(found), len(stored))
    assert set() == found & stored


def test_a_case_without_a_key_has_none_made_by_asking(ring: KeyRing) -> None:
    """
    A mistyped id would seal something that nobody finds again.
    """
    with pytest.raises(KeyGone):
        ring.case_key("ota", "no-such-case")


def test_another_master_key_opens_nothing(app: Engine, ring: KeyRing) -> None:
    """
    The control of the upper layer: the database alone, with any other file, is worthless.
    """
    ref = open_visit(app, ring)
    stranger = KeyRing(app, MasterKeys(keys={"m1": bytes(32)}, current="m1"))

    with pytest.raises(InvalidUnwrap):
        stranger.case_key("ota", ref.case_id)


def test_rotation_wraps_anew_once_and_keeps_every_key(
    app: Engine, owner: Engine, ring: KeyRing, file: Path
) -> None:
    """
    Two keys are wrapped anew instead of everything they ever sealed.
    """
    cases = {city: open_visit(app, ring, municipality=city) for city in ("ota", "chiba")}
    before = {city: ring.case_key(city, ref.case_id) for city, ref in cases.items()}
    add_master_key(file, "m2")
    rotated = KeyRing(app, MasterKeys.from_file(file))

    counts = [rotated.rotate(["ota", "chiba", "yokosuka"]) for _ in range(2)]
    only_new = MasterKeys(keys={"m2": MasterKeys.from_file(file).keys["m2"]}, current="m2")
    after = {
        city: KeyRing(app, only_new).case_key(city, ref.case_id) for city, ref in cases.items()
    }

    assert ([2, 0], before) == (counts, after)
    assert [("m2",)] == rows(owner, "SELECT DISTINCT master_id FROM municipality_key")


def test_a_ring_from_before_the_rotation_reads_the_file_again(
    app: Engine, ring: KeyRing, file: Path
) -> None:
    """
    Server and worker run on while an operator rotates.
    """
    ref = open_visit(app, ring)
    add_master_key(file, "m2")
    KeyRing(app, MasterKeys.from_file(file)).rotate(["ota"])

    assert ring.case_key("ota", ref.case_id)
    assert open_visit(app, ring)


def test_second_factors_registered_before_a_rotation_still_open(file: Path) -> None:
    """
    Otherwise a rotation would lock out everybody who has an authenticator app.
    """
    sealed = cipher(MasterKeys.from_file(file)).encrypt(b"secret")
    add_master_key(file, "m2")

    assert b"secret" == cipher(MasterKeys.from_file(file)).decrypt(sealed)


def test_a_deleted_key_is_gone_and_no_other(app: Engine, ring: KeyRing) -> None:
    """
    Rolled back it is still there; committed it is not, also not in this process's memory.
    """
    first, second = (open_visit(app, ring) for _ in range(2))
    key = ring.case_key("ota", first.case_id)
    with scope(app, "ota") as connection:
        ring.delete_case_key(connection, "ota", first.case_id, at=AT)
        connection.rollback()
    rolled_back = ring.case_key("ota", first.case_id)
    with scope(app, "ota") as connection:
        deleted = ring.delete_case_key(connection, "ota", first.case_id, at=AT)
        again = ring.delete_case_key(connection, "ota", first.case_id, at=AT)

    assert (key, True, False) == (rolled_back, deleted, again)
    assert ring.case_key("ota", second.case_id)
    with pytest.raises(KeyGone):
        ring.case_key("ota", first.case_id)


def test_a_key_deleted_elsewhere_is_forgotten_after_a_while(
    app: Engine, file: Path, ring: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    A worker that remembered keys for good would undo the deletion until it is restarted.
    """
    ref = open_visit(app, ring)
    ring.case_key("ota", ref.case_id)
    with scope(app, "ota") as connection:
        elsewhere = KeyRing(app, MasterKeys.from_file(file))
        elsewhere.delete_case_key(connection, "ota", ref.case_id, at=AT)
    remembered = ring.remembered("ota", ref.case_id)
    later = time.monotonic() + module._REMEMBERED_FOR.total_seconds() + 1
    monkeypatch.setattr(time, "monotonic", lambda: later)

    assert remembered is not None
    with pytest.raises(KeyGone):
        ring.case_key("ota", ref.case_id)


def test_with_the_citys_key_all_its_cases_are_gone_and_no_other_citys(
    app: Engine, ring: KeyRing
) -> None:
    """
    The end of a contract is one deletion, and it makes no new key afterwards.
    """
    own, foreign = open_visit(app, ring), open_visit(app, ring, municipality="chiba")
    ring.case_key("ota", own.case_id)
    with scope(app, "ota") as connection:
        ring.delete_municipality_key(connection, "ota", at=AT)

    assert ring.case_key("chiba", foreign.case_id)
    for attempt in (lambda: ring.case_key("ota", own.case_id), lambda: open_visit(app, ring)):
        with pytest.raises(KeyGone):
            attempt()
