"""A meeting of provider and city without a cadence, as it is written down.

It is held when there is something to talk about, and none is ever missing. Belongs here: its
points, and what a record needs. Does not belong here: questions that the city answers later
(``domain.incidents``), meetings with a due day and minutes (``domain.obligations``).

Source: Yokosuka specification §11.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.contract import Contract
from domain.errors import FieldMissing

LONGEST = 4_000


class MeetingKind(StrEnum):
    """Which meeting it was."""

    DAILY_REPORT = "daily_report"
    CONSULTATION = "consultation"


MEETING_TEXT: Mapping[MeetingKind, str] = {
    MeetingKind.DAILY_REPORT: "センター日次報告会議",
    MeetingKind.CONSULTATION: "協議・打合せ",
}


class Point(StrEnum):
    """What is talked about."""

    RESULTS = "results"
    INQUIRIES = "inquiries"
    ISSUES = "issues"
    IMPROVEMENTS = "improvements"
    EXPLANATIONS = "explanations"


POINT_TEXT: Mapping[Point, str] = {
    Point.RESULTS: "実績（作業日報から）",
    Point.INQUIRIES: "問合せ",
    Point.ISSUES: "課題",
    Point.IMPROVEMENTS: "改善",
    Point.EXPLANATIONS: "市からの説明・回答",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """What was written of one meeting."""

    kind: MeetingKind
    held_on: date
    place: str
    notes: Mapping[Point, str]


def kinds_of(contract: Contract) -> Mapping[MeetingKind, str]:
    """Return the meetings that are held under a contract, with their names.

    The daily report of a centre is where the contract names it; any city can be consulted.
    """
    names = contract.text("meetings.daily_report") is not None
    return {
        kind: text
        for kind, text in MEETING_TEXT.items()
        if names or kind is not MeetingKind.DAILY_REPORT
    }


def checked(meeting: Meeting, contract: Contract, today: date) -> Meeting:
    """Return what was written without empty points.

    Raises:
        FieldMissing: There is no such meeting, it has not been held yet, or nothing was
            said.
    """
    if meeting.kind not in kinds_of(contract):
        raise FieldMissing("この契約にある会議を選んでください。")
    if meeting.held_on > today:
        raise FieldMissing("「開いた日」は今日か、これまでの日にしてください。")
    notes = {point: meeting.notes.get(point, "").strip() for point in Point}
    said = {point: text for point, text in notes.items() if text}
    if not said:
        raise FieldMissing("話したことを一つ以上入力してください。")
    if any(len(text) > LONGEST for text in said.values()):
        raise FieldMissing(f"一つの項目は{LONGEST}文字までです。")
    return Meeting(
        kind=meeting.kind, held_on=meeting.held_on, place=meeting.place.strip(), notes=said
    )
