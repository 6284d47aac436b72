"""The record of who saw whose data."""

from collections.abc import Iterable

from sqlalchemy import Engine, text

from domain.parties import Action
from store import access, listed_people
from store.people import Account
from store.scope import scope
from tests.store.people_at_work import NOW, employ


def look(engine: Engine, account: Account, *case_ids: str) -> None:
    with scope(engine, account.municipality) as connection:
        access.record_access(
            connection,
            account_id=account.account_id,
            case_ids=case_ids,
            purpose="返戻の連絡",
            route="GET /cases/{case_id}",
            now=NOW,
        )


def cases(found: Iterable[access.Access]) -> list[str]:
    return [entry.case_id for entry in found]


def test_who_saw_whose_data_and_why_is_kept(app: Engine) -> None:
    """
    A resident may ask; the answer has to name person, moment and purpose.
    """
    look(app, employ(app), "case-1")
    with scope(app, "ota") as connection:
        (entry,) = access.accesses(connection, case_id="case-1")

    assert ("佐藤", "返戻の連絡", "GET /cases/{case_id}", NOW) == (
        entry.display_name,
        entry.purpose,
        entry.route,
        entry.at,
    )


def test_a_mailed_list_is_an_access_to_everybody_on_it(app: Engine) -> None:
    """
    Nobody looked, and the data left the house; the second answer of the server is no second
    mail. Who was on no list, the control, has no line.
    """
    for _ in range(2):
        with scope(app, "ota") as connection:
            listed_people.keep(connection, "ota", "list-1", ["case-1", "case-2"])
            listed_people.keep(connection, "ota", "list-2", ["case-3"])
            listed_people.sent(connection, "ota", "list-1", to="k@city.example", at=NOW)

    with scope(app, "ota") as connection:
        found = access.accesses(connection)

    assert ["case-1", "case-2"] == sorted(cases(found))
    assert {(access.BY_ITSELF, None, listed_people.SENT, "mail")} == {
        (each.display_name, each.account_id, each.purpose, each.route) for each in found
    }


def test_it_is_read_the_newest_first_and_page_by_page(app: Engine) -> None:
    """
    Years of it do not fit on one page.
    """
    look(app, employ(app), "case-1", "case-2", "case-3")
    with scope(app, "ota") as connection:
        first = access.accesses(connection, limit=2)
        second = access.accesses(connection, limit=2, before=first[-1].access_id)

    assert (["case-3", "case-2"], ["case-1"]) == (cases(first), cases(second))


def test_it_is_narrowed_to_a_case_or_a_person(app: Engine) -> None:
    """
    Auditors ask either way round.
    """
    sato, suzuki = employ(app), employ(app, login="suzuki")
    look(app, sato, "case-1", "case-2")
    look(app, suzuki, "case-2")
    with scope(app, "ota") as connection:
        of_case = access.accesses(connection, case_id="case-1")
        of_person = access.accesses(connection, account_id=suzuki.account_id)

    assert (["case-1"], ["case-2"]) == (cases(of_case), cases(of_person))


def test_looking_at_nobody_is_not_recorded(app: Engine) -> None:
    """
    An empty list shows nobody's data.
    """
    look(app, employ(app))
    with scope(app, "ota") as connection:
        assert [] == access.accesses(connection)


def test_a_refused_attempt_is_kept(app: Engine) -> None:
    """
    Somebody who tries what is the city's to do should be asked why.
    """
    account = employ(app)
    with scope(app, "ota") as connection:
        access.record_refused(
            connection,
            account_id=account.account_id,
            action=Action.ACCEPT_HANDOFF,
            case_id="case-1",
            route="POST /cases/{case_id}/actions/{action}",
            now=NOW,
        )
        kept = connection.execute(text("SELECT action, case_id, at FROM refused_act")).all()

    assert [("accept_handoff", "case-1", NOW)] == [tuple(row) for row in kept]
