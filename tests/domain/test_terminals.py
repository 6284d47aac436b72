"""Whom a supporter of Urasoe may support, and on whose terminal: the whole of it as a table."""

from dataclasses import replace

import pytest

from contracts.loader import load
from domain.booking.booking_errors import FormRefused
from domain.contract_parts import Equipment
from domain.errors import NotYourDuty
from domain.parties import Party, Role
from domain.procedures.procedure_parts import Group
from domain.procedures.terminals import (
    city_terminals,
    may_support,
    require_supporter,
    terminal_for,
)

URASOE = load("urasoe").contract
TERMINAL = "city_terminal_1"
SUPPORTER, OPERATOR = Role.SUPPORT_STAFF, Role.OPERATOR
DESK, BOOTH = "supporter", "online_window"
PORTAL = tuple(p.code for p in URASOE.procedures if p.group is Group.PORTAL)
APPLIED = tuple(line.procedure for line in URASOE.applications)


def terminal(procedure: str, channel: str, role: Role, given: str = "") -> str:
    return terminal_for(URASOE, procedure=procedure, channel=channel, role=role, given=given)


@pytest.mark.req("URASOE-34")
@pytest.mark.parametrize(
    ("procedure", "role", "may"),
    [
        *((code, SUPPORTER, True) for code in (*PORTAL, "guidance")),
        *((code, SUPPORTER, False) for code in APPLIED),
        *((code, OPERATOR, True) for code in (*PORTAL, *APPLIED, "guidance")),
    ],
)
def test_a_supporter_supports_the_portal_and_tells_people_of_applications(
    procedure: str, role: Role, may: bool
) -> None:
    """
    Guidance is all that a supporter does about an application.
    """
    assert may == may_support(URASOE, procedure, role)
    if may:
        require_supporter(URASOE, procedure, role)
        return
    with pytest.raises(NotYourDuty, match="案内"):
        require_supporter(URASOE, procedure, role)


@pytest.mark.parametrize("procedure", PORTAL)
def test_at_the_desk_the_portal_is_used_on_a_terminal_of_the_city(procedure: str) -> None:
    """
    None, one of the provider's, or one that is elsewhere will not do.
    """
    assert TERMINAL == terminal(procedure, DESK, SUPPORTER, TERMINAL)
    assert TERMINAL == terminal(procedure, DESK, OPERATOR, TERMINAL)
    for channel, given in ((DESK, ""), (DESK, "window_1"), (BOOTH, TERMINAL), (BOOTH, "")):
        with pytest.raises(FormRefused):
            terminal(procedure, channel, SUPPORTER, given)


def test_elsewhere_and_for_guidance_no_terminal_is_asked_for() -> None:
    """
    A booth has the provider's; whoever is only told something uses none.
    """
    assert "" == terminal(PORTAL[0], BOOTH, OPERATOR)
    assert "" == terminal("guidance", DESK, SUPPORTER)
    with pytest.raises(FormRefused):
        terminal("guidance", DESK, SUPPORTER, TERMINAL)
    for city in ("ageo", "chiba", "ota", "yokosuka"):
        contract = load(city).contract
        assert () == city_terminals(contract)
        code, channel = contract.procedures[0].code, contract.channels[0].id
        assert "" == terminal_for(
            contract, procedure=code, channel=channel, role=SUPPORTER, given=""
        )


def test_without_a_terminal_of_the_city_the_portal_is_not_supported_at_the_desk() -> None:
    """
    The register is the contract's own list of things.
    """
    ours = Equipment(id="own", label="当方の端末", channel=DESK)
    without = replace(URASOE, equipment=(ours,))

    assert Party.CITY is city_terminals(URASOE, DESK)[0].owner
    with pytest.raises(FormRefused, match="市の端末がある窓口"):
        terminal_for(without, procedure=PORTAL[0], channel=DESK, role=SUPPORTER, given="own")
