"""On whose device a visitor is supported, and who only tells people about applications.

Belongs here: what a contract says of supporters at a desk, asked for one visit. Does not
belong here: who may receive anybody at all (``domain.parties``), what a procedure needs of
the visitor (``eligibility``).

Source: Urasoe specification §8(2)ウ: a supporter tells people the way and answers questions,
and may support procedures of the portal on a terminal that the city has prepared.
"""

from domain.booking.booking_errors import FieldFault, FormRefused
from domain.contract import Contract
from domain.contract_parts import ChannelKind, Equipment
from domain.errors import NotYourDuty
from domain.procedures.procedure_parts import Group
from domain.roles import ROLE_TEXT, Party, Role

TERMINAL_OWNER = "desk.terminal_owner"
"""The parameter that says whose the terminal of the supporters is."""


def city_terminals(contract: Contract, channel: str | None = None) -> tuple[Equipment, ...]:
    """Return the terminals that the city has prepared, everywhere or at one channel."""
    return tuple(
        each
        for each in contract.equipment
        if each.owner is Party.CITY and channel in {None, each.channel}
    )


def may_support(contract: Contract, procedure: str, role: Role) -> bool:
    """Say whether a role does more about a procedure than to tell people of it."""
    lines = [line for line in contract.applications if line.procedure == procedure]
    return not lines or any(role not in line.except_roles for line in lines)


def require_supporter(contract: Contract, procedure: str, role: Role) -> None:
    """Return unless all that a role may do about a procedure is to tell people of it.

    Raises:
        NotYourDuty: Applications are supported by others.
    """
    if not may_support(contract, procedure, role):
        raise NotYourDuty(
            f"{ROLE_TEXT[role]}は申請の支援を行いません。"
            "案内として記録し、申請を受け付ける窓口へご案内ください。"
        )


def terminal_for(
    contract: Contract, *, procedure: str, channel: str, role: Role, given: str
) -> str:
    """Return the id of the city's terminal on which a visitor is supported; empty: none.

    Args:
        contract: Whose terminals they are.
        procedure: What the visitor came for.
        channel: Where they are received.
        role: Who receives them.
        given: The terminal that was named; empty: none.

    Raises:
        FormRefused: It has to be one of the city's at this desk, or none is asked for.
    """
    if not _on_city_terminal(contract, procedure, channel, role):
        if given:
            raise _refused("terminal", "市の端末は、この手続では使いません。")
        return ""
    known = city_terminals(contract, channel)
    if not known:
        raise _refused("channel", "市の端末がある窓口を選んでください。")
    if given not in {each.id for each in known}:
        raise _refused("terminal", "「市の端末」を選んでください。")
    return given


def _on_city_terminal(contract: Contract, procedure: str, channel: str, role: Role) -> bool:
    row = contract.procedure(procedure)
    if row is None or row.group is not Group.PORTAL:
        return False
    if contract.text(TERMINAL_OWNER) != Party.CITY:
        return False
    at_desk = contract.channel(channel).kind is ChannelKind.DESK
    return at_desk or role is Role.SUPPORT_STAFF


def _refused(field: str, message: str) -> FormRefused:
    return FormRefused(FieldFault(field=field, code="missing", message=message))
