"""Every role at every route: who gets in, who is refused, and what is recorded of it."""

from collections.abc import Sequence

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from domain.parties import NON_DELEGABLE, Action, Party, Role, who_may
from store.scope import scope
from tests.api.entrance import Entrance, refusal

Refused = tuple[str, str, str, str]


def come_as(entrance: Entrance, role: Role) -> tuple[TestClient, str]:
    """Return a program with a token of that role, and its account."""
    made = entrance.employ(role.value, role)
    web = entrance.web()
    web.headers["Authorization"] = f"Bearer {entrance.token(role.value)[1]}"
    return web, made.account_id


def recorded(entrance: Entrance, municipality: str = "ota") -> Sequence[Refused]:
    with scope(entrance.engine, municipality) as connection:
        rows = connection.execute(
            text("SELECT account_id, action, case_id, route FROM refused_act ORDER BY at")
        )
        return [tuple(row) for row in rows]


@pytest.mark.req("OTA-08")
@pytest.mark.parametrize("role", Role)
def test_every_action_is_open_to_whom_the_table_names(entrance: Entrance, role: Role) -> None:
    """
    A role that may not is told 403, and the attempt is kept; a role that may leaves none.
    """
    web, account_id = come_as(entrance, role)
    permitted, refused = set(), set()
    for action in Action:
        answer = web.get(f"/cases/case-1/{action.value}")
        if answer.status_code == 200:
            permitted.add(action)
        else:
            assert (403, "NotYourDuty") == refusal(answer)
            refused.add(action)

    assert {action for action in Action if role in who_may(action)} == permitted
    assert {
        (account_id, action.value, "case-1", f"GET /cases/{{case_id}}/{action.value}")
        for action in refused
    } == set(recorded(entrance))


@pytest.mark.req("OTA-08")
def test_no_provider_does_an_act_of_the_city(entrance: Entrance) -> None:
    """
    Read from the answers of the routes, not from the table they were built from.
    """
    answers = {
        role: {web.get(f"/cases/c/{action.value}").status_code for action in NON_DELEGABLE}
        for role in Role
        for web, _ in [come_as(entrance, role)]
    }

    assert {403} == set.union(*(answers[r] for r in Role if r.party is Party.PROVIDER))
    assert {200} == answers[Role.OFFICIAL]


def test_somebody_unknown_is_not_told_what_there_is(entrance: Entrance) -> None:
    """
    401 before 403, and nothing to record without a person.
    """
    web = entrance.web()
    answers = {refusal(web.get(f"/cases/case-1/{action.value}")) for action in Action}

    assert {(401, "Unauthenticated")} == answers
    assert [] == recorded(entrance)


def test_a_refused_attempt_is_recorded_in_the_person_s_own_municipality(
    entrance: Entrance,
) -> None:
    """
    Nobody else's auditors read it.
    """
    entrance.employ("chiba-clerk", Role.CLERK, municipality="chiba")
    headers = {"Authorization": f"Bearer {entrance.token('chiba-clerk')[1]}"}
    entrance.web().get("/cases/case-1/accept_handoff", headers=headers)

    assert (0, 1) == (len(recorded(entrance)), len(recorded(entrance, "chiba")))


def test_a_refusal_names_who_may(entrance: Entrance) -> None:
    """
    The screen shows it beside what is not allowed.
    """
    web, _ = come_as(entrance, Role.CLERK)
    answer = web.get("/cases/case-1/accept_handoff")

    assert "この操作ができるのは市職員です" == answer.json()["detail"]
