"""Filled in questionnaires over HTTP: counted as they come, read once their day is over.

A sheet has no person, no booking and no moment. Whoever types one in, or at which minute it
came, is kept nowhere: not with the counts, not with the record, not with the answers that are
kept for requests sent twice (``api.once``), and no log line says what was chosen.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from api.access.auth import require_action
from api.access.door import Person
from api.deps import AccessedContract, Desk, IdempotencyKey, TheDesk
from domain.calendars.hours import local
from domain.contract import Contract
from domain.errors import FieldMissing
from domain.parties import Action
from domain.surveys import survey
from domain.surveys.survey import FORM
from domain.surveys.survey_errors import NotADayOfSurvey, SurveyRefused
from store import surveys, venue_days
from store.scope import scope
from store.surveys import SurveyCounts, VenueDate

router = APIRouter(prefix="/api/v1/contracts/{slug}/surveys", tags=["surveys"])

Enterer = Annotated[Person, Depends(require_action(Action.ENTER_SURVEY))]
Seer = Annotated[Person, Depends(require_action(Action.SEE_CALENDAR))]

MOST_SHEETS = 1000
"""Of a venue's day: ten times as many as people are expected (Chiba 第1-5)."""

_LONGEST_SPAN = timedelta(days=400)


class SheetRequest(BaseModel):
    """One filled in questionnaire."""

    site: str = Field(min_length=1, max_length=80)
    day: date
    answers: dict[str, str] = Field(max_length=40, description="質問のコードと選択肢のコード")


class SheetBody(BaseModel):
    """That a sheet was counted; nothing more is known of it."""

    counted: bool


class QuestionBody(BaseModel):
    """One question, and how often each choice was made."""

    code: str
    text: str
    choices: dict[str, int] = Field(description="選択肢ごとの件数")


class SurveyBody(BaseModel):
    """What was answered on some days; days that are not over are left out."""

    sheets: int
    shown: bool = Field(description="件数が少ないときは、回答を示さない")
    questions: list[QuestionBody]


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """What may be shown of some days."""

    found: SurveyCounts
    shown: bool


@router.post("", status_code=201, summary="Count a filled in questionnaire")
def enter_sheet(
    loaded: AccessedContract,
    person: Enterer,
    desk: TheDesk,
    key: IdempotencyKey,
    body: SheetRequest,
) -> SheetBody:
    """Count a sheet that was filled in on paper; sent again with its key it counts once."""
    today = local(desk.clock()).date()
    survey.require_today(body.day, today)
    count(desk, loaded.contract, body.site, body.day, chance=key, answers=body.answers)
    return SheetBody(counted=True)


@router.get("", summary="Count the answers")
def show_counts(
    loaded: AccessedContract,
    person: Seer,
    desk: TheDesk,
    first: Annotated[date, Query(alias="from")],
    last: Annotated[date, Query(alias="to")],
    site: Annotated[str, Query(max_length=80)] = "",
) -> SurveyBody:
    """Return how often each choice was made, at one place or at all of them."""
    if not timedelta(0) <= last - first <= _LONGEST_SPAN:
        raise FieldMissing("from と to は、400日以内の順に指定してください。")
    results = results_of(desk, loaded.contract, first, last, site)
    answers = results.found.answers if results.shown else {}
    return SurveyBody(
        sheets=results.found.sheets,
        shown=results.shown,
        questions=[
            QuestionBody(
                code=each.code,
                text=each.text,
                choices={code: answers.get((each.code, code), 0) for code in each.choices},
            )
            for each in FORM.questions
        ],
    )


def results_of(
    desk: Desk, contract: Contract, first: date, last: date, site: str = ""
) -> Results:
    """Return what was answered, of days that are over and of enough sheets.

    Whoever could look after every sheet would see what each of them said.
    """
    survey.require_survey(contract)
    over = min(last, local(desk.clock()).date() - timedelta(days=1))
    with scope(desk.engine, contract.slug) as connection:
        found = surveys.counted(connection, contract.slug, contract.slug, first, over, site)
    return Results(found=found, shown=found.sheets >= survey.SEES_RESULTS_FROM)


def count(
    desk: Desk,
    contract: Contract,
    site: str,
    day: date,
    *,
    chance: str,
    answers: Mapping[str, str],
) -> None:
    """Count a sheet of a venue's day, from paper or from its tablet.

    Raises:
        NoSurveyHere: The contract asks nobody anything.
        NotADayOfSurvey: The place is not open on that day.
        SurveyRefused: The answers are none, or there are too many sheets to be true.
    """
    survey.require_survey(contract)
    answered = survey.checked(answers)
    slug = contract.slug
    at = VenueDate(municipality=slug, contract=slug, site=site, day=day)
    with scope(desk.engine, slug) as connection:
        planned = venue_days.between(connection, slug, slug, day, day)
        if all(each.site != site or each.withdrawn_at for each in planned):
            raise NotADayOfSurvey("会場が開いた日を選んでください。")
        known = surveys.counted(connection, slug, slug, day, day, site)
        if known.sheets >= MOST_SHEETS:
            raise SurveyRefused("この会場の今日の枚数は、上限に達しています。")
        surveys.add(connection, at, chance=chance, form=FORM.version, answers=answered)
