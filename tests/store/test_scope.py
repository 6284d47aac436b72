"""One municipality never sees, writes or counts another's rows, whatever the query says."""

import threading
from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, ProgrammingError
from sqlmodel import select

from domain.errors import LoginTaken
from store import people
from store.engine import build_engine, raw
from store.scope import (
    NoMunicipality,
    ScopedSession,
    enter_found,
    scope,
    session_scope,
    unscoped,
)
from store.tables.people import AccountRow
from tests.conftest import Database
from tests.store.people_at_work import employ

COUNT = text("SELECT count(*) FROM account")
NAMES = text("SELECT login FROM account ORDER BY login")


@pytest.fixture
def two_cities(app: Engine) -> None:
    employ(app, municipality="ota", login="sato")
    employ(app, municipality="ageo", login="suzuki")


@pytest.fixture
def one_connection(database: Database) -> Iterator[Engine]:
    """A pool of one, so that the next user gets the connection the last one left."""
    engine = build_engine(database.app_url, pool_size=1, overflow=0)
    yield engine
    engine.dispose()


def visible(connection: Connection) -> list[str]:
    return list(connection.execute(NAMES).scalars())


@pytest.mark.usefixtures("two_cities")
class TestReading:
    def test_a_query_without_a_where_sees_one_municipality(self, app: Engine) -> None:
        """
        The forgotten WHERE is the mistake that this is all about.
        """
        with scope(app, "ota") as ota, scope(app, "ageo") as ageo:
            assert ["sato"] == visible(ota)
            assert ["suzuki"] == visible(ageo)

    def test_the_owner_sees_everything(self, owner: Engine) -> None:
        """
        The control: the rows are there, it is the role that cannot see them.
        """
        with owner.connect() as connection:
            assert ["sato", "suzuki"] == visible(connection)

    def test_a_transaction_without_a_municipality_sees_nothing(self, app: Engine) -> None:
        """
        Forgetting the scope must not be a way around it.
        """
        with unscoped(app) as connection:
            assert [] == visible(connection)

    def test_asking_for_another_municipality_by_name_finds_nothing(self, app: Engine) -> None:
        """
        A WHERE can narrow what is visible, never widen it.
        """
        foreign = text("SELECT count(*) FROM account WHERE municipality = 'ageo'")
        with scope(app, "ota") as connection:
            assert 0 == connection.execute(foreign).scalar_one()

    def test_quiet_reads_are_scoped_too_also_after_a_commit(self, app: Engine) -> None:
        """
        A session begins a new transaction after a commit, and has to enter it again.
        """
        with ScopedSession(app, info={"municipality": "ota"}) as session:
            first = [row.login for row in session.exec(select(AccountRow))]
            session.commit()
            second = [row.login for row in session.exec(select(AccountRow))]

        assert (["sato"], ["sato"]) == (first, second)

    def test_a_row_of_another_municipality_cannot_be_fetched_by_its_key(
        self, app: Engine
    ) -> None:
        """
        Knowing an id is not a permission.
        """
        with session_scope(app, "ota") as session:
            assert session.get(AccountRow, ("ageo", "account-of-suzuki")) is None
            assert session.get(AccountRow, ("ota", "account-of-sato")) is not None


@pytest.mark.usefixtures("two_cities")
class TestWriting:
    def test_a_row_cannot_be_written_for_another_municipality(self, app: Engine) -> None:
        """
        A policy that only hid rows would still let them be planted.
        """
        planted = text(
            "INSERT INTO access_record (municipality, account_id, case_id, purpose, route, at)"
            " VALUES ('ageo', 'account-of-suzuki', 'case', '', '', now())"
        )
        with (
            pytest.raises(ProgrammingError, match="row-level security"),
            scope(app, "ota") as connection,
        ):
            connection.execute(planted)
        with scope(app, "ageo") as connection:
            assert 1 == connection.execute(planted).rowcount

    def test_a_row_cannot_be_moved_to_another_municipality(self, app: Engine) -> None:
        """
        Nor may an update carry a row out.
        """
        with (
            pytest.raises(ProgrammingError, match="row-level security"),
            scope(app, "ota") as connection,
        ):
            connection.execute(text("UPDATE account SET municipality = 'ageo'"))

    def test_changing_everything_changes_one_municipality(
        self, app: Engine, owner: Engine
    ) -> None:
        """
        An UPDATE without a WHERE stays at home.
        """
        with scope(app, "ota") as connection:
            changed = connection.execute(text("UPDATE account SET failed_count = 7")).rowcount

        with owner.connect() as connection:
            counts = connection.execute(text("SELECT login, failed_count FROM account")).all()
        assert 1 == changed
        assert {("sato", 7), ("suzuki", 0)} == {tuple(row) for row in counts}

    def test_what_is_appended_cannot_be_changed(self, app: Engine) -> None:
        """
        Who saw whose data is not for the one who saw it to correct.
        """
        for statement in ("UPDATE access_record SET purpose = ''", "DELETE FROM refused_act"):
            with (
                pytest.raises(ProgrammingError, match="permission denied"),
                scope(app, "ota") as connection,
            ):
                connection.execute(text(statement))

    def test_a_login_taken_elsewhere_is_refused_without_saying_where(self, app: Engine) -> None:
        """
        Logins are unique over all; a person must be found before their city is known.
        """
        with pytest.raises(LoginTaken, match=r"^別のログイン名を選んでください$"):
            employ(app, municipality="chiba", login="sato")


class TestEntering:
    @pytest.mark.parametrize("nobody", ["", " ", "Ota", "ota'; --", "o"])
    def test_a_scope_without_a_municipality_is_a_bug(self, app: Engine, nobody: str) -> None:
        """
        An empty name would silently show nothing; better to stop.
        """
        with pytest.raises(NoMunicipality), scope(app, nobody):
            pass

    def test_a_session_without_a_municipality_is_a_bug(self, app: Engine) -> None:
        """
        The same for the quiet reads.
        """
        with pytest.raises(NoMunicipality), ScopedSession(app) as session:
            session.exec(select(AccountRow)).all()

    @pytest.mark.usefixtures("two_cities")
    def test_a_finder_opens_the_scope_it_finds(self, app: Engine) -> None:
        """
        Before a login is known to be somebody's, there is no municipality to name.
        """
        with unscoped(app) as connection:
            found = enter_found(connection, "municipality_of_login", "suzuki")
            assert ("ageo", ["suzuki"]) == (found, visible(connection))

    @pytest.mark.usefixtures("two_cities")
    def test_a_finder_that_finds_nothing_opens_nothing(self, app: Engine) -> None:
        """
        An unknown login must not end up in the scope of the one before.
        """
        with unscoped(app) as connection:
            enter_found(connection, "municipality_of_login", "suzuki")
            found = enter_found(connection, "municipality_of_login", "nobody")
            assert (None, []) == (found, visible(connection))

    def test_only_finder_functions_can_choose_a_scope(self, app: Engine) -> None:
        """
        The name goes into the statement as it is.
        """
        with pytest.raises(ValueError, match="finder"), unscoped(app) as connection:
            enter_found(connection, "version() --", "x")


@pytest.mark.usefixtures("two_cities")
class TestThePool:
    def test_a_plain_setting_leaks_to_the_next_user(self, one_connection: Engine) -> None:
        """
        The control: a setting for the connection instead of the transaction would leak.
        """
        with one_connection.begin() as connection:
            connection.execute(text("SELECT set_config('app.municipality', 'ota', false)"))
        with unscoped(one_connection) as connection:
            assert ["sato"] == visible(connection)

    @pytest.mark.parametrize("ending", ["commit", "roll back", "break off", "cancel"])
    def test_a_scope_leaves_nothing_behind(self, one_connection: Engine, ending: str) -> None:
        """
        However a transaction ends, the next user of its connection sees nothing.
        """
        for _ in range(25):
            end_somehow(one_connection, ending)
            with unscoped(one_connection) as connection:
                assert [] == visible(connection)

    def test_many_at_once_see_their_own_only(self, app: Engine) -> None:
        """
        Every connection serves one city after the other, some of them broken off.
        """
        seen: set[tuple[str, tuple[str, ...]]] = set()

        def serve(offset: int) -> None:
            for n in range(40):
                municipality = ("ota", "ageo")[(n + offset) % 2]
                end_somehow(app, ("commit", "roll back", "cancel")[n % 3])
                with scope(app, municipality) as connection:
                    seen.add((municipality, tuple(visible(connection))))

        threads = [threading.Thread(target=serve, args=(n,)) for n in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert {("ota", ("sato",)), ("ageo", ("suzuki",))} == seen


class BrokenOff(Exception):
    """What goes wrong in the middle of a transaction."""


def break_off() -> None:
    raise BrokenOff


def end_somehow(engine: Engine, ending: str) -> None:
    """Use a scope and end it in the way the test asks for."""
    try:
        with scope(engine, "ota") as connection:
            people.accounts(connection)
            if ending == "roll back":
                connection.rollback()
            if ending == "break off":
                break_off()
            if ending == "cancel":
                cancel_in_flight(raw(connection))
    except (BrokenOff, DBAPIError, psycopg.errors.QueryCanceled):
        pass


def cancel_in_flight(connection: psycopg.Connection) -> None:
    """Cancel a statement while the server runs it."""
    timer = threading.Timer(0.005, connection.cancel_safe)
    timer.start()
    try:
        connection.execute("SELECT pg_sleep(5)")
    finally:
        timer.join()


def test_the_raw_connection_is_in_the_same_transaction(app: Engine) -> None:
    """
    Hot statements go around SQLAlchemy, not around the scope.
    """
    employ(app)
    with scope(app, "ota") as connection:
        assert (1,) == raw(connection).execute("SELECT count(*) FROM account").fetchone()
        assert 1 == connection.execute(COUNT).scalar_one()
