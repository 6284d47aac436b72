"""The counts of a month over HTTP: by group, procedure, subject, place and residence.

Belongs here: names for what was counted, JSON and CSV of it. Does not belong here: how a
case is counted (``domain.catalogue.counts``), the statement (``store.counts``).
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Annotated, Self
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, Field

from api.access.auth import require_action
from api.access.door import Person
from api.calls.external_entries import MONTH, first_of
from api.deps import AccessedContract, Desk, TheDesk
from api.queue.month import QueueCountBody
from api.queue.month import of_month as month_of_queue
from domain.calendars.hours import local
from domain.calls.inquiry import CATEGORY_TEXT, CHANNEL_TEXT
from domain.case import CaseKind
from domain.catalogue.catalogue import groups_of
from domain.catalogue.counts import Line, Tally, by, tally
from domain.contract import Contract
from domain.parties import Action
from domain.procedures.procedure_parts import GROUP_TEXT
from domain.writing.csv_files import Encoding, to_csv
from store import counts
from store.scope import scope

router = APIRouter(prefix="/api/v1/contracts/{slug}/counts", tags=["catalogue"])

Seer = Annotated[Person, Depends(require_action(Action.SEE_CALENDAR))]
Month = Annotated[str, Query(pattern=MONTH, description="YYYY-MM")]

HEADS: Mapping[str, str] = {
    "cases": "合計",
    "visits": "来庁",
    "served": "対応済み",
    "handed_over": "市が対応",
    "left": "途中で帰られた",
    "procedures": "手続",
    "done": "手続の完了",
    "guidance": "案内",
    "questions": "質問",
    "consultations": "相談",
    "referred": "ほかの窓口へ案内",
}
"""What is counted, in the order of the columns."""

SECTIONS: Mapping[str, str] = {
    "groups": "手続の区分",
    "procedures": "手続",
    "subjects": "案内・質問・相談の分類",
    "places": "受付場所",
    "residents": "住民登録",
}
_RESIDENT_TEXT = {"resident": "市に住民登録がある", "other": "ない", "": "尋ねていない"}
_UNSAID = "記録なし"


class RowBody(BaseModel):
    """One row: what it is about, and how many."""

    code: str
    label: str
    cases: int
    visits: int
    served: int
    handed_over: int
    left: int
    procedures: int
    done: int
    guidance: int
    questions: int
    consultations: int
    referred: int = Field(description="ほかの窓口へ案内した来庁と記録。行った手続ではない")

    @classmethod
    def of(cls, code: str, label: str, found: Tally) -> Self:
        """Copy a sum."""
        return cls(code=code, label=label, cases=found.cases, **asdict(found))


class CountsBody(BaseModel):
    """A month from every side; each section adds up to the cases it is about."""

    contract: str
    month: str
    total: RowBody
    groups: list[RowBody]
    procedures: list[RowBody] = Field(description="来庁と手続。件数がなくても全て並ぶ")
    subjects: list[RowBody] = Field(description="案内・質問・相談。件数がなくても全て並ぶ")
    places: list[RowBody]
    residents: list[RowBody] = Field(description="来庁と手続")
    queue: list[QueueCountBody] = Field(
        default_factory=list, description="受付番号。列と住民登録の別"
    )


@router.get("", summary="Count a month")
def show_counts(
    loaded: AccessedContract, person: Seer, desk: TheDesk, month: Month
) -> CountsBody:
    """Return the cases opened in a month of Tokyo's calendar, as they stand now."""
    contract = loaded.contract
    with scope(desk.engine, person.municipality) as connection:
        lines = counts.of_month(connection, person.municipality, contract.slug, first_of(month))
        numbers = month_of_queue(connection, person.municipality, contract, first_of(month))
    return counted(contract, month, lines).model_copy(update={"queue": numbers})


@router.get("/csv", summary="Take the counts of a month along")
def take_counts(
    loaded: AccessedContract,
    person: Seer,
    desk: TheDesk,
    month: Month,
    encoding: Encoding = Encoding.UTF_8,
) -> Response:
    """Return the same rows as a CSV file."""
    found = show_counts(loaded, person, desk, month)
    rows: dict[str, tuple[str, ...]] = {"total": ("全体", "", "合計", *_cells(found.total))}
    for section, name in SECTIONS.items():
        for row in getattr(found, section):
            rows[f"{section}/{row.code}"] = (name, row.code, row.label, *_cells(row))
    content = to_csv(("集計", "コード", "名前", *HEADS.values()), rows, encoding)
    name = quote(f"件数_{loaded.contract.municipality}_{month}.csv")
    return Response(
        content,
        media_type=f"text/csv; charset={'utf-8' if encoding is Encoding.UTF_8 else 'cp932'}",
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{name}"},
    )


def counted(contract: Contract, month: str, lines: list[Line]) -> CountsBody:
    """Return lines summed up and named."""
    lines = [_with_group(contract, line) for line in lines]
    attended = [line for line in lines if line.kind is not CaseKind.INQUIRY]
    noted = [line for line in lines if line.kind is CaseKind.INQUIRY]
    codes = {row.code: row.label for row in contract.procedures}
    groups = {str(group): GROUP_TEXT[group] for group in groups_of(contract)}
    return CountsBody(
        contract=contract.slug,
        month=month,
        total=RowBody.of("", "合計", tally(lines)),
        groups=_rows(lines, lambda line: str(line.group or ""), groups),
        procedures=_rows(attended, lambda line: line.code, codes),
        subjects=_rows(
            noted, lambda line: line.code, {str(c): t for c, t in CATEGORY_TEXT.items()}
        ),
        places=_rows(lines, lambda line: line.place, places_of(contract)),
        residents=_rows(attended, _residence, {}, _RESIDENT_TEXT),
    )


def places_of(contract: Contract) -> dict[str, str]:
    """Return the windows, desks and telephones of a contract."""
    return {channel.id: channel.label for channel in contract.channels}


def _rows(
    lines: list[Line],
    key: Callable[[Line], str],
    always: Mapping[str, str],
    names: Mapping[str, str] | None = None,
) -> list[RowBody]:
    """Return one row for each key; those of ``always`` also when nothing came."""
    found = by(lines, key)
    known = {**{str(c): t for c, t in CHANNEL_TEXT.items()}, "": _UNSAID}
    known |= {**always, **(names or {})}
    others = sorted(code for code in found if code not in always)
    return [
        RowBody.of(code, known.get(code, code), found.get(code, Tally()))
        for code in (*always, *others)
    ]


def _with_group(contract: Contract, line: Line) -> Line:
    """Return a line with the group of its procedure, where the case does not say one."""
    row = contract.procedure(line.code)
    if line.group is not None or line.kind is CaseKind.INQUIRY or row is None:
        return line
    return replace(line, group=row.group)


def _residence(line: Line) -> str:
    if line.resident is None:
        return ""
    return "resident" if line.resident else "other"


def _cells(row: RowBody) -> tuple[str, ...]:
    return tuple(str(getattr(row, name)) for name in HEADS)


def lines_of_today(desk: Desk, person: Person, contract: Contract) -> list[Line]:
    """Return what was opened since midnight."""
    today = local(desk.clock()).date()
    begins, ends = (counts.midnight(today + timedelta(days=n)) for n in (0, 1))
    with scope(desk.engine, person.municipality) as connection:
        return counts.between(connection, person.municipality, contract.slug, begins, ends)
