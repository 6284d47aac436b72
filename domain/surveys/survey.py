"""The questionnaire to applicants: what is asked, and what may be answered.

Every question is a choice. A line to write in would bring names into answers that are nobody's.
The questions are ours, since the specification has none. Source: Chiba specification
第2-1(2)イ; that answers are anonymous is assumed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from domain.contract import Contract
from domain.surveys.survey_errors import NoSurveyHere, NotADayOfSurvey, SurveyRefused

SEES_RESULTS_FROM = 5
"""With fewer sheets of a day its answers are not shown: one sheet alone would be a person's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question and what can be chosen."""

    code: str
    text: str
    choices: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyForm:
    """One version of the questions; an edited one is another version."""

    version: str
    questions: tuple[Question, ...]


_GRADES = {
    "very_good": "とても良い",
    "good": "良い",
    "fair": "ふつう",
    "poor": "良くない",
    "very_poor": "とても良くない",
}

FORM = SurveyForm(
    version="2022-07",
    questions=(
        Question(
            code="found_by",
            text="この出張窓口を、何で知りましたか",
            choices={
                "city_newsletter": "市の広報紙",
                "website": "ホームページ",
                "poster": "ポスター",
                "leaflet": "チラシ",
                "passing_by": "通りかかった",
                "told": "人から聞いた",
                "other": "その他",
            },
        ),
        Question(code="staff", text="係員の対応はいかがでしたか", choices=_GRADES),
        Question(code="waiting", text="待ち時間はいかがでしたか", choices=_GRADES),
        Question(code="guidance", text="説明の分かりやすさはいかがでしたか", choices=_GRADES),
        Question(
            code="would_recommend",
            text="ほかの方にも、出張窓口を勧めますか",
            choices={"yes": "勧める", "maybe": "どちらともいえない", "no": "勧めない"},
        ),
    ),
)
"""The questions in force."""


def require_survey(contract: Contract) -> None:
    """Return if the contract asks applicants anything.

    Raises:
        NoSurveyHere: It does not.
    """
    if contract.text("knowledge.survey") is None:
        raise NoSurveyHere("この契約に、アンケートはありません。")


def require_today(day: date, today: date) -> None:
    """Return if answers of a venue's day may still come in, from paper that was put by.

    Raises:
        NotADayOfSurvey: The day has not come.
    """
    if day > today:
        raise NotADayOfSurvey("会場の日になってから入力してください。")


def checked(given: Mapping[str, str], form: SurveyForm = FORM) -> dict[str, str]:
    """Return the answers that may be counted; a question may be left out.

    Raises:
        SurveyRefused: Nothing was answered, or what is no question or no choice of one.
    """
    known = {question.code: question for question in form.questions}
    answered = {code: choice for code, choice in given.items() if choice}
    if not answered:
        raise SurveyRefused("一つ以上の質問に答えてください。")
    for code, choice in answered.items():
        if code not in known or choice not in known[code].choices:
            raise SurveyRefused("選択肢から選んでください。")
    return answered
