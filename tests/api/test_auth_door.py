"""Coming in and going out, by password and code."""

from datetime import timedelta

import pytest

from api.access import second_factor
from api.access.throttle import Throttle
from domain.errors import (
    CodeRefused,
    PasswordRefused,
    SessionUnknown,
    TooManyAttempts,
    Unauthenticated,
)
from ops import accounts
from store import people
from store.scope import scope
from tests.api.entrance import PASSWORD, Entrance

ANOTHER = "あたらしいことばを四つならべる"


def inside(entrance: Entrance, token: str) -> bool:
    return entrance.door.by_session(token) is not None


class TestLogin:
    def test_a_login_is_found_however_it_was_capitalised(self, entrance: Entrance) -> None:
        """
        A phone begins every field with a capital letter.
        """
        entrance.employ()

        assert "sato" == entrance.come_in(" Sato").person.login

    def test_every_reason_not_to_let_in_sounds_the_same(self, entrance: Entrance) -> None:
        """
        Who tries names must not learn which of them exist.
        """
        for login in ("sato", "suzuki", "tanaka"):
            entrance.employ(login)
        entrance.register_app(entrance.come_in("suzuki"))
        accounts.disable(entrance.engine, "tanaka", now=entrance.clock())
        attempts = {
            "unknown login": ("nobody", PASSWORD, ""),
            "wrong password": ("sato", "wrong", ""),
            "wrong code": ("suzuki", PASSWORD, "000000"),
            "no code": ("suzuki", PASSWORD, ""),
            "disabled": ("tanaka", PASSWORD, ""),
        }

        said, cost = set(), {}
        for reason, (login, password, code) in attempts.items():
            before = entrance.hasher.asked
            with pytest.raises(Unauthenticated) as refused:
                entrance.come_in(login, password, code)
            said.add(str(refused.value))
            cost[reason] = entrance.hasher.asked - before

        assert 1 == len(said)
        assert dict.fromkeys(attempts, 1) == cost

    def test_a_login_replaces_the_session_of_this_browser(self, entrance: Entrance) -> None:
        """
        A cookie planted before the login is worth nothing after it.
        """
        entrance.employ()
        first = entrance.come_in()
        second = entrance.come_in(replaces=first.token)

        assert (False, True) == (
            inside(entrance, first.token),
            inside(entrance, second.token),
        )

    def test_two_browsers_of_one_person_live_side_by_side(self, entrance: Entrance) -> None:
        """
        The control for the test above: only the replaced one ends.
        """
        entrance.employ()
        first, second = entrance.come_in(), entrance.come_in()

        assert (True, True) == (inside(entrance, first.token), inside(entrance, second.token))

    def test_logging_out_ends_the_session_on_the_server(self, entrance: Entrance) -> None:
        """
        A copied cookie dies with the session, not with the browser.
        """
        entrance.employ()
        opened = entrance.come_in()
        entrance.door.logout(opened.person)

        assert not inside(entrance, opened.token)
        with pytest.raises(SessionUnknown):
            entrance.door.logout(opened.person)

    def test_a_colleague_s_session_cannot_be_ended(self, entrance: Entrance) -> None:
        """
        Its id shows on nobody else's page, and would not help.
        """
        entrance.employ("sato")
        entrance.employ("suzuki")
        sato, suzuki = entrance.come_in("sato"), entrance.come_in("suzuki")
        with pytest.raises(SessionUnknown):
            entrance.door.end_session(sato.person, suzuki.person.session_id or "")

        assert inside(entrance, suzuki.token)


class TestThrottle:
    def test_a_login_is_tried_ten_times_a_minute_at_most(self, entrance: Entrance) -> None:
        """
        From one place, also with the right password at the end, known or not.
        """
        entrance.employ()
        for login in ("sato", "nobody"):
            for _ in range(10):
                with pytest.raises(Unauthenticated):
                    entrance.come_in(login, "wrong", address="192.0.2.1")
            with pytest.raises(TooManyAttempts):
                entrance.come_in(login, PASSWORD, address="192.0.2.1")

    def test_a_stranger_cannot_keep_the_owner_out(self, entrance: Entrance) -> None:
        """
        Whoever knows a login has a whole hour of attempts; its owner comes in all the same.
        """
        entrance.employ()
        for _ in range(60):
            with pytest.raises((Unauthenticated, TooManyAttempts)):
                entrance.come_in("sato", "wrong", address="192.0.2.1")

        assert entrance.come_in("sato", PASSWORD, address="198.51.100.1")

    def test_many_strangers_have_a_hundred_attempts_and_the_office_goes_on(self) -> None:
        """
        A hundred computers are one guesser; where people log in every day is none of them.
        """
        throttle = Throttle()
        throttle.succeeded("suzuki", "198.51.100.1")
        for n in range(100):
            throttle.admit("sato", f"192.0.2.{n}")

        with pytest.raises(TooManyAttempts):
            throttle.admit("sato", "192.0.2.200")
        throttle.admit("sato", "198.51.100.1")
        throttle.admit("suzuki", "192.0.2.200")

    def test_one_network_of_version_6_is_one_place(self) -> None:
        """
        Everybody there has more addresses than there are limits.
        """
        throttle = Throttle()
        for n in range(10):
            throttle.admit("sato", f"2001:db8:1:1::{n:x}")

        with pytest.raises(TooManyAttempts):
            throttle.admit("sato", "2001:db8:1:1:ffff::1")
        throttle.admit("sato", "2001:db8:1:2::1")

    def test_supervisors_see_at_whose_door_somebody_tries(self, entrance: Entrance) -> None:
        """
        Nobody is locked out any more, so that somebody has to look.
        """
        entrance.employ()
        entrance.employ("suzuki")
        for n in range(12):
            with pytest.raises(Unauthenticated):
                entrance.come_in("sato", "wrong", address=f"192.0.2.{n}")

        def seen() -> list[tuple[str, int]]:
            with scope(entrance.engine, "ota") as connection:
                found = people.often_failed(connection, at_least=10)
            return [(login, count) for login, _, count in found]

        before = seen()
        entrance.come_in("sato", PASSWORD, address="198.51.100.1")

        assert ([("sato", 12)], []) == (before, seen())

    def test_an_address_fails_thirty_times_a_minute_at_most(self) -> None:
        """
        Trying one password on many names is guessing too.
        """
        throttle = Throttle()
        for n in range(30):
            throttle.admit(f"person-{n}", "192.0.2.1")
            throttle.failed("192.0.2.1")

        with pytest.raises(TooManyAttempts):
            throttle.admit("person-31", "192.0.2.1")
        throttle.admit("person-31", "192.0.2.2")

    def test_an_office_behind_one_address_gets_in(self) -> None:
        """
        At 8:20 fifty people log in from one address; successes do not count.
        """
        throttle = Throttle()
        for n in range(50):
            throttle.admit(f"person-{n}", "192.0.2.1")
            throttle.succeeded(f"person-{n}", "192.0.2.1")

        throttle.admit("person-51", "192.0.2.1")


class TestSecondFactor:
    def test_a_code_opens_once(self, entrance: Entrance) -> None:
        """
        Who reads it over a shoulder comes too late.
        """
        entrance.employ(totp_required=True)
        _, app = entrance.register_app(entrance.come_in())
        entrance.clock.pass_by(second_factor.STEP)
        code = app.at(entrance.clock())
        entrance.come_in(code=code)

        with pytest.raises(Unauthenticated):
            entrance.come_in(code=code)

    def test_the_code_that_confirmed_the_app_is_spent(self, entrance: Entrance) -> None:
        """
        It was on the screen, too.
        """
        entrance.employ(totp_required=True)
        _, app = entrance.register_app(entrance.come_in())

        with pytest.raises(Unauthenticated):
            entrance.come_in(code=app.at(entrance.clock()))

    def test_the_code_alone_does_not_open(self, entrance: Entrance) -> None:
        """
        Two factors are two; and a wrong password must not spend the owner's code.
        """
        entrance.employ()
        _, app = entrance.register_app(entrance.come_in())
        entrance.clock.pass_by(second_factor.STEP)
        code = app.at(entrance.clock())
        with pytest.raises(Unauthenticated):
            entrance.come_in(password="wrong", code=code)

        assert "sato" == entrance.come_in(code=code).person.login

    def test_registering_ends_the_open_steps_and_rotates_the_session(
        self, entrance: Entrance
    ) -> None:
        """
        Gaining rights with the old credential would give them to whoever holds a copy.
        """
        entrance.employ(totp_required=True)
        before, elsewhere = entrance.come_in(), entrance.come_in()
        after, _ = entrance.register_app(before)

        assert before.person.has_to_register_second_factor
        assert not after.person.has_to_register_second_factor
        assert [False, False, True] == [
            inside(entrance, opened.token) for opened in (before, elsewhere, after)
        ]

    def test_a_wrong_code_registers_nothing(self, entrance: Entrance) -> None:
        """
        An app that was not set up would lock its owner out.
        """
        entrance.employ()
        opened = entrance.come_in()
        with pytest.raises(CodeRefused):
            entrance.door.confirm_second_factor(opened.person, opened.token, code="000000")
        entrance.door.begin_second_factor(opened.person)
        with pytest.raises(CodeRefused):
            entrance.door.confirm_second_factor(opened.person, opened.token, code="abc")

        assert "sato" == entrance.come_in().person.login

    def test_replacing_the_app_takes_the_password(self, entrance: Entrance) -> None:
        """
        Somebody at an unlocked desk must not be able to move in.
        """
        entrance.employ()
        opened, _ = entrance.register_app(entrance.come_in())
        with pytest.raises(PasswordRefused):
            entrance.door.begin_second_factor(opened.person, password="wrong")

        assert entrance.door.begin_second_factor(opened.person, password=PASSWORD).secret


class TestPassword:
    def test_a_new_password_ends_the_other_sessions_and_rotates_this_one(
        self, entrance: Entrance
    ) -> None:
        """
        People change it when they fear that somebody is in.
        """
        entrance.employ()
        mine, thief = entrance.come_in(), entrance.come_in()
        changed = entrance.door.change_password(
            mine.person, mine.token, current=PASSWORD, new=ANOTHER, address="192.0.2.1"
        )

        assert [False, False, True] == [
            inside(entrance, opened.token) for opened in (mine, thief, changed)
        ]
        with pytest.raises(Unauthenticated):
            entrance.come_in(password=PASSWORD)
        assert "sato" == entrance.come_in(password=ANOTHER).person.login

    @pytest.mark.parametrize(
        ("current", "new"),
        [
            ("wrong", ANOTHER),
            (PASSWORD, PASSWORD),
            (PASSWORD, "short"),
            (PASSWORD, "a" * 20),
            (PASSWORD, "xyz-SATO-2026-12"),
            (PASSWORD, "ab" * 65),
        ],
    )
    def test_a_password_that_will_not_do_changes_nothing(
        self, entrance: Entrance, current: str, new: str
    ) -> None:
        """
        The present one has to fit, and the new one must not be guessable.
        """
        entrance.employ()
        opened = entrance.come_in()
        with pytest.raises(PasswordRefused):
            entrance.door.change_password(
                opened.person, opened.token, current=current, new=new, address="192.0.2.1"
            )

        assert "sato" == entrance.come_in().person.login
        assert inside(entrance, opened.token)

    def test_a_rotated_credential_cannot_rotate_again(self, entrance: Entrance) -> None:
        """
        Of two holders of one cookie, one is thrown out.
        """
        entrance.employ()
        opened = entrance.come_in()
        entrance.door.rotate(opened.person, opened.token)

        with pytest.raises(Unauthenticated):
            entrance.door.rotate(opened.person, opened.token)


class TestTokens:
    def test_a_token_asks_with_the_rights_of_its_account(self, entrance: Entrance) -> None:
        """
        A program is its owner, by another credential.
        """
        entrance.employ(municipality="chiba")
        token_id, credential = entrance.token()
        person = entrance.door.by_token(credential)

        assert person is not None
        assert ("chiba", token_id, None) == (
            person.municipality,
            person.token_id,
            person.session_id,
        )

    def test_expired_and_revoked_tokens_are_nobody_s(self, entrance: Entrance) -> None:
        """
        Beside one that is neither.
        """
        entrance.employ()
        _, short = entrance.token(days=1)
        _, long = entrance.token(days=9)
        gone_id, gone = entrance.token(days=9)
        accounts.revoke_token(entrance.engine, "sato", gone_id, now=entrance.clock())
        entrance.clock.pass_by(timedelta(days=1))

        assert [False, True, False] == [
            entrance.door.by_token(token) is not None for token in (short, long, gone)
        ]

    def test_a_session_s_credential_is_no_token_and_the_reverse(
        self, entrance: Entrance
    ) -> None:
        """
        Each is looked up where it belongs.
        """
        entrance.employ()
        session, (_, token) = entrance.come_in().token, entrance.token()

        assert entrance.door.by_token(session) is None
        assert entrance.door.by_session(token) is None


def test_nothing_that_opens_anything_shows_in_a_repr(entrance: Entrance) -> None:
    """
    Values end up in logs and in failure reports.
    """
    entrance.employ()
    opened = entrance.come_in()
    shown = repr(opened) + repr(entrance.door.begin_second_factor(opened.person))

    assert opened.token not in shown
    assert opened.person.form_token not in shown
    assert "otpauth" not in shown
