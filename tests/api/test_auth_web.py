"""Cookies, forms and first steps, as browsers and programs meet them."""

from datetime import timedelta

import pyotp
import pytest
from fastapi.testclient import TestClient

from api.access import second_factor
from domain.parties import Role
from tests.api.entrance import PASSWORD, Entrance, log_in, refusal

ANOTHER = "あたらしいことばを四つならべる"
CHANGE = "/change"


def cookie_line(web: TestClient) -> str:
    return log_in(web).headers["Set-Cookie"]


def bearer(credential: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {credential}"}


def form_token(web: TestClient) -> str:
    token: str = web.get("/api/v1/session").json()["form_token"]
    return token


class TestCookie:
    def test_a_script_cannot_read_it_and_other_sites_do_not_send_it(
        self, entrance: Entrance
    ) -> None:
        """
        By plain http it cannot be Secure, or nobody could try the demonstration.
        """
        entrance.employ()
        line = cookie_line(entrance.web())

        assert line.startswith("madoguchi=")
        assert {"HttpOnly", "SameSite=lax", "Path=/", "Max-Age=36000"} == set(
            line.split("; ")[1:]
        )

    def test_by_https_the_browser_insists_on_how_it_was_set(self, entrance: Entrance) -> None:
        """
        The prefix keeps a neighbouring subdomain from planting one.
        """
        behind_tls = Entrance(entrance.engine, https=True)
        behind_tls.employ()
        web = behind_tls.web()
        line = cookie_line(web)

        assert line.startswith("__Host-madoguchi=")
        assert "Secure" in line.split("; ")
        assert "Domain" not in line
        assert 200 == web.get("/me").status_code

    def test_a_credential_in_the_address_is_worth_nothing(self, entrance: Entrance) -> None:
        """
        Addresses end up in logs and histories.
        """
        entrance.employ()
        _, credential = entrance.token()
        web = entrance.web()

        assert (401, "Unauthenticated") == refusal(web.get(f"/me?token={credential}"))

    def test_logging_in_anew_kills_the_old_cookie(self, entrance: Entrance) -> None:
        """
        What was planted in the browser before the login opens nothing after it.
        """
        entrance.employ()
        web, thief = entrance.web(), entrance.web()
        log_in(web)
        thief.cookies.update(web.cookies)
        before = thief.get("/me").status_code
        log_in(web)

        assert (200, 401, 200) == (
            before,
            thief.get("/me").status_code,
            web.get("/me").status_code,
        )

    def test_logging_out_takes_the_cookie_and_what_was_kept(self, entrance: Entrance) -> None:
        """
        The next person at the desk must not page back.
        """
        entrance.employ()
        web, copy = entrance.web(), entrance.web()
        log_in(web)
        copy.cookies.update(web.cookies)
        gone = web.delete("/api/v1/session", headers={"X-Form-Token": form_token(web)})

        assert (204, '"cache", "cookies", "storage"') == (
            gone.status_code,
            gone.headers["Clear-Site-Data"],
        )
        assert (401, "Unauthenticated") == refusal(web.get("/me"))
        assert (401, "Unauthenticated") == refusal(copy.get("/me"))


class TestForms:
    """What a page of somebody else can make the browser send."""

    @pytest.fixture
    def web(self, entrance: Entrance) -> TestClient:
        entrance.employ()
        web = entrance.web()
        log_in(web)
        return web

    def test_our_own_form_passes(self, web: TestClient) -> None:
        """
        As a header from a script, or as a field without one.
        """
        token = form_token(web)

        assert 200 == web.post(CHANGE, headers={"X-Form-Token": token}).status_code
        assert 200 == web.post(CHANGE, data={"form_token": token}).status_code
        assert 200 == web.post(CHANGE, files={"form_token": (None, token)}).status_code

    @pytest.mark.parametrize("site", ["cross-site", "same-site"])
    def test_another_site_is_refused_even_with_the_token(
        self, web: TestClient, site: str
    ) -> None:
        """
        Neighbouring subdomains are other sites, too.
        """
        headers = {"X-Form-Token": form_token(web), "Sec-Fetch-Site": site}

        assert (403, "ForeignOrigin") == refusal(web.post(CHANGE, headers=headers))

    @pytest.mark.parametrize("site", ["same-origin", "none", None])
    def test_a_form_without_the_token_is_refused(
        self, web: TestClient, site: str | None
    ) -> None:
        """
        Old browsers do not say where a form comes from.
        """
        headers = {"Sec-Fetch-Site": site} if site else {}

        assert (403, "ForeignOrigin") == refusal(web.post(CHANGE, headers=headers))
        assert (403, "ForeignOrigin") == refusal(web.post(CHANGE, data={"form_token": "x"}))

    def test_the_token_of_another_session_is_refused(
        self, entrance: Entrance, web: TestClient
    ) -> None:
        """
        An attacker with an account of their own has a token, but not this one.
        """
        entrance.employ("mallory")
        attacker = entrance.web()
        log_in(attacker, login="mallory")
        theirs = {"X-Form-Token": form_token(attacker)}

        assert 200 == attacker.post(CHANGE, headers=theirs).status_code
        assert (403, "ForeignOrigin") == refusal(web.post(CHANGE, headers=theirs))

    def test_reading_needs_no_token(self, web: TestClient) -> None:
        """
        A link in a mail opens the page.
        """
        headers = {"Sec-Fetch-Site": "cross-site"}

        assert 200 == web.get("/me", headers=headers).status_code

    def test_a_program_needs_no_form_token(self, entrance: Entrance) -> None:
        """
        No browser adds a bearer token by itself.
        """
        entrance.employ()
        _, credential = entrance.token()

        assert 200 == entrance.web().post(CHANGE, headers=bearer(credential)).status_code

    def test_a_bad_token_beside_a_good_cookie_is_nobody(self, web: TestClient) -> None:
        """
        Falling back to the cookie would let a header switch off the form token.
        """
        for header in ("Bearer wrong", "Basic c2F0bzp4", "Bearer"):
            refused = web.post(CHANGE, headers={"Authorization": header})
            assert (401, "Unauthenticated") == refusal(refused)

    def test_another_site_cannot_log_somebody_in(self, entrance: Entrance) -> None:
        """
        Working in a stranger's account would hand the stranger what is typed.
        """
        entrance.employ()
        body = {"login": "sato", "password": PASSWORD}
        refused = entrance.web().post(
            "/api/v1/session", json=body, headers={"Sec-Fetch-Site": "cross-site"}
        )

        assert (403, "ForeignOrigin") == refusal(refused)


class TestFirstSteps:
    def test_a_first_password_has_to_be_changed_before_anything(
        self, entrance: Entrance
    ) -> None:
        """
        Whoever made the account knows it.
        """
        made = entrance.employ(password=None)
        web = entrance.web()
        shown = log_in(web, password=made.password).json()
        blocked = refusal(web.get("/me"))
        changed = web.post(
            "/api/v1/session/password",
            json={"current": made.password, "new": ANOTHER},
            headers={"X-Form-Token": shown["form_token"]},
        )

        assert shown["has_to_change_password"]
        assert (403, "FirstStepsOpen") == blocked
        assert (200, False) == (changed.status_code, changed.json()["has_to_change_password"])
        assert 200 == web.get("/me").status_code

    def test_a_required_authenticator_app_has_to_be_registered_before_anything(
        self, entrance: Entrance
    ) -> None:
        """
        Required means that nothing works without.
        """
        entrance.employ(totp_required=True)
        web = entrance.web()
        token = {"X-Form-Token": log_in(web).json()["form_token"]}
        blocked = refusal(web.get("/me"))
        enrolment = web.post("/api/v1/session/second-factor", json={}, headers=token).json()
        code = pyotp.TOTP(enrolment["secret"]).at(entrance.clock())
        confirmed = web.post(
            "/api/v1/session/second-factor/confirm", json={"code": code}, headers=token
        )

        assert (403, "FirstStepsOpen") == blocked
        assert enrolment["svg"].startswith("<svg")
        assert (200, False) == (
            confirmed.status_code,
            confirmed.json()["has_to_register_second_factor"],
        )
        assert 200 == web.get("/me").status_code
        entrance.clock.pass_by(second_factor.STEP)
        assert (401, "Unauthenticated") == refusal(log_in(entrance.web()))

    def test_a_token_cannot_change_the_password_or_the_app(self, entrance: Entrance) -> None:
        """
        A leaked token must not become the account.
        """
        entrance.employ()
        headers = bearer(entrance.token()[1])
        web = entrance.web()
        attempts = {
            "/api/v1/session/password": {"current": PASSWORD, "new": ANOTHER},
            "/api/v1/session/second-factor": {"password": PASSWORD},
            "/api/v1/session/second-factor/confirm": {"code": "000000"},
        }

        assert [(401, "Unauthenticated")] * 3 == [
            refusal(web.post(path, json=body, headers=headers))
            for path, body in attempts.items()
        ]


def test_a_person_lists_and_ends_their_sessions(entrance: Entrance) -> None:
    """
    A lost tablet is ended from the desk.
    """
    entrance.employ()
    desk, tablet = entrance.web(), entrance.web()
    log_in(tablet)
    entrance.clock.pass_by(timedelta(minutes=5))
    token = {"X-Form-Token": log_in(desk).json()["form_token"]}
    items = desk.get("/api/v1/sessions").json()["items"]
    ended = desk.delete(f"/api/v1/sessions/{items[1]['session_id']}", headers=token)
    again = desk.delete(f"/api/v1/sessions/{items[1]['session_id']}", headers=token)

    assert [True, False] == [item["current"] for item in items]
    assert (204, 200, 401) == (
        ended.status_code,
        desk.get("/me").status_code,
        tablet.get("/me").status_code,
    )
    assert (404, "SessionUnknown") == refusal(again)


def test_pages_for_everybody_greet_whom_they_know(entrance: Entrance) -> None:
    """
    A resident needs no account, and a stale cookie is no error.
    """
    entrance.employ()
    web = entrance.web()
    stranger = web.get("/anybody").json()
    log_in(web)

    assert ("somebody", "sato") == (stranger, web.get("/anybody").json())


def test_too_many_attempts_are_told_so(entrance: Entrance) -> None:
    """
    A person who forgot a password should know that waiting helps.
    """
    web = entrance.web()
    answers = [refusal(log_in(web, password="wrong")) for _ in range(11)]

    assert [(401, "Unauthenticated")] * 10 + [(429, "TooManyAttempts")] == answers


def test_a_session_says_who_is_asking_and_what_they_may_ever_do(entrance: Entrance) -> None:
    """
    Menus are built from it.
    """
    entrance.employ(role=Role.AUDITOR)
    shown = log_in(entrance.web()).json()

    assert ("auditor", "監査担当", "city", "ota") == (
        shown["role"],
        shown["role_text"],
        shown["party"],
        shown["municipality"],
    )
    assert [
        "see_case",
        "see_person",
        "see_calendar",
        "see_access_log",
        "read_audit",
        "replay",
        "see_knowledge",
        "hold_case",
        "see_inquiries",
        "see_reservations",
    ] == shown["actions"]
