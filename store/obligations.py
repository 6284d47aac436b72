"""The cases of what a contract promises: which of them stand, and what they let go of.

The id of a case follows from the contract and the code, so that of two who open it at once
one opens nothing.
"""

import hashlib
from collections.abc import Mapping
from datetime import date

from pydantic import TypeAdapter
from sqlalchemy import Connection, select

from domain.contract import Contract
from domain.obligations.holding import NOTHING, Held, held_back
from domain.obligations.obligation import Obligation
from store import cases
from store.cases import CaseFile
from store.record import CASE_FILE

_VALUE: TypeAdapter[Obligation] = TypeAdapter(Obligation)


def case_id_of(slug: str, code: str) -> str:
    """Return the id of the case of an obligation: always the same one."""
    return hashlib.sha256(f"{slug}/obligation/{code}".encode()).hexdigest()[:32]


def standing(connection: Connection, contract: Contract) -> Mapping[str, Obligation]:
    """Return the obligations that have a case, by code."""
    ids = [case_id_of(contract.slug, each.code) for each in contract.obligations]
    rows = connection.execute(
        select(CASE_FILE.c.state).where(
            CASE_FILE.c.municipality == contract.slug, CASE_FILE.c.case_id.in_(ids)
        )
    )
    values = [_VALUE.validate_python(row.state["value"]) for row in rows]
    return {value.terms.code: value for value in values}


def files(connection: Connection, contract: Contract) -> Mapping[str, CaseFile]:
    """Return the cases of the obligations that have one, by code."""
    known = standing(connection, contract)
    return {code: cases.one_case(connection, case_id_of(contract.slug, code)) for code in known}


def held(connection: Connection, contract: Contract, day: date) -> Held:
    """Return which channels of a contract are shut on a day, and what they wait for."""
    if not any(terms.holds for terms in contract.obligations):
        return NOTHING
    known = standing(connection, contract)
    lifted = [code for code, value in known.items() if value.lifted_on(day)]
    return held_back(contract, lifted)
