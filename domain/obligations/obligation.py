"""One thing that a contract promises, from the day it is owed until it is kept.

A document comes in versions. What was submitted is never changed again: a version that was
returned, and one that a later one replaces, stay beside it.

    OWED ──submit──▶ SUBMITTED ──approve──▶ IN_FORCE ──▶ ENDED
     ▲                  │ ▲                    │
     └─────return───────┘ └──a revised version─┘
    OWED ──submit──▶ [PROVISIONAL ──submit──▶] MET     where the city approves nothing
    OWED ──submit──▶ IN_USE ──submit──▶ IN_USE ──▶ ENDED    the same, of what is revised on
    IN_FORCE ──evidence─▶ PUBLISHED                    what the public reads
    OWED ──evidence─▶ MET                              milestones and checklists

Belongs here: steps, versions, evidence, and when the promise is kept. Does not belong here:
until when (``domain.deadlines.deadline``), what it holds back (``domain.obligations.holding``).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from domain.errors import FieldMissing, WrongStage
from domain.obligations.obligation_errors import SectionsMissing
from domain.obligations.terms import Counts, Nature, ObligationTerms
from domain.parties import Role, Standing


class Stage(StrEnum):
    """How far it has come."""

    OWED = "owed"
    SUBMITTED = "submitted"
    PROVISIONAL = "provisional"
    IN_FORCE = "in_force"
    IN_USE = "in_use"
    """Submitted where the city approves nothing; revised versions follow."""
    PUBLISHED = "published"
    MET = "met"
    ENDED = "ended"


STAGE_TEXT: Mapping[Stage, str] = {
    Stage.OWED: "未了",
    Stage.SUBMITTED: "市の承認待ち",
    Stage.PROVISIONAL: "暫定版を提出済み",
    Stage.IN_FORCE: "承認済み",
    Stage.IN_USE: "提出済み（使用中）",
    Stage.PUBLISHED: "公開済み",
    Stage.MET: "完了",
    Stage.ENDED: "終了",
}


class Step(StrEnum):
    """What can be done; the words are those of ``parties.Action``."""

    SAVE_VERSION = "save_version"
    SUBMIT_VERSION = "submit_version"
    APPROVE_VERSION = "approve_version"
    RETURN_VERSION = "return_version"
    RECORD_EVIDENCE = "record_evidence"
    AGREE_DAY = "agree_day"
    END_OBLIGATION = "end_obligation"


class VersionState(StrEnum):
    """How a version stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    RETURNED = "returned"


VERSION_TEXT: Mapping[VersionState, str] = {
    VersionState.DRAFT: "下書き",
    VersionState.SUBMITTED: "提出済み",
    VersionState.APPROVED: "承認",
    VersionState.RETURNED: "差し戻し",
}


_LASTING = frozenset({Stage.IN_FORCE, Stage.IN_USE, Stage.PUBLISHED})
"""Where nothing is owed and a revised version may follow."""


def places(text: str) -> tuple[int, ...]:
    """Return places in the list of the terms, as a form sends them.

    Raises:
        FieldMissing: They are no numbers.
    """
    words = text.split()
    if not all(word.isascii() and word.isdecimal() and len(word) < 4 for word in words):
        raise FieldMissing("項目を一覧から選んでください。")
    return tuple(int(word) for word in words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of a document."""

    number: int
    reference: str
    """Which document it is, and where it lies."""
    sections: tuple[int, ...] = ()
    """What it contains, as places in the list of its terms, from 1."""
    provisional: bool = False
    state: VersionState = VersionState.DRAFT
    saved_at: datetime
    submitted_at: datetime | None = None
    decided_at: datetime | None = None
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What shows that a thing was done."""

    item: int
    """Its place in the list of the terms, from 1; 0 for the milestone itself."""
    words: str
    recorded_at: datetime
    by: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Obligation:
    """One value per moment."""

    case_id: str
    terms: ObligationTerms
    counted_from: date | None = None
    """The day it is counted from; ``None`` until city and provider have agreed on it."""
    agreement: str = ""
    """Reference of that agreement."""
    stage: Stage = Stage.OWED
    versions: tuple[Version, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    late: bool = False
    """Whether it was kept after its day."""

    @property
    def closed(self) -> bool:
        """Tell whether nothing is left to be done."""
        return self.stage in {Stage.MET, Stage.ENDED}

    @property
    def standing(self) -> Standing:
        """Where it stands between the parties."""
        if self.closed:
            return Standing.CLOSED
        return Standing.OFFERED if self.stage is Stage.SUBMITTED else Standing.WITH_PROVIDER

    @property
    def owner(self) -> Role | None:
        """The role that has to act next; ``None`` while nobody has to."""
        if self.stage is Stage.SUBMITTED:
            return Role.OFFICIAL
        asked = self.draft is not None or self.to_be_published
        resting = self.closed or (self.stage in _LASTING and not asked)
        return None if resting else Role.OPERATIONS_MANAGER

    @property
    def draft(self) -> Version | None:
        """The version that is being written, if there is one."""
        last = self.versions[-1] if self.versions else None
        return last if last and last.state is VersionState.DRAFT else None

    @property
    def in_force(self) -> Version | None:
        """The version that was approved last; the one to work by."""
        approved = [v for v in self.versions if v.state is VersionState.APPROVED]
        return approved[-1] if approved else None

    def usable(self) -> tuple[tuple[Version, datetime], ...]:
        """Return the versions that might be worked by, each with since when, in order.

        What the city approves is used from then on; where it approves nothing, from when
        it was handed in, and never before.
        """
        if self.terms.approval:
            approved = [v for v in self.versions if v.state is VersionState.APPROVED]
            since = [(version, version.decided_at) for version in approved]
        else:
            since = [(version, version.submitted_at) for version in self.versions]
        return tuple((version, at) for version, at in since if at is not None)

    @property
    def to_be_published(self) -> bool:
        """Tell whether the version that was approved last is still to be published."""
        last = self.in_force
        return self.terms.publishes and last is not None and last.published_at is None

    @property
    def kept(self) -> bool:
        """Tell whether the promise is kept as the contract counts it."""
        if self.terms.nature is not Nature.DOCUMENT:
            return self.stage is Stage.MET
        if self.terms.counts is Counts.APPROVAL:
            return self.in_force is not None
        good = {VersionState.SUBMITTED, VersionState.APPROVED}
        return any(version.state in good for version in self.versions)

    @property
    def fulfilled(self) -> bool:
        """Tell whether what waits for it may go on: approved, where it is approved."""
        return self.in_force is not None if self.terms.approval else self.kept

    @property
    def open_items(self) -> tuple[int, ...]:
        """The places of a checklist without evidence; 0 for a milestone."""
        wanted = range(1, len(self.terms.sections) + 1) if self.terms.sections else (0,)
        shown = {each.item for each in self.evidence}
        return tuple(item for item in wanted if item not in shown)

    def steps(self) -> tuple[Step, ...]:
        """Return what can be done next, the ordinary step first."""
        if self.closed:
            return ()
        agreeing = (Step.AGREE_DAY,) if self.terms.agreed_day else ()
        if self.stage is Stage.SUBMITTED:
            return (Step.APPROVE_VERSION, Step.RETURN_VERSION, *agreeing)
        if self.terms.nature is not Nature.DOCUMENT:
            return (Step.RECORD_EVIDENCE, *agreeing)
        if self.draft is not None:
            return (Step.SUBMIT_VERSION, Step.SAVE_VERSION, *agreeing)
        ending = (Step.END_OBLIGATION,) if self.stage in _LASTING else ()
        first = agreeing if self.counted_from is None else ()
        public = (Step.RECORD_EVIDENCE,) if self.to_be_published else ()
        return (*public, *first, Step.SAVE_VERSION, *(() if first else agreeing), *ending)

    def save(
        self, reference: str, sections: tuple[int, ...], at: datetime, *, provisional: bool
    ) -> "Obligation":
        """Write the next version, or write anew what was not submitted yet.

        Raises:
            WrongStage: A version is with the city, or there are none.
            FieldMissing: It names something its terms do not have.
        """
        self.require(Step.SAVE_VERSION)
        if any(not 1 <= each <= len(self.terms.sections) for each in sections):
            raise FieldMissing("この書類にない項目です。")
        if provisional and not self.may_be_provisional:
            raise FieldMissing("この書類に暫定版はありません。")
        before = self.versions[:-1] if self.draft else self.versions
        version = Version(
            number=len(before) + 1,
            reference=reference,
            sections=tuple(sorted(set(sections))),
            provisional=provisional,
            saved_at=at,
        )
        return replace(self, versions=(*before, version))

    @property
    def may_be_provisional(self) -> bool:
        """Tell whether the next version may be a provisional one."""
        return self.terms.provisional and self.stage is Stage.OWED

    def missing_sections(self) -> tuple[str, ...]:
        """Return what the version that is being written lacks."""
        if self.draft is None:
            return ()
        wanted = enumerate(self.terms.sections, 1)
        return tuple(text for place, text in wanted if place not in self.draft.sections)

    def submit(self, at: datetime, *, late: bool) -> "Obligation":
        """Hand the version that is being written to the city.

        Raises:
            WrongStage: None is being written.
            SectionsMissing: It lacks something; a provisional one lacks nothing either.
        """
        self.require(Step.SUBMIT_VERSION)
        missing = self.missing_sections()
        if missing:
            raise SectionsMissing(f"次の項目がありません：{'、'.join(missing)}")
        after = self._last_is(
            replace(self.versions[-1], state=VersionState.SUBMITTED, submitted_at=at)
        )
        if self.terms.approval:
            after = replace(after, stage=Stage.SUBMITTED)
        else:
            last = Stage.IN_USE if self.terms.articles else Stage.MET
            provisional = self.versions[-1].provisional
            after = replace(after, stage=Stage.PROVISIONAL if provisional else last)
        return replace(after, late=self._late(after, late=late))

    def approve(self, at: datetime, *, late: bool) -> "Obligation":
        """Let the version that was submitted be the one in force.

        Raises:
            WrongStage: None waits for it.
        """
        self.require(Step.APPROVE_VERSION)
        last = replace(self.versions[-1], state=VersionState.APPROVED, decided_at=at)
        approved = self._last_is(last)
        after = replace(approved, stage=Stage.IN_FORCE)
        return replace(after, late=self._late(after, late=late))

    def send_back(self, at: datetime) -> "Obligation":
        """Return the version that was submitted; one approved before stays in force.

        Raises:
            WrongStage: None waits for it.
        """
        self.require(Step.RETURN_VERSION)
        last = replace(self.versions[-1], state=VersionState.RETURNED, decided_at=at)
        after = self._last_is(last)
        before = after.in_force
        public = before is not None and before.published_at is not None
        kept = Stage.PUBLISHED if public else Stage.IN_FORCE
        return replace(after, stage=kept if before else Stage.OWED)

    def show(
        self, item: int, words: str, at: datetime, by: Role, *, late: bool
    ) -> "Obligation":
        """Keep what shows that a thing was done; with the last one the promise is kept.

        Raises:
            WrongStage: It is no thing of this kind, or it was shown before.
            FieldMissing: Nothing is shown.
        """
        self.require(Step.RECORD_EVIDENCE)
        if not words.strip():
            raise FieldMissing("「確認したこと」を入力してください。")
        if self.to_be_published:
            return self._publish(words.strip(), at, by)
        if item not in self.open_items:
            raise WrongStage("この項目は確認済みか、ありません。")
        shown = Evidence(item=item, words=words.strip(), recorded_at=at, by=by)
        after = replace(self, evidence=(*self.evidence, shown))
        if after.open_items:
            return after
        after = replace(after, stage=Stage.MET)
        return replace(after, late=self._late(after, late=late))

    def _publish(self, where: str, at: datetime, by: Role) -> "Obligation":
        last = self.in_force
        assert last is not None, "what is to be published was approved"
        versions = tuple(
            replace(each, published_at=at) if each == last else each for each in self.versions
        )
        shown = Evidence(item=last.number, words=where, recorded_at=at, by=by)
        evidence = (*self.evidence, shown)
        return replace(self, stage=Stage.PUBLISHED, versions=versions, evidence=evidence)

    def agree(self, day: date, agreement: str) -> "Obligation":
        """Enter the day that it is counted from, or another one that was agreed on since.

        Raises:
            WrongStage: The contract itself has the day, or it is over.
        """
        self.require(Step.AGREE_DAY)
        return replace(self, counted_from=day, agreement=agreement.strip())

    def end(self) -> "Obligation":
        """Let it rest: no more versions are to come.

        Raises:
            WrongStage: Something is still to be done.
        """
        self.require(Step.END_OBLIGATION)
        return replace(self, stage=Stage.ENDED)

    def lifted_on(self, day: date) -> bool:
        """Say whether what it holds back is free on a day.

        What is counted back from a beginning that was agreed on begins no sooner.
        """
        if not self.fulfilled:
            return False
        if not self.terms.agreed_day:
            return True
        return self.counted_from is not None and self.counted_from <= day

    def require(self, step: Step) -> None:
        """Refuse a step that is not possible now.

        Raises:
            WrongStage: It is not.
        """
        if step not in self.steps():
            raise WrongStage(f"いまは「{STAGE_TEXT[self.stage]}」です。")

    def _last_is(self, last: Version) -> "Obligation":
        return replace(self, versions=(*self.versions[:-1], last))

    def _late(self, after: "Obligation", *, late: bool) -> bool:
        """Lateness is settled when the promise is kept, and not again by what follows."""
        return late if after.kept and not self.kept else self.late
