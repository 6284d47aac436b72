"""Roles, rights and two starts at once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import OperationalError

from migrations.protection import APP_ROLE, FINDER_ROLE
from ops.migrate import UnsafeRole, main, prepare
from ops.postgres import EmbeddedPostgres
from store.engine import build_engine, libpq_url

LIMITED = "limited_owner"


@pytest.fixture
def empty(
    postgres: EmbeddedPostgres, admin: psycopg.Connection, template_app_url: str
) -> Iterator[str]:
    """The owner's address of a database in which nothing was made; the roles exist."""
    admin.execute("CREATE DATABASE fresh")
    yield postgres.url("fresh")
    admin.execute("DROP DATABASE fresh WITH (FORCE)")


@pytest.fixture
def limited(
    postgres: EmbeddedPostgres, admin: psycopg.Connection, template_app_url: str
) -> Iterator[str]:
    """A database whose owner is no superuser, as hosted databases have it."""
    admin.execute(f"CREATE ROLE {LIMITED} LOGIN PASSWORD 'a password' NOSUPERUSER")
    admin.execute(f"GRANT {FINDER_ROLE} TO {LIMITED}")
    admin.execute(f"CREATE DATABASE hosted OWNER {LIMITED}")
    url = make_url(postgres.url("hosted")).set(username=LIMITED, password="a password")
    yield url.render_as_string(hide_password=False)
    admin.execute("DROP DATABASE hosted WITH (FORCE)")
    admin.execute(f"DROP ROLE {LIMITED}")


def app_password(url: str) -> str:
    return str(make_url(url).password)


def tables(app_url: str) -> int:
    engine = build_engine(app_url)
    with engine.connect() as connection:
        count = connection.execute(
            text("SELECT count(*) FROM pg_class WHERE relname IN ('account', 'case_event')")
        ).scalar_one()
    engine.dispose()
    return int(count)


def test_preparing_again_changes_nothing(empty: str) -> None:
    """
    Every start of the product prepares; the application's address stays the same.
    """
    first = prepare(empty)

    assert (first, 2) == (prepare(empty), tables(first))


def test_two_starts_at_once_wait_for_each_other(empty: str) -> None:
    """
    Without the lock both would make the first table and one would fail.
    """
    with ThreadPoolExecutor(4) as pool:
        urls = set(pool.map(prepare, [empty] * 4))

    assert 1 == len(urls)
    assert 2 == tables(urls.pop())


def test_an_owner_who_is_no_superuser_can_prepare(limited: str, template_app_url: str) -> None:
    """
    Hosted databases give nobody a superuser; policies then hold the owner, too.
    """
    app_url = prepare(limited, app_password(template_app_url))
    with psycopg.connect(libpq_url(limited)) as connection:
        owner = connection.execute(
            "SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
        ).fetchone()

    assert ((False, False), 2) == (owner, tables(app_url))


def test_the_application_s_password_says_nothing_of_the_owner_s(empty: str) -> None:
    """
    It is derived one way, so that there is nothing to store.
    """
    owner_password = str(make_url(empty).password)
    derived = app_password(prepare(empty))

    assert 64 == len(derived)
    assert owner_password not in derived


def test_an_owner_without_a_password_has_to_name_the_application_s(empty: str) -> None:
    """
    Deriving one from nothing would give every installation the same.
    """
    url = make_url(empty)._replace(password=None).render_as_string(hide_password=False)
    with pytest.raises(ValueError, match="give the application's own"):
        prepare(url)


def test_a_given_password_is_the_one_that_works(empty: str, template_app_url: str) -> None:
    """
    Outside the embedded database the operator chooses it.
    """
    chosen = prepare(empty, "chosen by the operator")
    old = make_url(template_app_url).set(database="fresh").render_as_string(hide_password=False)
    try:
        assert 2 == tables(chosen)
        with pytest.raises(OperationalError, match="password authentication failed"):
            tables(old)
    finally:
        prepare(empty)
    assert 2 == tables(old)


@pytest.mark.parametrize("danger", ["SUPERUSER", "BYPASSRLS"])
@pytest.mark.parametrize("role", [APP_ROLE, FINDER_ROLE])
def test_a_role_that_could_see_everything_is_refused(
    empty: str, admin: psycopg.Connection, role: str, danger: str
) -> None:
    """
    Every policy would be silently void.
    """
    admin.execute(f"ALTER ROLE {role} {danger}")
    try:
        with pytest.raises(UnsafeRole, match=role):
            prepare(empty)
    finally:
        admin.execute(f"ALTER ROLE {role} NO{danger}")
    prepare(empty)


class TestCommand:
    def test_it_says_which_settings_it_needs(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """
        The embedded database migrates itself; this is for the others.
        """
        monkeypatch.delenv("DATABASE_URL", raising=False)
        monkeypatch.delenv("DATABASE_OWNER_URL", raising=False)
        with pytest.raises(SystemExit):
            main([])

        assert "DATABASE_OWNER_URL" in capsys.readouterr().err

    def test_it_insists_on_the_application_s_role(
        self, monkeypatch: pytest.MonkeyPatch, empty: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """
        With the owner's own address row-level security would hold nobody.
        """
        monkeypatch.setenv("DATABASE_OWNER_URL", empty)
        monkeypatch.setenv("DATABASE_URL", empty)
        with pytest.raises(SystemExit):
            main([])

        assert APP_ROLE in capsys.readouterr().err

    def test_it_migrates(
        self, monkeypatch: pytest.MonkeyPatch, empty: str, template_app_url: str
    ) -> None:
        """
        With the addresses the operator chose.
        """
        app = make_url(template_app_url).set(database="fresh")
        app_url = app.render_as_string(hide_password=False)
        monkeypatch.setenv("DATABASE_OWNER_URL", empty)
        monkeypatch.setenv("DATABASE_URL", app_url)
        main([])

        assert 2 == tables(app_url)
