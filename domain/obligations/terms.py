"""What a contract says of one thing that it promises, and what waits for it.

Belongs here: the row of a contract's table. Does not belong here: how far it has come
(``domain.obligations.obligation``), how its day is counted
(``domain.deadlines.due_rules``), files (``contracts``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from domain.deadlines.due_rules import DueType

DUE_TYPE_TEXT: Mapping[DueType, str] = {
    DueType.EXACT: "日付の定め",
    DueType.RELATIVE: "起点から数える",
    DueType.RECURRING: "繰り返し",
    DueType.PROMPTLY: "速やかに",
    DueType.BY_AGREEMENT: "協議による",
    DueType.NOT_STATED: "定めなし",
    DueType.ON_EVENT: "その都度",
}


class Nature(StrEnum):
    """What has to be there for the promise to be kept."""

    DOCUMENT = "document"
    """A document, in versions."""
    MILESTONE = "milestone"
    """Something that stands from a moment on; somebody says so, and what they saw."""
    CHECKLIST = "checklist"
    """Several things, each with its evidence."""


NATURE_TEXT: Mapping[Nature, str] = {
    Nature.DOCUMENT: "書類",
    Nature.MILESTONE: "節目",
    Nature.CHECKLIST: "確認事項",
}


class Counts(StrEnum):
    """What has to happen by the day."""

    SUBMISSION = "submission"
    APPROVAL = "approval"


COUNTS_TEXT: Mapping[Counts, str] = {
    Counts.SUBMISSION: "期限までに提出する",
    Counts.APPROVAL: "期限までに市の承認を受ける",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ObligationTerms:
    """One promise of a contract."""

    code: str
    label: str
    """作業計画書."""
    nature: Nature = Nature.DOCUMENT
    due: str | None = None
    """Id of the due rule; ``None`` where the clause gives no date."""
    counts: Counts = Counts.SUBMISSION
    approval: bool = False
    """Whether the city approves it; changes are approved likewise."""
    sections: tuple[str, ...] = ()
    """What a document must contain, or what a checklist holds, in the order of the clause."""
    provisional: bool = False
    """Whether a provisional version keeps the promise, and a final one follows."""
    conflict: str = ""
    """Where clauses contradict each other: how they do, and how we read them."""
    agreed_day: str = ""
    """What the day is called that it is counted from, where city and provider agree on it
    while the contract runs: 予約開始日. Empty where the contract itself has the day."""
    holds: tuple[str, ...] = ()
    """Channels that do not open before it is kept."""
    articles: bool = False
    """Whether it is the document of the shared answers and manuals (``domain.knowledge``),
    of which revised versions follow as long as the contract runs."""
    publishes: bool = False
    """Whether the public reads it: it is published once the city has checked it."""
    hours_of: str = ""
    """The calendar whose opening hours it tells; empty: it tells none."""
    clause: str = ""

    def __post_init__(self) -> None:
        if not self.code or not self.label.strip():
            raise ValueError("an obligation needs a code and a label")
        if self.counts is Counts.APPROVAL and not self.approval:
            raise ValueError(f"{self.code}: what nobody approves cannot be due for approval")
        if self.nature is not Nature.DOCUMENT and (self.approval or self.provisional):
            raise ValueError(f"{self.code}: only documents are approved, or provisional")
        if self.articles and (self.nature is not Nature.DOCUMENT or self.provisional):
            raise ValueError(f"{self.code}: articles are a document, and never provisional")
        if self.publishes and not self.approval:
            raise ValueError(f"{self.code}: what is published the city has checked before")
        if self.provisional and self.approval:
            raise ValueError(f"{self.code}: what is approved is not provisional")
        if self.nature is Nature.CHECKLIST and not self.sections:
            raise ValueError(f"{self.code}: a checklist holds something")
        if self.nature is Nature.MILESTONE and self.sections:
            raise ValueError(f"{self.code}: a milestone holds nothing")
