"""The place of the call centre on the contract's page: proposed, then approved by the city."""

import pytest

from domain.parties import Role
from tests.journeys import desk
from tests.journeys.site import Site

CONTRACT, PLACES = "/contract", "/contract/call-centre-places"
CENTRE = {"name": "幕張センター", "address": "千葉県千葉市美浜区ひび野2-1"}


@pytest.mark.req("CHIBA-09")
def test_a_place_is_proposed_on_a_page_and_approved_by_an_official(desk_site: Site) -> None:
    """
    Who may do the other part is offered nothing; a place abroad comes back with the reason.
    """
    manager = desk.agent(desk_site, Role.OPERATIONS_MANAGER)
    official = desk.agent(desk_site, Role.OFFICIAL)
    before = desk.section(official.get(CONTRACT).text, "コールセンターの場所")
    form = manager.form(CONTRACT, PLACES)

    abroad = manager.send(form, **CENTRE, country="PH")
    nowhere = manager.send(form, **CENTRE, country="")
    proposed = manager.send(form, **CENTRE, country="jp")
    waiting = desk.section(manager.get(CONTRACT).text, "コールセンターの場所")
    approved = official.send(official.form(CONTRACT, f"{PLACES}/1/approve"))

    assert "市が承認した場所がまだありません" in before
    assert PLACES not in before
    assert [422, 422, 303] == [each.status_code for each in (abroad, nowhere, proposed)]
    assert "日本国内に置いてください" in abroad.text
    assert 'value="幕張センター"' in abroad.text
    assert "承認を待っている" in waiting
    assert "approve" not in waiting
    assert 303 == approved.status_code
    after = desk.section(official.get(CONTRACT).text, "コールセンターの場所")
    assert "使える" in after
    assert "まだありません" not in after


def test_a_contract_that_asks_for_no_place_shows_none(site: Site) -> None:
    """
    Ota's calls are taken at the city hall.
    """
    assert "コールセンターの場所" not in site.as_(Role.OFFICIAL).get(CONTRACT).text
