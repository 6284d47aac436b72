"""What the city gets of one operating day, on its way: the reservation list and the report.

    TO_SEND ──send──▶ SENDING ──taken by a mail server──▶ SENT
       ▲                 │ └──────handed over by a person──▶ SENT
       └──refused────────┘

A case of its own per operating day, so that none is forgotten and every one says who sent
what, and when (Chiba specification 第2-1(1)ウ, 第2-3(3)ア). What was sent is never changed: a
correction is another version with a case of its own. Belongs here: its stages and steps, and
which days are operating days. Does not belong here: what stands on the list
(``domain.booking.reservation_list``) and in the report (``daily_report``), files and mails
(``activities.list_sending``).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from domain.calendars.hours import Closure, at_clock
from domain.contract import Contract, calendar_of
from domain.contract_parts import Channel, ChannelKind
from domain.errors import CalendarNotKnown, WrongStage
from domain.parties import Role, Standing
from domain.sending.daily_report import Figures, Part, ReportTerms
from domain.sending.outgoing import PROBLEM_TEXT

DUE_RULE = "reservation_list"
"""The id of the due rule; a contract without it owes no such list."""

REPORT_RULE = "daily_report"
"""Where a contract has this one too, the day's report goes with the list."""

DUE_RULES = (DUE_RULE, REPORT_RULE)
"""Both are kept by one sending: the earlier of two days holds."""


class Stage(StrEnum):
    """How far the list of a day has come."""

    TO_SEND = "to_send"
    SENDING = "sending"
    SENT = "sent"


STAGE_TEXT: Mapping[Stage, str] = {
    Stage.TO_SEND: "未送付",
    Stage.SENDING: "送付中",
    Stage.SENT: "送付済み",
}


class Step(StrEnum):
    """What staff can do; the words are those of ``parties.Action``."""

    SEND_LIST = "send_list"
    MAKE_LIST_FILE = "make_list_file"
    RECORD_LIST_DELIVERY = "record_list_delivery"


class Means(StrEnum):
    """How a list reached the city."""

    MAIL = "mail"
    MEDIUM = "medium"
    SYSTEM = "system"
    OTHER = "other"


MEANS_TEXT: Mapping[Means, str] = {
    Means.MAIL: "メール",
    Means.MEDIUM: "記録媒体の手渡し",
    Means.SYSTEM: "市のファイル受渡しシステム",
    Means.OTHER: "その他",
}
BY_HAND = (Means.MEDIUM, Means.SYSTEM, Means.OTHER)
"""What a person does and then records."""

NO_RECIPIENT = "ListRecipientUnset"
TROUBLE_TEXT: Mapping[str, str] = {
    NO_RECIPIENT: "市への送り先が登録されていません",
    **{str(problem): words for problem, words in PROBLEM_TEXT.items()},
}
"""Why a list was not sent, by the word that the record keeps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFile:
    """A file that was made: enough to show later which one the city got."""

    document_id: str
    sha256: str
    rows: int
    people: int
    size_bytes: int
    as_of: datetime
    printed: bool
    """Whether a PDF is in it; a name that no font can draw leaves the tables alone."""

    figures: Figures | None = None
    """What the report in it says; ``None`` where the contract asks for the list alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSending:
    """One value per moment."""

    case_id: str
    day: date
    """The operating day."""

    stage: Stage = Stage.TO_SEND
    orders: int = 0
    """How often it was to be sent by mail."""

    files: int = 0
    """How many files were made by hand."""

    file: ListFile | None = None
    """The one that was made last; once sent, the one that the city got."""

    means: Means | None = None
    sent_at: datetime | None = None
    late: bool = False
    trouble: str | None = None
    """Why the last mail did not leave."""

    terms: ReportTerms | None = None
    """What the report is to be about; ``None`` where the contract asks for the list alone."""

    @property
    def parts(self) -> tuple[Part, ...]:
        """What the city gets of the day."""
        return (Part.LIST,) if self.terms is None else self.terms.parts

    @property
    def version(self) -> int:
        """Which version it is; a later one corrects what was sent."""
        return 1 if self.terms is None else self.terms.version

    @property
    def closed(self) -> bool:
        """Tell whether the city has the list."""
        return self.stage is Stage.SENT

    @property
    def standing(self) -> Standing:
        """Where the case stands between the parties."""
        return Standing.CLOSED if self.closed else Standing.WITH_PROVIDER

    @property
    def owner(self) -> Role | None:
        """The role that has to act next; ``None`` once the city has it."""
        return None if self.closed else Role.CLERK

    def steps(self) -> tuple[Step, ...]:
        """Return what staff can do next."""
        if self.closed:
            return ()
        possible = [Step.MAKE_LIST_FILE]
        if self.stage is Stage.TO_SEND:
            possible.insert(0, Step.SEND_LIST)
        if self.file is not None:
            possible.append(Step.RECORD_LIST_DELIVERY)
        return tuple(possible)

    def order(self) -> "ListSending":
        """Have the list sent by mail as it is then.

        Raises:
            WrongStage: It is on its way, or was sent.
        """
        self.require(Step.SEND_LIST)
        return replace(self, stage=Stage.SENDING, orders=self.orders + 1, trouble=None)

    def made(self, file: ListFile) -> "ListSending":
        """Keep which file was made for handing over.

        Raises:
            WrongStage: The list was sent.
        """
        self.require(Step.MAKE_LIST_FILE)
        return replace(self, file=file, files=self.files + 1)

    def delivered(self, means: Means, at: datetime, *, late: bool) -> "ListSending":
        """Note that somebody handed the file over.

        Raises:
            WrongStage: No file was made, or the list was sent.
        """
        self.require(Step.RECORD_LIST_DELIVERY)
        return replace(self, stage=Stage.SENT, means=means, sent_at=at, late=late, trouble=None)

    def mailed(self, file: ListFile, at: datetime, *, late: bool) -> "ListSending":
        """Note that a mail server has taken the file."""
        return replace(
            self,
            stage=Stage.SENT,
            file=file,
            means=Means.MAIL,
            sent_at=at,
            late=late,
            trouble=None,
        )

    def not_mailed(self, trouble: str) -> "ListSending":
        """Note that the mail did not leave, and why; somebody has to see to it."""
        return replace(self, stage=Stage.TO_SEND, trouble=trouble)

    def corrected(self, case_id: str, *, venue: bool) -> "ListSending":
        """Return the next version of what was sent; somebody looks at it before it goes.

        Args:
            case_id: The case of the next version.
            venue: Whether a venue was held, as the record has it by now.

        Raises:
            WrongStage: This one was not sent, or has no report to correct.
        """
        if self.terms is None or not self.closed:
            raise WrongStage("送った日次報告だけ、訂正できます。")
        terms = replace(
            self.terms,
            venue=venue,
            version=self.version + 1,
            before=self.file.figures if self.file else None,
        )
        return begin(case_id, self.day, by_itself=False, terms=terms)

    def is_being_sent(self, order: int) -> bool:
        """Tell whether it is this order that waits for its mail."""
        return self.stage is Stage.SENDING and self.orders == order

    def require(self, step: Step) -> None:
        """Refuse a step that is not possible now.

        Raises:
            WrongStage: It is not.
        """
        if step not in self.steps():
            raise WrongStage(f"いまは「{STAGE_TEXT[self.stage]}」です。")


def begin(
    case_id: str, day: date, *, by_itself: bool, terms: ReportTerms | None = None
) -> ListSending:
    """Return the case of an operating day that is over.

    Args:
        case_id: Its id.
        day: The operating day.
        by_itself: Whether it is known where to send the list, so that nobody has to ask.
        terms: What the report beside it is to be about, if there is one.
    """
    fresh = ListSending(case_id=case_id, day=day, terms=terms)
    return fresh.order() if by_itself else fresh


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What is open on a day."""

    phone: bool
    venue: bool

    @property
    def any(self) -> bool:
        """Tell whether it is an operating day (業務日)."""
        return self.phone or self.venue


def work_of(
    contract: Contract,
    day: date,
    *,
    venue_open: bool,
    closures: Mapping[str, Iterable[Closure]],
) -> Work:
    """Return what is open on a day: the telephone, a venue, both, or nothing.

    The booking site is open always and makes no operating day (Q-CHIBA-07).

    Args:
        contract: Whose.
        day: Which day.
        venue_open: Whether a venue was planned for it and not withdrawn.
        closures: By the name of the calendar.
    """
    held = {
        channel.kind
        for channel in contract.channels
        if _is_open(contract, channel, day, closures)
    }
    return Work(
        phone=ChannelKind.PHONE in held,
        venue=venue_open and ChannelKind.OUTREACH in held,
    )


def day_ends(day: date) -> datetime:
    """Return when a day is over: at midnight, when nothing can be added to its numbers."""
    return at_clock(day + timedelta(days=1), time())


def _is_open(
    contract: Contract,
    channel: Channel,
    day: date,
    closures: Mapping[str, Iterable[Closure]],
) -> bool:
    calendar = calendar_of(contract, channel.calendar, closures.get(channel.calendar, ()))
    try:
        return calendar.day(day).closes_at is not None
    except CalendarNotKnown:
        return False
