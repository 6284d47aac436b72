"""One person, one account, one place: nobody comes in as somebody who is in."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from api.access.opening import SHARED_LOGIN
from domain.access.access_errors import InUseElsewhere
from domain.parties import Party, Role
from store.scope import scope
from tests.api.entrance import Entrance, log_in

HERE = {"address": "192.0.2.1", "device": "Firefox"}
THERE = {"address": "192.0.2.2", "device": "Firefox"}


def attempts(entrance: Entrance) -> list[str]:
    """Return what was recorded of attempts with somebody's account."""
    with scope(entrance.engine, "ota") as connection:
        return list(connection.execute(text("SELECT action FROM refused_act")).scalars())


@pytest.mark.req("OTA-44")
def test_a_second_session_with_somebodys_account_is_refused(entrance: Entrance) -> None:
    """
    While its owner is in, at any other device, also one that calls itself the same; the
    attempt is kept. The owner notices nothing; once they are out it is no second session.
    """
    ours = [role for role in Role if role.party is Party.PROVIDER]
    for role in ours:
        entrance.employ(role, role)
        owner = entrance.come_in(role, **HERE)
        for elsewhere in (THERE, {**HERE, "device": "Chrome"}, HERE):
            with pytest.raises(InUseElsewhere):
                entrance.come_in(role, **elsewhere)

        assert entrance.door.by_session(owner.token) is not None
        entrance.door.logout(owner.person)
        assert entrance.come_in(role, **THERE).token
    assert [SHARED_LOGIN] * 3 * len(ours) == attempts(entrance)


def test_moving_to_another_device_ends_the_session_at_the_first(entrance: Entrance) -> None:
    """
    Never two at once; who only lost the cookie on this very machine does not move at all.
    """
    entrance.employ(role=Role.CLERK)
    first = entrance.come_in(**HERE)
    second = entrance.come_in(**THERE, move=True)
    here = {"address": "127.0.0.1", "device": "Firefox"}
    third = entrance.come_in(**here, move=True)
    fourth = entrance.come_in(**here)

    alive = [entrance.door.by_session(each.token) for each in (first, second, third, fourth)]
    assert [None, None, None] == alive[:3]
    assert alive[3] is not None


def test_an_idle_session_is_nobodys_place(entrance: Entrance) -> None:
    """
    The control: a session that is over keeps nobody out.
    """
    entrance.employ(role=Role.CLERK)
    entrance.come_in(**HERE)
    entrance.clock.pass_by(timedelta(minutes=31))

    assert entrance.come_in(**THERE).token
    assert [] == attempts(entrance)


def test_the_citys_people_may_use_two_devices(entrance: Entrance) -> None:
    """
    The control: the clause speaks of whoever the work is entrusted to.
    """
    entrance.employ(role=Role.OFFICIAL)

    assert entrance.come_in(**HERE).token != entrance.come_in(**THERE).token


def test_the_refusal_says_how_its_owner_goes_on(entrance: Entrance) -> None:
    """
    Over HTTP: 409, and again with the mark that they moved.
    """
    entrance.employ(role=Role.CLERK)
    entrance.come_in(**HERE)
    refused = log_in(entrance.web())
    moved = entrance.web().post(
        "/api/v1/session",
        json={"login": "sato", "password": "正しい馬と電池とホチキス", "move": True},
    )

    assert (409, "InUseElsewhere") == (refused.status_code, refused.json()["code"])
    assert "前の端末の利用を終わらせる" in refused.json()["detail"]
    assert 201 == moved.status_code
