"""What a line of the table of duties is made of: who, and while a case stands where.

Belongs here: a cell, and the groups of roles and standings that lines are written with. Does
not belong here: the table (``domain.parties``), the words themselves (``domain.roles``).
"""

from collections.abc import Set
from dataclasses import dataclass

from domain.roles import Role, Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One cell's worth of the table: these roles, while the case stands here."""

    roles: Set[Role]
    standings: Set[Standing]


DESK = frozenset({Role.OPERATOR, Role.SUPPORT_STAFF, Role.CLERK, Role.SITE_MANAGER})
FLOOR = DESK
"""Floor managers (フロアマネージャー): a duty of whoever works at the windows, and no role.

Source: Yokosuka specification §7 サ.
"""
PHONE = frozenset({Role.CALL_AGENT, Role.CLERK, Role.SITE_MANAGER})
BACK_OFFICE = frozenset({Role.CLERK, Role.SITE_MANAGER})
MANAGERS = frozenset({Role.SITE_MANAGER, Role.OPERATIONS_MANAGER})
WORKERS = DESK | PHONE
BOOKERS = PHONE | frozenset({Role.OPERATOR, Role.SUPPORT_STAFF})
OFFICIAL = frozenset({Role.OFFICIAL})
AUDITOR = frozenset({Role.AUDITOR})
EVERYBODY = frozenset(Role)

ANYWHERE: Set[Standing] = frozenset(Standing)
OPEN = ANYWHERE - {Standing.CLOSED}
OURS = frozenset({Standing.WITH_PROVIDER})
CITYS = frozenset({Standing.WITH_CITY})
UNDER_WAY = frozenset({Standing.OFFERED, Standing.WITH_CITY})


def when(standings: Set[Standing], roles: Set[Role]) -> Duty:
    """Return the duty of ``roles`` while a case stands at one of ``standings``."""
    return Duty(roles=roles, standings=standings)
