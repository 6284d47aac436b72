"""Stand-ins for the ports of workflows, held to their signatures by the type checker.

They keep the promises of the real ones (``tests/workflows/test_ports.py`` asks both the
same) and can be told to lose an answer, to refuse, or to wait for a test.
"""

import asyncio
import threading
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from temporalio import activity
from temporalio.exceptions import ApplicationError

from domain.case import CaseChange
from domain.deadlines.deadline import Deadline
from domain.defects.defect_parts import Stage
from domain.errors import DomainError, ItemElsewhere
from domain.lots.custody import Holder, Movement
from domain.photos.photo_words import Verdict
from domain.sending.list_sending import ListFile
from tests.builders import an_acceptance
from workflows.defect_messages import FoundRetake, LookAtRetake, PlannedTry, PlanTry
from workflows.list_messages import MadeList, MakeList, SendList, SentList
from workflows.messages import (
    AdvanceCards,
    Advanced,
    BindNotices,
    FoundCards,
    GivenUpMessage,
    GiveUpMessage,
    Known,
    MadeNotices,
    MakeNotices,
    OpenedCase,
    PrintPapers,
    PrintSlip,
    Recorded,
    Recording,
    SendMessage,
    SentMessage,
    WantedCards,
)
from workflows.options import MESSAGE_REFUSED
from workflows.photo_messages import CheckedPhoto, CheckPhoto, PrintPhoto
from workflows.ports import (
    DefectPort,
    ListPort,
    LotPort,
    MessagePort,
    NoticePort,
    PhotoPort,
    RecordPort,
)

_PATIENCE = timedelta(seconds=30)


class InMemoryRecord(RecordPort):
    """Events by case; a key that a case has recorded before changes nothing."""

    def __init__(self) -> None:
        self.recorded: dict[str, list[Recording]] = defaultdict(list)
        self.shown: dict[str, CaseChange] = {}
        self.deadlines: dict[str, Deadline | None] = {}
        self.holders: dict[str, Holder] = {}
        self.opened: list[OpenedCase] = []
        self.answers_to_lose = 0
        self.may_record = threading.Event()
        self.may_record.set()
        self.asked = threading.Event()
        self._changed = threading.Condition()

    @activity.defn(name="record")
    def record(self, recording: Recording) -> Recorded:
        self.asked.set()
        assert self.may_record.wait(_PATIENCE.total_seconds())
        with self._changed:
            unknown = self._unknown(recording.case.case_id, recording.after)
            if unknown:
                return self._ahead(recording.case.case_id, unknown)
            self._append(recording)
            self._changed.notify_all()
            if self.answers_to_lose > 0:
                self.answers_to_lose -= 1
                raise ConnectionError("committed, and then the line broke")
            return Recorded(last_seq=self._last_seq(recording.case.case_id))

    @activity.defn(name="compare_record")
    def compare_record(self, known: Known) -> Recorded:
        case_id = known.case.case_id
        with self._changed:
            unknown = self._unknown(case_id, known.last_seq)
            if unknown:
                return self._ahead(case_id, unknown)
            return Recorded(last_seq=self._last_seq(case_id))

    def _last_seq(self, case_id: str) -> int:
        return len(self.recorded[case_id]) + 1

    def _unknown(self, case_id: str, known: int | None) -> dict[str, str]:
        """Return what was recorded after the events the course knows; the first opened it."""
        if known is None:
            return {}
        later = self.recorded[case_id][known - 1 :]
        return {each.key: each.event.action for each in later}

    def _ahead(self, case_id: str, unknown: dict[str, str]) -> Recorded:
        return Recorded(
            last_seq=self._last_seq(case_id),
            ahead=True,
            unknown=unknown,
            reasons={
                each.key: each.event.reason
                for each in self.recorded[case_id]
                if each.key in unknown and each.event.reason is not None
            },
            state=self.shown[case_id].state,
            deadline=self.deadlines.get(case_id),
        )

    def _append(self, recording: Recording) -> None:
        case_id = recording.case.case_id
        if recording.key in {before.key for before in self.recorded[case_id]}:
            return
        self._move(recording.movements)
        self.recorded[case_id].append(recording)
        self.shown[case_id] = recording.change
        if recording.change.deadline_over:
            self.deadlines[case_id] = None
        elif recording.change.deadline is not None:
            self.deadlines[case_id] = recording.change.deadline
        if recording.opens is not None:
            self.opened.append(recording.opens)

    def _move(self, movements: tuple[Movement, ...]) -> None:
        for move in movements:
            if self.holders.get(move.item_id, Holder.OUTSIDE) is not move.source:
                raise ItemElsewhere("記録されている所在と異なります。")
        self.holders |= {move.item_id: move.target for move in movements}

    def actions(self, case_id: str) -> list[str]:
        """Return what happened to a case, oldest first."""
        return [each.event.action for each in self.recorded[case_id]]

    def wait_until(self, is_right: Callable[[], bool]) -> None:
        """Return once ``is_right``; what it looks at must be this record."""
        with self._changed:
            assert self._changed.wait_for(is_right, _PATIENCE.total_seconds()), {
                case_id: self.actions(case_id) for case_id in self.recorded
            }

    async def until(self, case_id: str, action: str, times: int = 1) -> None:
        """Wait until an action was recorded so many times."""
        await asyncio.to_thread(
            self.wait_until, lambda: self.actions(case_id).count(action) >= times
        )


@dataclass
class ScriptedLots(LotPort):
    """Finds what the test says; every card takes its step unless the test says otherwise."""

    ready: tuple[str, ...] = ()
    slips: dict[str, int] = field(default_factory=dict)
    refuses: dict[str, str] = field(default_factory=dict)
    wanted: list[WantedCards] = field(default_factory=list)
    advanced: list[AdvanceCards] = field(default_factory=list)
    breaks: Exception | None = None
    may_advance: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.may_advance.set()

    @activity.defn(name="find_cards")
    def find_cards(self, wanted: WantedCards) -> FoundCards:
        self.wanted.append(wanted)
        quantity = None if wanted.slip_id is None else self.slips.get(wanted.slip_id)
        named = wanted.card_ids or self.ready
        found = tuple(card_id for card_id in self.ready if card_id in named)
        return FoundCards(card_ids=found, slip_quantity=quantity)

    @activity.defn(name="advance_cards")
    async def advance_cards(self, advance: AdvanceCards) -> Advanced:
        self.advanced.append(advance)
        await self.may_advance.wait()
        if self.breaks is not None:
            raise self.breaks
        refused = {c: why for c, why in self.refuses.items() if c in advance.batch.card_ids}
        return Advanced(done=len(advance.batch.card_ids) - len(refused), refused=refused)


@dataclass
class ScriptedNotices(NoticePort):
    """Makes a document per card out of nothing, or refuses as the test says."""

    refuses: dict[str, str] = field(default_factory=dict)
    refuses_to_make: DomainError | None = None
    refuses_to_print: DomainError | None = None
    made: list[MakeNotices] = field(default_factory=list)
    bound: list[BindNotices] = field(default_factory=list)
    printed: list[PrintSlip] = field(default_factory=list)
    papers: list[PrintPapers] = field(default_factory=list)
    may_make: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.may_make.set()

    @activity.defn(name="make_notices")
    async def make_notices(self, make: MakeNotices) -> MadeNotices:
        self.made.append(make)
        await self.may_make.wait()
        if self.refuses_to_make is not None:
            raise self.refuses_to_make
        documents = {
            card_id: f"{card_id}-notice-{make.ordinals.get(card_id, 1)}"
            for card_id in make.card_ids
            if card_id not in self.refuses
        }
        refused = {c: why for c, why in self.refuses.items() if c in make.card_ids}
        return MadeNotices(documents=documents, refused=refused)

    @activity.defn(name="bind_notices")
    async def bind_notices(self, bind: BindNotices) -> str:
        self.bound.append(bind)
        if self.refuses_to_print is not None:
            raise self.refuses_to_print
        return f"{bind.batch_id}-print"

    @activity.defn(name="print_slip")
    async def print_slip(self, slip: PrintSlip) -> None:
        self.printed.append(slip)
        if self.refuses_to_print is not None:
            raise self.refuses_to_print

    @activity.defn(name="print_papers")
    async def print_papers(self, papers: PrintPapers) -> None:
        self.papers.append(papers)
        if self.refuses_to_print is not None:
            raise self.refuses_to_print


@dataclass
class ScriptedMessages(MessagePort):
    """Takes every message once, after as many failures as the test says, or refuses it."""

    failures: int = 0
    refuses: set[str] = field(default_factory=set)
    """Kinds of messages that no server takes."""

    guidance_version: str = ""
    tried: list[SendMessage] = field(default_factory=list)
    sent: dict[tuple[str, str], SentMessage] = field(default_factory=dict)
    given_up: list[GiveUpMessage] = field(default_factory=list)
    may_send: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.may_send.set()

    @activity.defn(name="send_message")
    async def send_message(self, message: SendMessage) -> SentMessage:
        self.tried.append(message)
        await self.may_send.wait()
        if message.kind in self.refuses:
            raise ApplicationError("refused", type=MESSAGE_REFUSED, non_retryable=True)
        if self.failures > 0:
            self.failures -= 1
            raise ApplicationError("server_busy", type="MessageNotSent")
        return self.sent.setdefault(
            (message.case.case_id, message.key),
            SentMessage(
                key=message.key,
                message_id=f"<{message.key}@city.example>",
                tries=len(self.tried),
                sent_at=datetime.now(UTC),
                guidance_version=self.guidance_version,
            ),
        )

    @activity.defn(name="give_up_message")
    def give_up_message(self, given_up: GiveUpMessage) -> GivenUpMessage:
        self.given_up.append(given_up)
        sent = (given_up.case.case_id, given_up.key) in self.sent
        return GivenUpMessage(key=given_up.key, sent=sent, tries=len(self.tried))


@dataclass
class ScriptedPhotos(PhotoPort):
    """Finds in every photo what the test says, or refuses it."""

    verdict: Verdict = Verdict.LIKELY_FINE
    refuses: DomainError | None = None
    checked: list[CheckPhoto] = field(default_factory=list)
    printed: list[PrintPhoto] = field(default_factory=list)

    @activity.defn(name="check_photo")
    def check_photo(self, check: CheckPhoto) -> CheckedPhoto:
        self.checked.append(check)
        if self.refuses is not None:
            raise self.refuses
        return CheckedPhoto(verdict=self.verdict)

    @activity.defn(name="print_photo")
    async def print_photo(self, wanted: PrintPhoto) -> None:
        self.printed.append(wanted)
        if self.refuses is not None:
            raise self.refuses


@dataclass
class ScriptedDefects(DefectPort):
    """Tries again a day later, waits two weeks for a letter, finds the visit of the test."""

    retake: FoundRetake | None = None
    refuses: DomainError | None = None
    planned: list[PlanTry] = field(default_factory=list)
    looks: int = 0

    @activity.defn(name="plan_try")
    def plan_try(self, plan: PlanTry) -> PlannedTry:
        if self.refuses is not None:
            raise self.refuses
        self.planned.append(plan)
        if plan.stage is Stage.LETTER_SENT:
            return PlannedTry(waits_until=plan.now + timedelta(days=14))
        if plan.stage in {Stage.LETTER_DUE, Stage.UNREACHABLE}:
            return PlannedTry(deadline=an_acceptance(plan.now, 2880))
        moment = (plan.visit_ends_at or plan.now) + timedelta(days=1)
        return PlannedTry(next_try=moment, deadline=an_acceptance(moment, 120))

    @activity.defn(name="look_at_retake")
    def look_at_retake(self, wanted: LookAtRetake) -> FoundRetake | None:
        self.looks += 1
        return self.retake


@dataclass
class ScriptedLists(ListPort):
    """Makes a file of two rows, and sends it after as many failures as the test says."""

    refuses_to_make: DomainError | None = None
    failures: int = 0
    refuses_to_send: str = ""
    """The problem for which no server takes the mail."""

    made: list[MakeList] = field(default_factory=list)
    tried: list[SendList] = field(default_factory=list)
    sent: dict[tuple[str, str], SentList] = field(default_factory=dict)
    may_send: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.may_send.set()

    @activity.defn(name="make_list")
    async def make_list(self, make: MakeList) -> MadeList:
        self.made.append(make)
        if self.refuses_to_make is not None:
            raise self.refuses_to_make
        file = ListFile(
            document_id=make.document_id,
            sha256=f"{len(self.made):064x}",
            rows=2,
            people=3,
            size_bytes=1000,
            as_of=make.as_of,
            printed=True,
        )
        return MadeList(file=file)

    @activity.defn(name="send_list")
    async def send_list(self, send: SendList) -> SentList:
        self.tried.append(send)
        await self.may_send.wait()
        if self.refuses_to_send:
            raise ApplicationError(
                self.refuses_to_send, type=MESSAGE_REFUSED, non_retryable=True
            )
        if self.failures > 0:
            self.failures -= 1
            raise ApplicationError("no_connection", type="MessageNotSent")
        return self.sent.setdefault(
            (send.case.case_id, send.key),
            SentList(
                key=send.key,
                message_id=f"<{send.key}@city.example>",
                tries=len(self.tried),
                sent_at=datetime.now(UTC),
            ),
        )
