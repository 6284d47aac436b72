"""What crosses the workflow boundary. One type in, one type out, fields only ever added.

Messages carry ids, codes and dates; what is known of a person stays in the vault.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from domain.applications.application import Application
from domain.booking.reservation import Reservation
from domain.case import Actor, CaseChange, CaseEvent, CaseRef
from domain.deadlines.deadline import Deadline
from domain.defects.defect import Defect
from domain.handoff import Handoff
from domain.lots.bundle import Bundle
from domain.lots.card import Card, Route
from domain.lots.card import Step as CardStep
from domain.lots.custody import Movement, SlipChange
from domain.lots.lot import Lot
from domain.lots.returned_mail import ReturnedMail
from domain.parties import Role
from domain.procedures.consent import ConsentDocument
from domain.procedures.procedure import Procedure
from domain.procedures.visit import Visit
from workflows.clock import Clock
from workflows.openings import OpenedBeside
from workflows.procedure_messages import OpenProcedure

Fields = dict[str, str | int | bool | None]
"""What an action was told beside its reason, checked against the action's form."""

Facts = dict[str, str | int | tuple[str, ...] | None]
"""What a message tells beside its fixed words: codes, ids, ISO moments; nothing personal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCard:
    """Start of the course of one card."""

    case: CaseRef
    card: Card
    deadline: Deadline


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenLot:
    """Start of the course of a lot; again after its history grew long."""

    case: CaseRef
    lot: Lot
    deadline: Deadline | None
    open_handoffs: tuple[str, ...] = ()
    rung_until: datetime | None = None
    waiting: tuple["Batch", ...] = ()
    last_seq: int = 1
    stuck: str | None = None
    escalated_to: Role | None = None
    answered: dict[str, "CaseView"] = field(default_factory=dict)
    """The last answers by the id of their update, so that asking again stays asking again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenReturnedMail:
    """Start of the course of a returned item."""

    case: CaseRef
    mail: ReturnedMail
    deadline: Deadline | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenHandoff:
    """Start of the course of a hand-off."""

    case: CaseRef
    handoff: Handoff
    parent_kind: str
    deadline: Deadline | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenVisit:
    """Start of the course of a visit."""

    case: CaseRef
    visit: Visit
    deadline: Deadline | None = None
    open_handoffs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenReservation:
    """Start of the course of a reservation; again after its history grew long."""

    case: CaseRef
    reservation: Reservation
    deadline: Deadline | None = None
    """Until when it is to be entered into the city's system."""

    clock: Clock | None = None
    """How far the deadline has rung; ``None`` when the course begins."""

    last_seq: int = 1
    answered: dict[str, "CaseView"] = field(default_factory=dict)
    """As in ``OpenLot``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One step that a person takes; the update id makes a repeated request the same."""

    action: str
    by: Actor
    reason: str | None = None
    fields: Fields = field(default_factory=dict)
    deadline: Deadline | None = None
    """Until when what this step offers is to be accepted; worked out where the calendar is."""

    digest: str | None = None
    """Of all that was asked; the answer carries it back."""

    procedure: Procedure | None = None
    """What is to be begun, as the contract plans it; its id is given to it in the course."""

    application: Application | None = None
    """The same of an application."""

    defect: Defect | None = None
    """The same of what follows up an application that came back."""

    guide: str = ""
    """Version of the guide by which it was taken; empty: without one."""

    consents: tuple[ConsentDocument, ...] = ()
    """What the applicant has to have agreed to by today; known where the calendar is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """What the one who acted sees of the case afterwards."""

    case_id: str
    stage: str
    closed: bool
    due_at: datetime | None
    opened: str | None = None
    """The case that this step opened."""

    accepted: int | None = None
    """How many cards a step of the whole lot was accepted for; it goes on by itself."""

    action: str | None = None
    """Which action this answers, and ``digest`` what it came with, as far as is known."""

    digest: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """One step to be taken with many cards of a lot."""

    batch_id: str
    step: CardStep
    by: Actor
    card_ids: tuple[str, ...]
    reason: str | None = None
    fields: Fields = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class AdvanceCards:
    """Take a step with many cards of one lot."""

    lot: CaseRef
    batch: Batch
    documents: dict[str, str] = field(default_factory=dict)
    """The document made for each card, where the step made one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Advanced:
    """How a step with many cards ended."""

    done: int
    refused: dict[str, str] = field(default_factory=dict)
    """Cards that refused, with the name of the refusal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffEnded:
    """A hand-off is finished; its parent may end now."""

    handoff_id: str
    outcome: str
    by_city: bool = True
    """Whether it was with the city last, and not with the provider's responsible person."""

    to_city_at: datetime | None = None
    """When the city was first asked; ``None``: never, or by a course of old."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardSettled:
    """A card of a lot is done or discarded."""

    card_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedCase:
    """A case that begins in the transaction of another's step."""

    case: CaseRef
    kind: str
    change: CaseChange
    event: CaseEvent
    start: OpenHandoff | OpenProcedure | OpenedBeside


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """One event with everything that belongs into its transaction."""

    case: CaseRef
    key: str
    event: CaseEvent
    change: CaseChange
    movements: tuple[Movement, ...] = ()
    slip: SlipChange | None = None
    opens: OpenedCase | None = None
    after: int | None = None
    """The last event that the course knows of; ``None`` from one that does not count."""

    erases: tuple[str, ...] = ()
    """Documents of the case that are gone once the event stands in the record."""

    reminded: bool = False
    """Whether the course is to compare itself with its record afterwards: what it begins
    goes on by itself, and if the engine loses it, nobody may come to ask for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """How much of its record a course knows."""

    case: CaseRef
    last_seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """How the record of a case ends after an attempt to append to it."""

    last_seq: int
    ahead: bool = False
    """Whether it held more than the course knew; then nothing was appended."""

    unknown: dict[str, str] = field(default_factory=dict)
    """Key and action of each event that the course did not know."""

    reasons: dict[str, str] = field(default_factory=dict)
    """Why, by key, for those of them that were given a reason."""

    state: dict[str, Any] | None = None
    """What the case is by the record; given only when the course is behind."""

    deadline: Deadline | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedCards:
    """Which cards of a lot are ready for a step, or lie on a slip."""

    lot: CaseRef
    step: CardStep
    slip_id: str | None = None
    route: Route | None = None
    """Only cards that leave this way; ``None`` for all."""

    card_ids: tuple[str, ...] = ()
    """Only these, if any are named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundCards:
    """The cards found, in the order of the issue list."""

    card_ids: tuple[str, ...]
    slip_quantity: int | None = None
    """How many things the slip holds; ``None`` without an open slip of that id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeNotices:
    """Make the notices of some cards of one lot."""

    case: CaseRef
    """The lot, or the card itself when it is made alone."""

    card_ids: tuple[str, ...]
    ordinals: dict[str, int] = field(default_factory=dict)
    """Which notice of the card this is; the first where nothing is said."""

    made_at: datetime
    batch_id: str = ""
    part: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeNotices:
    """The document of each card whose notice was made, and why others have none."""

    documents: dict[str, str]
    refused: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class BindNotices:
    """Put the parts of a batch into one file to print and one list."""

    lot: CaseRef
    batch_id: str
    parts: int
    card_ids: tuple[str, ...]
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintSlip:
    """Print the papers that go with a hand-over slip."""

    lot: CaseRef
    slip_id: str
    card_ids: tuple[str, ...]
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintPapers:
    """Print the slip that goes with a bundle of papers."""

    lot: CaseRef
    document_id: str
    bundle: Bundle
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SendMessage:
    """Tell the person of a case something; asked again with the same key it is told once."""

    case: CaseRef
    key: str
    """What makes it the same message of this case: ``booking_changed/2``."""

    kind: str
    """Which words: a template of ``report_templates/mail``."""

    means: str
    """``mail`` or ``sms``."""

    at: datetime
    """Now, on the clock of the case."""

    facts: Facts = field(default_factory=dict)
    """By the names of ``activities.messages_facts``; ids, which are given their words there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SentMessage:
    """A message that a server has taken."""

    key: str
    message_id: str
    tries: int
    sent_at: datetime
    """On the wall, which a rehearsal does not move."""

    guidance_version: str = ""
    """Of the guidance that it told; empty if it told none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveUpMessage:
    """Stop trying to send a message."""

    case: CaseRef
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenUpMessage:
    """How a message stood when it was given up."""

    key: str
    sent: bool
    """Whether it had left all the same."""

    tries: int = 0
