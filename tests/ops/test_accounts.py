"""Accounts and tokens on the command line."""

from collections.abc import Callable, Iterator

import pytest
from fastapi.testclient import TestClient

from domain.errors import LoginTaken
from domain.parties import Role
from ops import accounts
from store.engine import build_engine
from tests.api.entrance import Entrance, log_in, refusal
from tests.conftest import Database

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def entrance(database: Database) -> Iterator[Entrance]:
    engine = build_engine(database.app_url)
    yield Entrance(engine)
    engine.dispose()


@pytest.fixture
def run(
    database: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Run one command as a shell would; return its status and what it printed."""
    monkeypatch.setenv("DATABASE_URL", database.app_url)

    def command(*words: str) -> tuple[int, str]:
        status = accounts.main(words)
        captured = capsys.readouterr()
        return status, captured.out + captured.err

    return command


def said(printed: str, label: str) -> str:
    return next(
        line.removeprefix(f"{label}: ")
        for line in printed.splitlines()
        if line.startswith(f"{label}: ")
    )


def session(web: TestClient, credential: str) -> int:
    headers = {"Authorization": f"Bearer {credential}"}
    return web.get("/api/v1/session", headers=headers).status_code


def test_the_first_person_gets_in_with_what_was_printed(run: Run, entrance: Entrance) -> None:
    """
    Lower case, a password to be changed, a second factor to be registered.
    """
    status, printed = run("create", "ota", "Sato", "site_manager", "佐藤")
    shown = log_in(entrance.web(), password=said(printed, "password (once)")).json()

    assert (0, "sato", "site_manager", True, True) == (
        status,
        shown["login"],
        shown["role"],
        shown["has_to_change_password"],
        shown["has_to_register_second_factor"],
    )


def test_a_login_that_is_taken_is_refused_in_words(run: Run, entrance: Entrance) -> None:
    """
    Across municipalities, and without a traceback.
    """
    entrance.employ("sato", municipality="chiba")
    status, printed = run("create", "ota", "sato", "clerk", "佐藤")

    assert (1, f"{LoginTaken.title}: 別のログイン名を選んでください\n") == (status, printed)


def test_a_leaver_is_out_at_once(run: Run, entrance: Entrance) -> None:
    """
    Sessions, tokens and the password end with the account.
    """
    entrance.employ()
    web = entrance.web()
    log_in(web)
    _, credential = entrance.token()
    before = (web.get("/me").status_code, session(entrance.web(), credential))
    run("disable", "sato")

    assert (200, 200) == before
    assert (401, "Unauthenticated") == refusal(web.get("/me"))
    assert 401 == session(entrance.web(), credential)
    assert (401, "Unauthenticated") == refusal(log_in(entrance.web()))


def test_who_lost_the_phone_starts_over(run: Run, entrance: Entrance) -> None:
    """
    The app is registered anew, and nobody stays logged in meanwhile.
    """
    entrance.employ(totp_required=True)
    opened, _ = entrance.register_app(entrance.come_in())
    _, printed = run("reset", "sato")
    again = entrance.come_in(password=said(printed, "password (once)"))

    assert entrance.door.by_session(opened.token) is None
    assert again.person.has_to_change_password
    assert again.person.has_to_register_second_factor


def test_a_token_works_until_it_is_revoked(run: Run, entrance: Entrance) -> None:
    """
    Printed once, recognisable when it leaks, and of no use afterwards.
    """
    entrance.employ()
    _, printed = run("token", "sato", "scanner", "--days", "3650")
    credential = said(printed, "token (once)")
    before = session(entrance.web(), credential)
    revoked = [run("revoke-token", "sato", said(printed, "id"))[1] for _ in range(2)]

    assert credential.startswith("mdg_")
    assert (200, 401) == (before, session(entrance.web(), credential))
    assert ["revoked\n", "there was no such token in use\n"] == revoked


def test_a_token_is_revoked_by_its_own_account_only(run: Run, entrance: Entrance) -> None:
    """
    A mistyped login must not end a colleague's program.
    """
    entrance.employ("sato")
    entrance.employ("suzuki")
    token_id, credential = entrance.token("sato")
    run("revoke-token", "suzuki", token_id)

    assert 200 == session(entrance.web(), credential)


def test_nobody_disabled_gets_a_token(run: Run, entrance: Entrance) -> None:
    """
    Nor somebody who does not exist.
    """
    entrance.employ()
    run("disable", "sato")

    assert [1, 1] == [run("token", login, "x")[0] for login in ("sato", "nobody")]


def test_the_list_shows_one_municipality(run: Run, entrance: Entrance) -> None:
    """
    Who works there, in which role, and whether the account is in use.
    """
    entrance.employ("sato", Role.CLERK)
    entrance.employ("tanaka", Role.CLERK)
    entrance.employ("suzuki", municipality="chiba")
    run("disable", "tanaka")

    assert (
        0,
        "sato\t事務担当\t有効\t認証アプリなし\ntanaka\t事務担当\t停止\t認証アプリなし\n",
    ) == run("list", "ota")
