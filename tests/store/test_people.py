"""Accounts in a real PostgreSQL."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import IntegrityError

from domain.errors import AccountUnknown
from domain.parties import Role
from store import people
from store.scope import scope
from tests.store.people_at_work import MINUTE, NOW, employ

RIVALS = 8


def failures(engine: Engine) -> int:
    account = people.account_by_login(engine, "sato")
    assert account is not None
    return account.failed_count


def test_an_account_is_found_before_its_municipality_is_known(app: Engine) -> None:
    """
    People log in with a name; the city follows from it.
    """
    made = employ(app, municipality="chiba", role=Role.OFFICIAL)

    assert ("chiba", Role.OFFICIAL, "佐藤") == (made.municipality, made.role, made.display_name)
    assert people.account_by_login(app, "nobody") is None


def test_an_account_of_another_municipality_is_unknown_by_its_id(app: Engine) -> None:
    """
    Whether it exists is not theirs to know.
    """
    made = employ(app, municipality="chiba")

    with scope(app, "ota") as connection, pytest.raises(AccountUnknown):
        people.account_by_id(connection, made.account_id)
    with scope(app, "chiba") as connection:
        assert made == people.account_by_id(connection, made.account_id)


def test_failures_are_counted_until_one_succeeds(app: Engine) -> None:
    """
    The count tells a person at the next login that somebody tried.
    """
    made = employ(app)
    people.note_failure(app, made)
    people.note_failure(app, made)
    counted = failures(app)
    with scope(app, "ota") as connection:
        people.note_success(connection, made.account_id, rehashed=None)

    assert (2, 0) == (counted, failures(app))


def test_a_failure_of_nobody_is_counted_for_nobody(app: Engine) -> None:
    """
    The same statements run when there is no such account.
    """
    employ(app)
    people.note_failure(app, None)

    assert 0 == failures(app)


def test_a_hash_under_newer_parameters_replaces_the_old_one(app: Engine) -> None:
    """
    Parameters get stronger over the years, and people log in every day.
    """
    made = employ(app)
    with scope(app, "ota") as connection:
        people.note_success(connection, made.account_id, rehashed="stronger")

    found = people.account_by_login(app, "sato")
    assert found is not None
    assert "stronger" == found.password_hash


def rush(app: Engine, spend: "Spend") -> int:
    """Let rivals spend the same step at one moment; return how many were let in."""
    made = employ(app)
    everybody_looked = threading.Barrier(RIVALS)

    def attempt(_: int) -> bool:
        with scope(app, "ota") as connection:
            return spend(connection, made.account_id, everybody_looked)

    with ThreadPoolExecutor(RIVALS) as pool:
        return sum(pool.map(attempt, range(RIVALS)))


class Spend:
    """How a step is spent."""

    def __call__(
        self, connection: Connection, account_id: str, looked: threading.Barrier
    ) -> bool:
        """Spend it the product's way."""
        people.account_by_id(connection, account_id)
        looked.wait()
        return people.spend_step(connection, account_id, 7)


class SpendCarelessly(Spend):
    """Looks first and writes afterwards."""

    def __call__(
        self, connection: Connection, account_id: str, looked: threading.Barrier
    ) -> bool:
        """Let in whoever saw it unspent."""
        unspent = people.account_by_id(connection, account_id).totp_last_step is None
        looked.wait()
        connection.execute(text("UPDATE account SET totp_last_step = 7"))
        return unspent


def test_looking_before_spending_lets_everybody_in(app: Engine) -> None:
    """
    The control: if this fails, the next test proves nothing.
    """
    assert RIVALS == rush(app, SpendCarelessly())


def test_a_code_used_eight_times_at_once_works_once(app: Engine) -> None:
    """
    Somebody who looked over a shoulder types as fast as the owner.
    """
    assert 1 == rush(app, Spend())


def test_a_step_before_the_last_one_is_spent_too(app: Engine) -> None:
    """
    Codes of the steps around now are accepted, but never backwards.
    """
    made = employ(app)
    with scope(app, "ota") as connection:
        spent = [people.spend_step(connection, made.account_id, step) for step in (7, 6, 7, 8)]

    assert [True, False, False, True] == spent


def test_only_the_secret_that_was_confirmed_is_put_into_use(app: Engine) -> None:
    """
    Two tabs each show a secret; the code of the older one must not confirm the newer.
    """
    made = employ(app)
    with scope(app, "ota") as connection:
        people.set_pending_secret(connection, made.account_id, b"newer")
        older = people.confirm_pending_secret(
            connection, made.account_id, pending=b"older", step=1
        )
        newer = people.confirm_pending_secret(
            connection, made.account_id, pending=b"newer", step=1
        )
        found = people.account_by_id(connection, made.account_id)

    assert (False, True) == (older, newer)
    assert (b"newer", None, 1) == (found.totp_secret, found.totp_pending, found.totp_last_step)


def test_disabling_twice_keeps_the_first_date(app: Engine) -> None:
    """
    The day somebody left does not move because the list was run again.
    """
    made = employ(app)
    with scope(app, "ota") as connection:
        people.disable(connection, made.account_id, now=NOW)
        people.disable(connection, made.account_id, now=NOW + MINUTE)
        assert NOW == people.account_by_id(connection, made.account_id).disabled_at


@pytest.mark.parametrize("wrong", ["role = 'mayor'", "login = 'Sato'", "failed_count = -1"])
def test_the_database_holds_the_line_for_every_writer(app: Engine, wrong: str) -> None:
    """
    A script that goes around our statements meets the same constraints.
    """
    employ(app)
    with pytest.raises(IntegrityError, match="ck_account_"), scope(app, "ota") as connection:
        connection.execute(text(f"UPDATE account SET {wrong}"))
