"""The two parties, who works for them as what, and where a case can stand between them.

Belongs here: words without rules. Does not belong here: who may do what
(``domain.parties``, through which everybody else knows these words).
"""

from collections.abc import Mapping
from enum import StrEnum


class Party(StrEnum):
    """The two sides of a contract."""

    PROVIDER = "provider"
    CITY = "city"


PARTY_TEXT: Mapping[Party, str] = {Party.PROVIDER: "委", Party.CITY: "市"}


class Role(StrEnum):
    """What a person is entrusted with; everybody has exactly one."""

    OPERATOR = "operator"
    SUPPORT_STAFF = "support_staff"
    CALL_AGENT = "call_agent"
    CLERK = "clerk"
    SITE_MANAGER = "site_manager"
    OPERATIONS_MANAGER = "operations_manager"
    OFFICIAL = "official"
    AUDITOR = "auditor"

    @property
    def party(self) -> Party:
        """The side the role stands on.

        An auditor stands on the city's: supervising who is entrusted is the city's duty.
        Source: Personal Information Protection Act and My Number Act art. 11.
        """
        return Party.CITY if self in {Role.OFFICIAL, Role.AUDITOR} else Party.PROVIDER


ROLE_TEXT: Mapping[Role, str] = {
    Role.OPERATOR: "オペレーター",
    Role.SUPPORT_STAFF: "支援スタッフ",
    Role.CALL_AGENT: "電話担当",
    Role.CLERK: "事務担当",
    Role.SITE_MANAGER: "現地管理者",
    Role.OPERATIONS_MANAGER: "業務責任者",
    Role.OFFICIAL: "市職員",
    Role.AUDITOR: "監査担当",
}


class Standing(StrEnum):
    """Where a case stands between the parties, however far its own steps have come."""

    WITH_PROVIDER = "with_provider"
    OFFERED = "offered"
    """Handed over or offered to the city, whose receipt or acceptance is awaited."""
    WITH_CITY = "with_city"
    CLOSED = "closed"
