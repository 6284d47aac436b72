"""Accounts for tests of the store; a test names only what it is about."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from domain.parties import Role
from store import people
from store.people import Account, NewAccount
from store.scope import scope

NOW = datetime(2026, 12, 17, 8, 20, tzinfo=ZoneInfo("Asia/Tokyo"))
MINUTE = timedelta(minutes=1)


def employ(
    engine: Engine,
    *,
    municipality: str = "ota",
    login: str = "sato",
    role: Role = Role.CLERK,
    password_hash: str = "not a hash",
    password_temporary: bool = False,
    totp_required: bool = False,
) -> Account:
    """Make an account and return it."""
    new = NewAccount(
        municipality=municipality,
        account_id=f"account-of-{login}",
        login=login,
        display_name="佐藤",
        role=role,
        password_hash=password_hash,
        password_temporary=password_temporary,
        totp_required=totp_required,
    )
    with scope(engine, municipality) as connection:
        people.add_account(connection, new, now=NOW)
    account = people.account_by_login(engine, login)
    assert account is not None
    return account
