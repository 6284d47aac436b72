"""Volumes over HTTP: what came month by month, beside the years the contract refers to."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from api.access.auth import require_action
from api.access.door import Person
from api.deps import AccessedContract, TheDesk
from domain.contract import Contract
from domain.errors import FieldMissing
from domain.parties import Action
from store import volumes
from store.scope import scope

router = APIRouter(prefix="/api/v1/contracts/{slug}/volumes", tags=["contracts"])

Seer = Annotated[Person, Depends(require_action(Action.SEE_CALENDAR))]

_LONGEST_SPAN = timedelta(days=800)
_REFERENCE_YEARS = {"r5": (2023, "令和5年度"), "r6": (2024, "令和6年度")}
_MONTHS = 12


class ReferenceBody(BaseModel):
    """One year that the contract names for comparison."""

    fiscal_year: int
    label: str
    cards: int
    notices: int
    mailed: int
    cards_per_month: float = Field(description="The mean: the height of a line in a chart.")
    clause: str


class MonthBody(BaseModel):
    """What one month came to."""

    month: str = Field(description="YYYY-MM")
    cards: int
    notices: int
    mailed: int


class VolumesBody(BaseModel):
    """Everything a chart needs: months, and the lines they are compared with."""

    contract: str
    months: list[MonthBody]
    references: list[ReferenceBody]


@router.get("", summary="Show volumes by month and the contract's reference years")
def show_volumes(
    loaded: AccessedContract,
    person: Seer,
    desk: TheDesk,
    first: Annotated[date, Query(alias="from")],
    last: Annotated[date, Query(alias="to")],
) -> VolumesBody:
    """Return each month from one to another, also those in which nothing came."""
    if not timedelta(0) <= last - first <= _LONGEST_SPAN:
        raise FieldMissing("from と to は、800日以内の順に指定してください。")
    contract = loaded.contract
    with scope(desk.engine, person.municipality) as connection:
        found = volumes.by_month(
            connection, person.municipality, contract.slug, first.replace(day=1), last
        )
    known = {each.month: each for each in found}
    months = [
        known.get(month, volumes.MonthVolume(month=month)) for month in _months(first, last)
    ]
    return VolumesBody(
        contract=contract.slug,
        months=[
            MonthBody(
                month=f"{each.month:%Y-%m}",
                cards=each.cards,
                notices=each.notices,
                mailed=each.mailed,
            )
            for each in months
        ],
        references=references(contract),
    )


def references(contract: Contract) -> list[ReferenceBody]:
    """Return the years that the contract names; none where it is silent."""
    found = []
    for key, (year, label) in _REFERENCE_YEARS.items():
        parts = [
            contract.integer(f"volumes.{name}_{key}")
            for name in ("cards", "notices", "application_visit")
        ]
        cards, notices, mailed = parts
        if cards is None or notices is None or mailed is None:
            continue
        found.append(
            ReferenceBody(
                fiscal_year=year,
                label=label,
                cards=cards,
                notices=notices,
                mailed=mailed,
                cards_per_month=round(cards / _MONTHS, 1),
                clause=contract.fact(f"volumes.cards_{key}").clause,
            )
        )
    return found


def _months(first: date, last: date) -> list[date]:
    month, found = first.replace(day=1), []
    while month <= last:
        found.append(month)
        month = (month + timedelta(days=31)).replace(day=1)
    return found
