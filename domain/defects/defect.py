"""An application that came back: somebody calls, again and again, until it is settled.

    TO_CONTACT ─▶ CONTACTING ─▶ LETTER_DUE ─▶ LETTER_SENT ─▶ UNREACHABLE ─▶ WITH_CITY
         └─────reached──┴──▶ AWAITING ─▶ RETAKE_BOOKED ─▶ RETAKEN               │
                                 └─────────────┴─────────────┴─▶ RESUBMITTED    ▼
                                              (from any of them) WITHDRAWN   TAKEN_OVER

Nothing of it ends without a recorded contact; what the contract's attempts do not reach gets
a letter, and what the letter does not reach goes to an official. When the next attempt is
due the contract's rules say (``next_try``). Sources: Ageo specification §5(1)③(ア), Chiba
第2-1(2)イ; how often and how long is assumed, both are silent.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from domain.applications.application import require_receipt
from domain.applications.application_parts import Settlement
from domain.applications.defect_kinds import DefectKind
from domain.calls.contact import ContactAttempt
from domain.defects.defect_errors import ContactOutcomeMissing, RetakeNotBooked
from domain.defects.defect_parts import (
    CITYS_MATTERS,
    ENDS,
    STAGE_TEXT,
    Retake,
    RetakeState,
    SeenRetake,
    Stage,
    Step,
)
from domain.errors import WrongStage
from domain.parties import Role, Standing

_KEPT_BY_A_CALL = frozenset({Stage.RETAKE_BOOKED, Stage.RETAKEN})
"""What stands while somebody calls once more about something else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Defect:
    """One value per moment: every step returns a new one."""

    case_id: str
    kind: DefectKind
    owner_role: Role
    """Who calls, until somebody else has to act."""

    tries: int
    """The contract's number of failed attempts after which a letter goes out."""

    stage: Stage = Stage.TO_CONTACT
    attempts: int = 0
    reached: int = 0
    failed_in_a_row: int = 0
    letters: int = 0
    """Letters sent since the person was reached last."""

    last_attempt: ContactAttempt | None = None
    next_try: datetime | None = None
    waits_until: datetime | None = None
    """How long an answer to the letter is waited for."""

    retake: Retake | None = None
    receipt: str = ""
    """What the national site showed when it was submitted again."""

    def __post_init__(self) -> None:
        if self.tries < 1:
            raise ValueError("at least one attempt is made")

    @property
    def closed(self) -> bool:
        """Tell whether nothing is left to be done."""
        return self.stage in ENDS

    @property
    def settlement(self) -> Settlement | None:
        """How it ended; ``None`` while it has not."""
        return Settlement(self.stage) if self.closed else None

    @property
    def standing(self) -> Standing:
        """Where it stands between the parties."""
        if self.closed:
            return Standing.CLOSED
        given = self.stage is Stage.WITH_CITY
        return Standing.WITH_CITY if given else Standing.WITH_PROVIDER

    @property
    def owner(self) -> Role | None:
        """The role that has to act next; ``None`` once it is settled."""
        if self.closed:
            return None
        return Role.OFFICIAL if self.stage is Stage.WITH_CITY else self.owner_role

    @property
    def may_be_offered(self) -> bool:
        """Tell whether the city can be asked: somebody tried, or it is the city's anyway."""
        return self.attempts > 0 or self.kind in CITYS_MATTERS

    def steps(self) -> tuple[Step, ...]:
        """Return what can be done next, the ordinary step first."""
        if self.closed or self.stage is Stage.WITH_CITY:
            return ()
        first = (Step.RECORD_CONTACT_ATTEMPT, Step.LINK_RETAKE)
        ends = (Step.RECORD_RESUBMISSION,) if self.attempts else ()
        given_up = (Step.RECORD_GIVING_UP,) if self.reached else ()
        if self.stage is Stage.RETAKEN:
            return (*ends, *first, *given_up)
        return (*first, *ends, *given_up)

    def require_open(self) -> None:
        """Refuse any step once it is settled, or while the city has it.

        Raises:
            WrongStage: One of the two.
        """
        if self.closed or self.stage is Stage.WITH_CITY:
            raise WrongStage(f"いまは「{STAGE_TEXT[self.stage]}」です。")

    def contacted(self, attempt: ContactAttempt) -> "Defect":
        """Count an attempt to reach the person.

        Raises:
            WrongStage: It is settled, or with the city.
        """
        self.require_open()
        letters = 0 if attempt.reached else self.letters + attempt.is_letter_sent
        failed = 0 if attempt.reached else self.failed_in_a_row + 1
        after = replace(
            self,
            attempts=self.attempts + 1,
            reached=self.reached + attempt.reached,
            failed_in_a_row=failed,
            letters=letters,
            last_attempt=attempt,
        )
        return replace(after, stage=self._stage_after(attempt, failed))

    def _stage_after(self, attempt: ContactAttempt, failed: int) -> Stage:
        if self.stage in _KEPT_BY_A_CALL:
            return self.stage
        if attempt.reached:
            return Stage.AWAITING
        if attempt.is_letter_sent:
            return Stage.LETTER_SENT
        if self.stage in {Stage.LETTER_SENT, Stage.UNREACHABLE}:
            return Stage.UNREACHABLE if attempt.is_letter_back else self.stage
        return Stage.LETTER_DUE if failed >= self.tries else Stage.CONTACTING

    def unanswered(self) -> "Defect":
        """Return it once nobody has answered the letter."""
        return replace(self, stage=Stage.UNREACHABLE, waits_until=None)

    def booked(self, seen: SeenRetake) -> "Defect":
        """Note for when the person has booked a visit for a new photo.

        Raises:
            WrongStage: It is settled, or with the city.
            RetakeNotBooked: Nobody comes by that reservation any more.
        """
        self.require_open()
        if seen.state in {RetakeState.NOBODY_CAME, RetakeState.GONE}:
            raise RetakeNotBooked("この予約では来場の予定がありません。")
        stage = Stage.RETAKEN if seen.state is RetakeState.CAME else Stage.RETAKE_BOOKED
        return replace(self, stage=stage, retake=seen.retake, waits_until=None)

    def looked_at(self, seen: SeenRetake) -> "Defect":
        """Return it with what has become of the visit."""
        match seen.state:
            case RetakeState.CAME:
                return replace(self, stage=Stage.RETAKEN, retake=seen.retake)
            case RetakeState.AHEAD:
                return replace(self, retake=seen.retake)
        # Nobody came: somebody calls again, and the count of attempts begins anew.
        return replace(self, stage=Stage.CONTACTING, retake=None, failed_in_a_row=0)

    def resubmitted(self, receipt: str) -> "Defect":
        """Settle it: the application has been submitted again.

        Raises:
            WrongStage: It is settled, or with the city.
            ContactOutcomeMissing: Nobody has recorded a contact.
            FieldMissing: It is no receipt.
        """
        self.require_open()
        require_receipt(receipt)
        if not self.attempts:
            raise ContactOutcomeMissing("先に、本人への連絡とその結果を記録してください。")
        return self._settled(Settlement.RESUBMITTED, receipt)

    def given_up(self) -> "Defect":
        """Settle it: the person does not want the card any more, and has said so.

        Raises:
            WrongStage: It is settled, or with the city.
            ContactOutcomeMissing: Nobody has spoken to the person.
        """
        self.require_open()
        if not self.reached:
            raise ContactOutcomeMissing("本人とつながった連絡の記録が必要です。")
        return self._settled(Settlement.WITHDRAWN)

    def offered(self) -> "Defect":
        """Return it while an official is asked.

        Raises:
            WrongStage: It is settled, or with the city.
            ContactOutcomeMissing: Nobody has tried to reach the person.
        """
        self.require_open()
        if not self.may_be_offered:
            raise ContactOutcomeMissing("先に、本人への連絡とその結果を記録してください。")
        return replace(self, stage=Stage.WITH_CITY, next_try=None, waits_until=None)

    def handed_back(self, *, taken_over: bool) -> "Defect":
        """Return it once the city has answered: it saw to it, or somebody calls again."""
        if taken_over:
            return self._settled(Settlement.TAKEN_OVER)
        return replace(self, stage=Stage.CONTACTING, failed_in_a_row=0, letters=0)

    def planned(
        self, next_try: datetime | None, waits_until: datetime | None = None
    ) -> "Defect":
        """Return it with when the person is tried again, or how long is waited."""
        return replace(self, next_try=next_try, waits_until=waits_until)

    def _settled(self, how: Settlement, receipt: str = "") -> "Defect":
        return replace(self, stage=Stage(how), receipt=receipt, next_try=None, waits_until=None)
