"""Accounts and tokens on the command line (``python -m ops.accounts --help``).

For the first person of a municipality, and for the day when nobody gets in any more.
Passwords and tokens are printed once and never again. Logging in does not belong here.
"""

import argparse
import json
import secrets
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Engine

import settings
from api.access.door import digest, now_in_tokyo
from api.access.passwords import Passwords, new_password
from domain.errors import AccountUnknown, DomainError
from domain.parties import ROLE_TEXT, Role
from store import people, sessions
from store.engine import build_engine
from store.people import Account, NewAccount
from store.scope import scope
from store.sessions import ApiToken

TOKEN_DAYS = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Created:
    """A new account and what its owner needs for the first login."""

    account_id: str
    login: str
    password: str = field(repr=False)


def create(
    engine: Engine,
    passwords: Passwords,
    *,
    municipality: str,
    login: str,
    display_name: str,
    role: Role,
    now: datetime,
    password: str | None = None,
    totp_required: bool = True,
) -> Created:
    """Make an account.

    Args:
        engine: Of the application's role.
        passwords: Makes the hash.
        municipality: Whose windows the person works for.
        login: Unique over all; kept in lower case.
        display_name: As colleagues know the person.
        role: What they are entrusted with.
        now: The moment it is made.
        password: ``None`` makes one to be changed at once; one for a demonstration stays.
        totp_required: Whether the person has to register a second factor.

    Raises:
        LoginTaken: Somebody has this login.
    """
    chosen = password or new_password()
    new = NewAccount(
        municipality=municipality,
        account_id=secrets.token_hex(16),
        login=login.strip().lower(),
        display_name=display_name,
        role=role,
        password_hash=passwords.hash(chosen),
        password_temporary=password is None,
        totp_required=totp_required,
    )
    return _add(engine, new, password=chosen, now=now)


def _add(engine: Engine, new: NewAccount, *, password: str, now: datetime) -> Created:
    with scope(engine, new.municipality) as connection:
        people.add_account(connection, new, now=now)
    return Created(account_id=new.account_id, login=new.login, password=password)


def disable(engine: Engine, login: str, *, now: datetime) -> Account:
    """Take an account out of use; its sessions and tokens end at once.

    Raises:
        AccountUnknown: Nobody has this login.
    """
    account = _find(engine, login)
    with scope(engine, account.municipality) as connection:
        people.disable(connection, account.account_id, now=now)
    return account


def reset(engine: Engine, passwords: Passwords, login: str) -> str:
    """Return a new password to be changed at once; the second factor is registered anew.

    Raises:
        AccountUnknown: Nobody has this login.
    """
    account, password = _find(engine, login), new_password()
    hashed = passwords.hash(password)
    with scope(engine, account.municipality) as connection:
        people.set_password(connection, account.account_id, hashed, temporary=True)
        people.forget_second_factor(connection, account.account_id)
        sessions.end_sessions(connection, account.account_id)
    return password


def issue_token(
    engine: Engine, login: str, *, label: str, valid_for: timedelta, now: datetime
) -> tuple[str, str]:
    """Return the id and the credential of a new token with the rights of the account.

    Raises:
        AccountUnknown: Nobody has this login, or the account is disabled.
    """
    account = _find(engine, login)
    if account.disabled_at is not None:
        raise AccountUnknown("この利用者は停止されています")
    # The prefix lets scanners of source code and logs recognise one that leaked.
    credential = f"mdg_{secrets.token_urlsafe(32)}"
    token = ApiToken(
        token_id=secrets.token_hex(8),
        label=label,
        created_at=now,
        expires_at=now + valid_for,
        revoked_at=None,
    )
    with scope(engine, account.municipality) as connection:
        sessions.add_token(connection, account, token, token_sha256=digest(credential))
    return token.token_id, credential


def revoke_token(engine: Engine, login: str, token_id: str, *, now: datetime) -> bool:
    """End a token of an account; ``False`` if it has none in use with this id.

    Raises:
        AccountUnknown: Nobody has this login.
    """
    account = _find(engine, login)
    with scope(engine, account.municipality) as connection:
        mine = [token.token_id for token in sessions.tokens_of(connection, account.account_id)]
        return token_id in mine and sessions.revoke_token(connection, token_id, now=now)


def _find(engine: Engine, login: str) -> Account:
    account = people.account_by_login(engine, login.strip().lower())
    if account is None:
        raise AccountUnknown("このログイン名の利用者はいません")
    return account


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return what the shell should see."""
    parser = _parser()
    asked = parser.parse_args(arguments)
    url = _database_url(settings.load())
    if url is None:
        parser.error("set DATABASE_URL, or start the embedded database with make run")
    engine = build_engine(url, application_name="madoguchi-accounts", pool_size=1, overflow=0)
    try:
        for line in asked.run(engine, asked):
            print(line)
    except DomainError as refusal:
        print(f"{refusal.title}: {refusal}", file=sys.stderr)
        return 1
    finally:
        engine.dispose()
    return 0


def _create(engine: Engine, asked: argparse.Namespace) -> list[str]:
    made = create(
        engine,
        Passwords(),
        municipality=asked.municipality,
        login=asked.login,
        display_name=asked.name,
        role=Role(asked.role),
        now=now_in_tokyo(),
        totp_required=not asked.no_second_factor,
    )
    return [f"login: {made.login}", f"password (once): {made.password}"]


def _disable(engine: Engine, asked: argparse.Namespace) -> list[str]:
    return [f"disabled: {disable(engine, asked.login, now=now_in_tokyo()).login}"]


def _reset(engine: Engine, asked: argparse.Namespace) -> list[str]:
    return [f"password (once): {reset(engine, Passwords(), asked.login)}"]


def _list(engine: Engine, asked: argparse.Namespace) -> list[str]:
    with scope(engine, asked.municipality) as connection:
        return [_line(account) for account in people.accounts(connection)]


def _token(engine: Engine, asked: argparse.Namespace) -> list[str]:
    token_id, credential = issue_token(
        engine,
        asked.login,
        label=asked.label,
        valid_for=timedelta(days=asked.days),
        now=now_in_tokyo(),
    )
    return [f"id: {token_id}", f"token (once): {credential}"]


def _revoke(engine: Engine, asked: argparse.Namespace) -> list[str]:
    if revoke_token(engine, asked.login, asked.token_id, now=now_in_tokyo()):
        return ["revoked"]
    return ["there was no such token in use"]


def _line(account: Account) -> str:
    state = "停止" if account.disabled_at else "有効"
    second = "あり" if account.totp_secret else "なし"
    return "\t".join((account.login, ROLE_TEXT[account.role], state, f"認証アプリ{second}"))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m ops.accounts", description="Accounts and tokens."
    )
    commands = parser.add_subparsers(required=True)
    create = commands.add_parser("create", help="make an account, print its first password")
    create.set_defaults(run=_create)
    create.add_argument("municipality")
    create.add_argument("login")
    create.add_argument("role", choices=[role.value for role in Role])
    create.add_argument("name")
    create.add_argument("--no-second-factor", action="store_true")
    disable = commands.add_parser("disable", help="end an account, its sessions and tokens")
    disable.set_defaults(run=_disable)
    disable.add_argument("login")
    reset = commands.add_parser("reset", help="print a new first password")
    reset.set_defaults(run=_reset)
    reset.add_argument("login")
    listing = commands.add_parser("list", help="list the accounts of a municipality")
    listing.set_defaults(run=_list)
    listing.add_argument("municipality")
    token = commands.add_parser("token", help="issue a token, print it once")
    token.set_defaults(run=_token)
    token.add_argument("login")
    token.add_argument("label")
    token.add_argument("--days", type=int, default=TOKEN_DAYS)
    revoke = commands.add_parser("revoke-token", help="end a token")
    revoke.set_defaults(run=_revoke)
    revoke.add_argument("login")
    revoke.add_argument("token_id")
    return parser


def _database_url(chosen: settings.Settings) -> str | None:
    """Return the application's database: the one named, or the embedded one that runs."""
    if chosen.database_url is not None:
        return chosen.database_url
    running = chosen.data_dir / "run.json"
    if not running.exists():
        return None
    url = json.loads(running.read_text()).get("database_url")
    return str(url) if url else None


if __name__ == "__main__":
    sys.exit(main())
