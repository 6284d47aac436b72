"""How applications and their photos fared in a month, over HTTP: as figures and on paper.

Here: reading the month. What the figures mean stands in ``domain.applications.quality``; the
page is ``api.pages.counter.quality``.
"""

from enum import StrEnum
from typing import Annotated, Self

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from api.access.auth import require_action
from api.access.door import Person
from api.calls.external_entries import MONTH, first_of
from api.counter import applications
from api.deps import AccessedContract, Desk, TheDesk
from contracts.loader import LoadedContract
from domain.applications.application_parts import APPLIED_FOR_TEXT
from domain.applications.quality import (
    QualityReport,
    ReasonCount,
    WayCount,
    by_defect,
    by_photo_reason,
)
from domain.errors import EngineAway
from domain.parties import Action
from store import defects, photo_refusals
from store.scope import scope

router = APIRouter(prefix="/api/v1/contracts/{slug}", tags=["applications"])

Seer = Annotated[Person, Depends(require_action(Action.SEE_CALENDAR))]


class As(StrEnum):
    """In which form it is wanted."""

    FIGURES = "json"
    PAPER = "pdf"


class QualityBody(BaseModel):
    """The applications of a month, and what became of their photos."""

    month: str
    begun: int
    completed: int = Field(description="窓口での支援が終わった申請")
    photos: int = Field(description="写真を確認して申請した件数")
    refused: int = Field(description="受け付けずに撮り直しをお願いした写真")
    refused_for: dict[str, int] = Field(description="その理由。一枚に複数あることがある")
    overruled: int = Field(description="機械の見立てによらず、理由を付けて受け付けた写真")
    returned: int = Field(description="写真の不備で戻った件数（戻った月）")
    rate: float | None = Field(description="写真の返戻率。写真がない月は null")
    returned_for: dict[str, int] = Field(description="当窓口の申請で戻ったもの。不備の内容ごと")

    @classmethod
    def of(cls, report: QualityReport) -> Self:
        """Copy the figures."""
        return cls(
            month=f"{report.month:%Y-%m}",
            begun=report.begun,
            completed=report.completed,
            photos=report.photos,
            refused=report.refused,
            refused_for=_named(report.refused_for),
            overruled=report.overruled,
            returned=report.returned,
            rate=report.rate,
            returned_for=_named(report.returned_for),
        )


@router.get("/applications/quality", summary="Report on applications and photos of a month")
async def show_quality(
    loaded: AccessedContract,
    person: Seer,
    desk: TheDesk,
    month: Annotated[str, Query(pattern=MONTH, description="YYYY-MM")],
    wanted: Annotated[As, Query(alias="as")] = As.FIGURES,
) -> Response:
    """Return the month, as figures or as the document for the city (PDF)."""
    report = await run_in_threadpool(report_of, desk, person, loaded, month)
    if wanted is As.PAPER:
        return await paper_of(desk, report)
    return Response(QualityBody.of(report).model_dump_json(), media_type="application/json")


def report_of(desk: Desk, person: Person, loaded: LoadedContract, month: str) -> QualityReport:
    """Return the report of a month, counted now."""
    contract, first = loaded.contract, first_of(month)
    city = person.municipality
    ways = applications.counted(desk, person, contract, month)
    with scope(desk.engine, city) as connection:
        back = defects.counts(connection, city, contract.slug, first)
        photos = photo_refusals.counts(connection, city, contract.slug, first)
    return QualityReport(
        city_name=contract.municipality,
        contract_title=contract.title,
        month=first,
        as_of=desk.clock(),
        clause=" ".join(dict.fromkeys(each.clause for each in contract.applications)),
        ways=tuple(
            WayCount(
                way=each.label,
                applied_for=APPLIED_FOR_TEXT[each.applied_for],
                begun=each.begun,
                completed=each.completed,
            )
            for each in ways
        ),
        photos=back.photos,
        refused=photos.refused,
        refused_for=by_photo_reason(photos.reasons),
        overruled=photos.overruled,
        returned=back.photos_returned,
        rate=back.photo_return_rate,
        returned_for=by_defect(back.ours),
    )


async def paper_of(desk: Desk, report: QualityReport) -> Response:
    """Return the document of a month.

    Raises:
        EngineAway: This process makes no files.
    """
    if desk.files is None:
        raise EngineAway("この処理では、ファイルを作れません。")
    name = f"application-quality-{report.month:%Y-%m}.pdf"
    return Response(
        await desk.files.paper(report),
        media_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )


def _named(found: tuple[ReasonCount, ...]) -> dict[str, int]:
    return {each.label: each.count for each in found}
