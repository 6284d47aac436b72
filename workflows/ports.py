"""What workflows need from the world, as typed activities without bodies.

``activities/`` subclasses the ports and does the work. The sandbox therefore never loads
a database driver, and a test can hand the worker a fake that the type checker holds to
the same signature. Every activity may run twice and must not mind.
"""

from temporalio import activity

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
    PrintPapers,
    PrintSlip,
    Recorded,
    Recording,
    SendMessage,
    SentMessage,
    WantedCards,
)
from workflows.photo_messages import CheckedPhoto, CheckPhoto, PrintPhoto


class RecordPort:
    """The record of cases: one event with everything that belongs into its transaction."""

    @activity.defn(name="record")
    def record(self, recording: Recording) -> Recorded | None:
        """Append the event and change what lists and pages show.

        A key that the case has recorded before changes nothing. Neither does a recording
        whose course does not know how the record ends: it is told instead.

        Raises:
            ItemElsewhere: A thing that is to be moved is not where it leaves from.
        """
        raise NotImplementedError

    @activity.defn(name="compare_record")
    def compare_record(self, known: Known) -> Recorded:
        """Return how the record ends, and what of it the course does not know."""
        raise NotImplementedError


class LotPort:
    """The cards of a lot, taken together."""

    @activity.defn(name="find_cards")
    def find_cards(self, wanted: WantedCards) -> FoundCards:
        """Return the cards that are ready for a step, or that lie on a slip."""
        raise NotImplementedError

    @activity.defn(name="advance_cards")
    async def advance_cards(self, advance: AdvanceCards) -> Advanced:
        """Ask each card to take the step; one that took it before is not asked twice."""
        raise NotImplementedError


class NoticePort:
    """Notices to residents, as documents."""

    @activity.defn(name="make_notices")
    async def make_notices(self, make: MakeNotices) -> MadeNotices:
        """Make one notice per card and keep it; a notice that exists is not made again."""
        raise NotImplementedError

    @activity.defn(name="bind_notices")
    async def bind_notices(self, bind: BindNotices) -> str:
        """Return the id of the file to print that holds all notices of a batch."""
        raise NotImplementedError

    @activity.defn(name="print_slip")
    async def print_slip(self, slip: PrintSlip) -> None:
        """Print the lists that go with a hand-over: notices, and cards to be mailed."""
        raise NotImplementedError

    @activity.defn(name="print_papers")
    async def print_papers(self, papers: PrintPapers) -> None:
        """Print the slip of a bundle of papers; one that exists is not made again."""
        raise NotImplementedError


class MessagePort:
    """Messages to people outside, each of them once."""

    @activity.defn(name="send_message")
    async def send_message(self, message: SendMessage) -> SentMessage:
        """Send a message, unless it was sent before under its key.

        A problem that may pass fails the attempt, to be tried again; the ledger counts. One
        that will not pass fails it for good, with the type ``MESSAGE_REFUSED``.
        """
        raise NotImplementedError

    @activity.defn(name="give_up_message")
    def give_up_message(self, given_up: GiveUpMessage) -> GivenUpMessage:
        """Mark a message as given up unless it is sent, and say whether it is."""
        raise NotImplementedError


class PhotoPort:
    """Photos of applications, looked at by a machine."""

    @activity.defn(name="check_photo")
    def check_photo(self, check: CheckPhoto) -> CheckedPhoto:
        """Return what will likely bring a kept photo back; it never says that it is good.

        Raises:
            DocumentUnknown: It is not kept, or not any more.
            NotAPhoto, PhotoDamaged, PhotoHoldsMore, PhotoTooLarge: The file is no photo.
            PhotoTooHard: Looking at it took too long.
        """
        raise NotImplementedError

    @activity.defn(name="print_photo")
    async def print_photo(self, wanted: PrintPhoto) -> None:
        """Make the sheet that is printed from, and keep it; one that is kept is not made again.

        Raises:
            DocumentUnknown: The photo is not kept, or not any more.
        """
        raise NotImplementedError


class ListPort:
    """Reservation lists for a city: the locked file, and the mail that brings it."""

    @activity.defn(name="make_list")
    async def make_list(self, make: MakeList) -> MadeList:
        """Make the file of a list and keep it; one that is kept is not made again.

        Raises:
            ListRecipientUnset: Nobody said how lists are locked.
        """
        raise NotImplementedError

    @activity.defn(name="send_list")
    async def send_list(self, send: SendList) -> SentList:
        """Send a file, unless it was sent before under its key; as ``send_message`` does.

        Raises:
            ListRecipientUnset: Nobody said where lists go.
        """
        raise NotImplementedError


class DefectPort:
    """What a follow-up asks of calendars and bookings."""

    @activity.defn(name="plan_try")
    def plan_try(self, plan: PlanTry) -> PlannedTry:
        """Return when the person is tried again, or how long is waited, and what is due.

        Raises:
            NotReachableThen: The person wished for a moment at which nobody calls.
        """
        raise NotImplementedError

    @activity.defn(name="look_at_retake")
    def look_at_retake(self, wanted: LookAtRetake) -> FoundRetake | None:
        """Return what has become of a visit; ``None`` if there is no such reservation."""
        raise NotImplementedError
