"""Incidents in lists: those that are open, and the things that are out of service.

Belongs here: finding them. Does not belong here: what becomes of one (``store.record``).
"""

from sqlalchemy import Connection

from domain.case import CaseKind
from domain.incidents.kinds import Stage
from store import cases
from store.cases import CaseFile, Wanted

_MOST = 200


def open_incidents(connection: Connection, municipality: str, contract: str) -> list[CaseFile]:
    """Return the open incidents of a contract, the most urgent first."""
    wanted = Wanted(contract=contract, kind=CaseKind.INCIDENT)
    return cases.list_cases(connection, municipality, wanted, limit=_MOST)


def out_of_service(connection: Connection, municipality: str, contract: str) -> frozenset[str]:
    """Return the things of a contract that nobody may be sent to now."""
    wanted = Wanted(contract=contract, kind=CaseKind.INCIDENT, stage=Stage.OUT_OF_SERVICE)
    found = cases.list_cases(connection, municipality, wanted, limit=_MOST)
    return frozenset(str(file.state["value"]["thing"]) for file in found) - {""}
