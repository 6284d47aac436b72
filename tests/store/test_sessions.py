"""Sessions and tokens in a real PostgreSQL: what ends them, and that it does."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from store import people, sessions
from store.people import Account
from store.scope import scope
from store.sessions import ABSOLUTE, IDLE, ApiToken
from tests.store.people_at_work import MINUTE, NOW, employ

FIRST, SECOND = b"\x01" * 32, b"\x02" * 32
TINY = timedelta(microseconds=1)


def open_session(
    engine: Engine,
    account: Account,
    *,
    token: bytes = FIRST,
    session_id: str = "s-1",
    now: datetime = NOW,
) -> None:
    with scope(engine, account.municipality) as connection:
        sessions.open_session(
            connection,
            account,
            session_id=session_id,
            token_sha256=token,
            device="Firefox",
            now=now,
        )


def issue(engine: Engine, account: Account) -> None:
    token = ApiToken(
        token_id="t-1",
        label="scanner",
        created_at=NOW,
        expires_at=NOW + timedelta(days=1),
        revoked_at=None,
    )
    with scope(engine, account.municipality) as connection:
        sessions.add_token(connection, account, token, token_sha256=FIRST)


def logged_in(engine: Engine, *, token: bytes = FIRST, now: datetime = NOW) -> bool:
    return sessions.session_by_token(engine, token, now=now) is not None


def accepted(engine: Engine, *, now: datetime = NOW) -> bool:
    return sessions.account_by_token(engine, FIRST, now=now) is not None


class TestSessions:
    def test_a_session_is_found_by_its_hash_alone(self, app: Engine) -> None:
        """
        A cookie says nothing about the municipality.
        """
        account = employ(app, municipality="chiba")
        open_session(app, account)

        found = sessions.session_by_token(app, FIRST, now=NOW)

        assert found is not None
        assert (account, "s-1", "Firefox") == (found[0], found[1].session_id, found[1].device)
        assert not logged_in(app, token=SECOND)

    def test_half_an_hour_of_silence_ends_it(self, app: Engine) -> None:
        """
        A desk that was left is somebody else's desk.
        """
        open_session(app, employ(app))

        assert not logged_in(app, now=NOW + IDLE)
        assert logged_in(app, now=NOW + IDLE - TINY)

    def test_work_keeps_it_alive(self, app: Engine) -> None:
        """
        The half hour counts from the last request, not from the login.
        """
        open_session(app, employ(app))
        busy = [logged_in(app, now=NOW + n * (IDLE - MINUTE)) for n in range(1, 6)]

        assert [True] * 5 == busy

    def test_ten_hours_end_it_however_busy(self, app: Engine) -> None:
        """
        A stolen cookie that is kept warm still dies in the evening.
        """
        open_session(app, employ(app))
        now = NOW
        while now + IDLE - MINUTE < NOW + ABSOLUTE:
            now += IDLE - MINUTE
            assert logged_in(app, now=now)

        assert logged_in(app, now=NOW + ABSOLUTE - TINY)
        assert not logged_in(app, now=NOW + ABSOLUTE)

    def test_rotation_kills_the_old_credential(self, app: Engine) -> None:
        """
        Whoever copied the cookie before holds nothing after.
        """
        account = employ(app)
        open_session(app, account)
        with scope(app, "ota") as connection:
            rotated = sessions.rotate_session(
                connection, "s-1", old_sha256=FIRST, new_sha256=SECOND
            )
            again = sessions.rotate_session(
                connection, "s-1", old_sha256=FIRST, new_sha256=b"\x03" * 32
            )

        assert (True, False) == (rotated, again)
        assert (False, True) == (logged_in(app), logged_in(app, token=SECOND))

    def test_disabling_the_account_ends_its_sessions(self, app: Engine) -> None:
        """
        Whoever leaves the company is out at once.
        """
        account = employ(app)
        open_session(app, account)
        with scope(app, "ota") as connection:
            people.disable(connection, account.account_id, now=NOW)
            left = sessions.sessions_of(connection, account.account_id, now=NOW)

        assert (False, []) == (logged_in(app), left)

    def test_a_session_that_slips_in_while_the_account_is_disabled_is_dead(
        self, app: Engine
    ) -> None:
        """
        A login that was under way must not outlive the account.
        """
        account = employ(app)
        with scope(app, "ota") as connection:
            people.disable(connection, account.account_id, now=NOW)
        open_session(app, account)

        assert not logged_in(app)

    def test_a_person_sees_and_ends_their_own_sessions_only(self, app: Engine) -> None:
        """
        The id of a colleague's session is no way to log them out.
        """
        sato, suzuki = employ(app), employ(app, login="suzuki")
        open_session(app, sato)
        open_session(app, suzuki, token=SECOND, session_id="s-2")
        with scope(app, "ota") as connection:
            mine = sessions.sessions_of(connection, sato.account_id, now=NOW)
            theirs = sessions.end_session(connection, sato.account_id, "s-2")
            own = sessions.end_session(connection, sato.account_id, "s-1")

        assert (["s-1"], False, True) == ([s.session_id for s in mine], theirs, own)
        assert (False, True) == (logged_in(app), logged_in(app, token=SECOND))

    def test_all_but_one_can_be_ended(self, app: Engine) -> None:
        """
        After a change of password only the browser that made it stays.
        """
        account = employ(app)
        open_session(app, account)
        open_session(app, account, token=SECOND, session_id="s-2")
        with scope(app, "ota") as connection:
            ended = sessions.end_sessions(connection, account.account_id, but="s-2")

        assert (1, False, True) == (ended, logged_in(app), logged_in(app, token=SECOND))

    def test_a_login_sweeps_out_what_is_over(self, app: Engine, owner: Engine) -> None:
        """
        Nobody logs out at half past five; the table would only grow.
        """
        account = employ(app)
        open_session(app, account)
        open_session(app, account, token=SECOND, session_id="s-2", now=NOW + ABSOLUTE)
        with owner.connect() as connection:
            left = connection.execute(text("SELECT session_id FROM login_session")).scalars()
            assert ["s-2"] == left.all()

    def test_a_session_cannot_belong_to_an_account_of_another_municipality(
        self, owner: Engine, app: Engine
    ) -> None:
        """
        The reference carries the municipality, so not even the owner can mix them up.
        """
        open_session(app, employ(app))
        with pytest.raises(IntegrityError, match="fk_login_session"), owner.begin() as ours:
            ours.execute(text("UPDATE login_session SET municipality = 'ageo'"))


class TestTokens:
    def test_a_token_works_until_it_expires(self, app: Engine) -> None:
        """
        A forgotten program must not keep its rights for ever.
        """
        issue(app, employ(app))

        assert accepted(app, now=NOW + timedelta(days=1) - TINY)
        assert not accepted(app, now=NOW + timedelta(days=1))

    def test_a_revoked_token_is_of_no_use(self, app: Engine) -> None:
        """
        And revoking it again changes nothing.
        """
        issue(app, employ(app))
        with scope(app, "ota") as connection:
            revoked = [sessions.revoke_token(connection, "t-1", now=NOW) for _ in range(2)]

        assert ([True, False], False) == (revoked, accepted(app))

    def test_disabling_the_account_revokes_its_tokens(self, app: Engine) -> None:
        """
        A program has the rights of a person; without the person there are none.
        """
        account = employ(app)
        issue(app, account)
        before = accepted(app)
        with scope(app, "ota") as connection:
            people.disable(connection, account.account_id, now=NOW)
            tokens = sessions.tokens_of(connection, account.account_id)

        assert (True, False) == (before, accepted(app))
        assert [NOW] == [token.revoked_at for token in tokens]
