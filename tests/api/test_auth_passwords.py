"""Hashes a few at a time, and codes that fit."""

import threading
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pyotp
import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from api.access import second_factor
from api.access.passwords import Passwords, Verdict, new_password, require_usable
from domain.errors import TooManyAttempts
from tests.api.entrance import CountingHasher

NOW = datetime(2026, 12, 17, 8, 20, 10, tzinfo=ZoneInfo("Asia/Tokyo"))
SECRET = "JBSWY3DP" * 4


class SlowHasher(CountingHasher):
    """Waits inside a hash until the test lets it go on."""

    def __init__(self) -> None:
        super().__init__()
        self.entered = threading.Semaphore(0)
        self.go_on = threading.Event()
        self.go_on.set()

    def slow_down(self) -> None:
        self.entered = threading.Semaphore(0)
        self.go_on.clear()

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        self.entered.release()
        self.go_on.wait()
        return super().hash(password, salt=salt)


@pytest.mark.parametrize(("waiting", "refused"), [(2, True), (1, False)])
def test_hashes_are_computed_a_few_at_a_time(waiting: int, refused: bool) -> None:
    """
    Two places, both taken: the third is turned away; with one free it is served.
    """
    hasher = SlowHasher()
    passwords = Passwords(hasher=hasher, at_once=2, patience=timedelta(0))
    hasher.slow_down()
    threads = [threading.Thread(target=passwords.hash, args=("x",)) for _ in range(waiting)]
    for thread in threads:
        thread.start()
    for _ in threads:
        hasher.entered.acquire()

    try:
        if refused:
            with pytest.raises(TooManyAttempts):
                passwords.verify("x", None)
        else:
            assert Verdict(fits=False) == passwords.verify("x", None)
    finally:
        hasher.go_on.set()
        for thread in threads:
            thread.join()


def test_a_hash_of_old_parameters_is_renewed_when_it_fits() -> None:
    """
    The one moment at which the password is known.
    """
    old = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
    new = PasswordHash((Argon2Hasher(time_cost=2, memory_cost=8, parallelism=1),))
    hashed = old.hash("a long enough one")
    verdict = Passwords(hasher=new).verify("a long enough one", hashed)

    assert verdict.fits
    assert verdict.rehashed is not None
    assert Verdict(fits=True) == Passwords(hasher=old).verify("a long enough one", hashed)
    assert Verdict(fits=False) == Passwords(hasher=new).verify("another", hashed)


def test_the_product_s_parameters_cost_a_guesser_memory() -> None:
    """
    Argon2id with 64 MiB, three passes and four lanes.
    """
    assert Passwords().hash("x").startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_a_first_password_is_usable_and_never_the_same() -> None:
    """
    It is handed to a person who has to type it once.
    """
    first, second = new_password(), new_password()
    require_usable(first, login="sato")

    assert first != second


@pytest.mark.parametrize(
    ("offset", "works"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_a_code_works_around_its_own_half_minute(offset: int, works: bool) -> None:
    """
    Clocks of phones differ by seconds, not by minutes.
    """
    code = pyotp.TOTP(SECRET).at(NOW + offset * second_factor.STEP)
    step = second_factor.matching_step(SECRET, code, now=NOW, after=None)

    assert works == (step == second_factor.step_of(NOW) + offset)


def test_a_code_is_read_as_people_type_it() -> None:
    """
    Japanese keyboards type full-width digits; apps show a gap in the middle.
    """
    code = pyotp.TOTP(SECRET).at(NOW)
    typed = f"{code[:3]} {code[3:]}".translate({ord(str(n)): 0xFF10 + n for n in range(10)})

    assert code != typed
    assert second_factor.step_of(NOW) == second_factor.matching_step(
        SECRET, typed, now=NOW, after=None
    )


@pytest.mark.parametrize("typed", ["", "abc", "１２", "🙂" * 3])
def test_nonsense_is_no_code(typed: str) -> None:
    """
    Whatever is typed, the answer is no and not a fault.
    """
    assert second_factor.matching_step(SECRET, typed, now=NOW, after=None) is None


def test_the_qr_code_needs_no_style_and_no_script() -> None:
    """
    The pages forbid both.
    """
    svg = second_factor.qr_svg(second_factor.app_address(SECRET, "sato"))

    assert svg.startswith("<svg")
    assert "style=" not in svg
    assert "<script" not in svg
    assert "<title>認証アプリで読み取るコード</title>" in svg
