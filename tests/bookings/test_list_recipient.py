"""Where a city gets its lists: who says so, what is refused, and a password told once."""

import pytest
from sqlalchemy import text

from domain.parties import Role
from store.scope import scope
from tests.bookings import venue
from tests.bookings.recipient import ADDRESS, PASSWORD, RECIPIENT, agree
from tests.stack import Stack


async def test_the_password_is_told_once_and_kept_sealed(stack: Stack) -> None:
    """
    Given or made, to whoever sets it; the newest version holds.
    """
    venue.prepare(stack)
    manager = stack.as_(Role.OPERATIONS_MANAGER, venue.CITY)
    nothing = await manager.get(RECIPIENT)

    first, second = await agree(stack), await agree(stack, password="")
    shown = (await manager.get(RECIPIENT)).json()

    assert (200, None) == (nothing.status_code, nothing.json())
    assert (PASSWORD, 20) == (first["password"], len(second["password"]))
    assert (2, ADDRESS, None) == (shown["number"], shown["address"], shown["password"])
    with scope(stack.engine, venue.CITY) as connection:
        kept = connection.execute(text("SELECT sealed_password FROM list_recipient"))
        for (sealed,) in kept:
            assert PASSWORD.encode() not in bytes(sealed)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"password": "short"}, "WeakListPassword"),
        ({"password": "aaaaaaaaaaaaaaaaaaaa"}, "WeakListPassword"),
        ({"password": "ひらがなのパスワードひらがな"}, "WeakListPassword"),
        ({"address": "nobody"}, "NotAListAddress"),
        ({"address": "a@b.example\r\nBcc: c@d.example"}, "NotAListAddress"),
        ({"agreement": "  "}, "FieldMissing"),
    ],
)
async def test_a_recipient_that_cannot_be_used_is_refused(
    stack: Stack, change: dict[str, str], code: str
) -> None:
    """
    Names do not go out under a password that anybody finds, nor to two addresses.
    """
    venue.prepare(stack)
    body = {"address": ADDRESS, "password": PASSWORD, "agreement": "10/1 協議", **change}

    refused = await stack.as_(Role.SITE_MANAGER, venue.CITY).post(RECIPIENT, json=body)

    assert (422, code) == (refused.status_code, refused.json()["code"])


async def test_only_managers_of_a_contract_that_owes_lists_say_where_they_go(
    stack: Stack,
) -> None:
    """
    Neither a clerk nor the city's staff; and elsewhere there is nothing to say.
    """
    body = {"address": ADDRESS, "password": PASSWORD, "agreement": "10/1 協議"}
    answers = [
        await stack.as_(role, city).post(RECIPIENT.replace(venue.CITY, city), json=body)
        for role, city in (
            (Role.CLERK, venue.CITY),
            (Role.OFFICIAL, venue.CITY),
            (Role.SITE_MANAGER, "yokosuka"),
        )
    ]

    assert [403, 403, 404] == [each.status_code for each in answers]
