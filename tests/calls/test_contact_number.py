"""The number that residents are told, entered while the contract runs."""

from activities.messages_facts import contact_of
from domain.parties import Role
from store import contact_numbers
from store.scope import scope
from tests.bookings import venue
from tests.stack import Stack

PATH = f"/api/v1/contracts/{venue.CITY}/contact-number"


async def test_a_number_is_told_once_it_was_entered_with_where_it_is_agreed(
    stack: Stack,
) -> None:
    """
    It stands in no specification; the last one entered holds, and who entered it is kept.
    """
    venue.prepare(stack)
    manager = stack.as_(Role.SITE_MANAGER, venue.CITY)
    before = (await stack.http.get("/book/chiba")).text
    wrong = [
        await manager.post(PATH, json=body)
        for body in (
            {"telephone": "12", "agreement": "協議第7号"},
            {"telephone": "043-245-5111", "agreement": " "},
        )
    ]
    for number in ("043-245-5110", "0432455111"):
        done = await manager.post(PATH, json={"telephone": number, "agreement": "協議第7号"})
        assert 201 == done.status_code, done.text
    after = (await stack.http.get("/book/chiba")).text
    with scope(stack.engine, venue.CITY) as connection:
        kept = contact_numbers.current(connection, venue.CITY, venue.CITY)

    assert ["FieldMissing", "FieldMissing"] == [each.json()["code"] for each in wrong]
    assert ("tel:" in before, "043-245-5111" in after) == (False, True)
    assert "043-245-5110" not in after
    assert kept is not None
    assert ("協議第7号", venue.NOON) == (kept.agreement, kept.set_at)
    contract = stack.book.current(venue.CITY).contract
    assert "043-245-5111" == contact_of(contract, "ja", kept.telephone).telephone
