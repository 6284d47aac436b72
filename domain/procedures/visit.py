"""A visitor at the counter, from reception to the end of what they came for.

A visit is received only inside reception hours; once received it is carried through,
however late. Source: Ota specification §5, §6(1).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from domain.errors import WrongStage
from domain.parties import Role, Standing
from domain.procedures.consent import Agreed, Consent, ConsentDocument, Consenter, covered
from domain.procedures.eligibility import Outcome
from domain.procedures.procedure_errors import (
    ConsentByProxy,
    ConsentMissing,
    ProceduresOpen,
)
from domain.procedures.procedure_parts import Group


class Stage(StrEnum):
    """How far a visit has come."""

    SERVING = "serving"
    DONE = "done"
    LEFT = "left"


STAGE_TEXT: Mapping[Stage, str] = {
    Stage.SERVING: "対応中",
    Stage.DONE: "完了",
    Stage.LEFT: "取りやめ",
}


class Step(StrEnum):
    """What can be done with a visit; the words are those of ``parties.Action``."""

    CLOSE_VISIT = "close_visit"
    WRAP_UP_VISIT = "wrap_up_visit"
    ADD_PROCEDURE = "add_procedure"
    ADD_APPLICATION = "add_application"
    RECORD_CONSENT = "record_consent"
    TAKE_CHARGE = "take_charge"


class Result(StrEnum):
    """How a visit ended; every one of them is counted."""

    SERVED = "served"
    REFERRED = "referred"
    LEFT = "left"
    HANDED_OVER = "handed_over"
    CONSENT_REFUSED = "consent_refused"
    CUT_SHORT = "cut_short"


RESULT_TEXT: Mapping[Result, str] = {
    Result.SERVED: "対応済み",
    Result.REFERRED: "他の窓口へ案内",
    Result.LEFT: "途中で帰られた",
    Result.HANDED_OVER: "市の職員が対応",
    Result.CONSENT_REFUSED: "同意されなかった",
    Result.CUT_SHORT: "休止のため切り上げた",
}

CLOSING_TEXT: Mapping[Result, str] = {
    result: text
    for result, text in RESULT_TEXT.items()
    if result not in {Result.CONSENT_REFUSED, Result.CUT_SHORT}
}
"""What whoever ends a visit chooses from; a refused consent ends it by itself, and what is
cut short by a closure has a step of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowClosing:
    """The window closes today while the visitor is being served (Urasoe §6(1))."""

    cause: str
    begins_at: datetime | None = None
    """``None``: it is closed already, for the whole day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One value per moment."""

    case_id: str
    procedure: str
    """Code of the procedure in the contract's catalogue."""

    received_by: Role
    outcome: Outcome = Outcome.SERVE
    """What the contract's table decided (``domain.procedures.eligibility``)."""

    destination: str = ""
    """Where the visitor was sent on."""

    stage: Stage = Stage.SERVING
    result: Result | None = None
    reservation: str = ""
    group: Group | None = None
    """Number of the booking they came with."""

    asks_consent: bool = False
    """Whether the contract has the applicant agree to something before support begins."""

    consents: tuple[Agreed, ...] = ()

    procedures: tuple[str, ...] = ()
    """Cases of what is being done for the visitor here and is not finished: procedures, and
    applications as far as they are done at the window."""

    venue: str = ""
    """The case of the venue at which the visitor is; empty at the contract's own sites."""

    calendar: str = ""
    """Name of the calendar that the window follows."""

    in_charge: str = ""
    """The account whose name the visitor is shown; empty in visits of old."""

    terminal: str = ""
    """The city's terminal on which the visitor is supported, where it has to be one."""

    closing: WindowClosing | None = None
    """Why and from when the window closes under the visit, if it does."""

    @property
    def closed(self) -> bool:
        """Tell whether nothing is left to be done."""
        return self.stage in {Stage.DONE, Stage.LEFT}

    @property
    def standing(self) -> Standing:
        """Where the visit stands between the parties."""
        return Standing.CLOSED if self.closed else Standing.WITH_PROVIDER

    @property
    def owner(self) -> Role | None:
        """The role that has to act next; ``None`` once the visitor has been served."""
        return None if self.closed else self.received_by

    def steps(self) -> tuple[Step, ...]:
        """Return what can be done next by itself; a procedure is added with its plan."""
        if self.closed:
            return ()
        asks = (Step.RECORD_CONSENT,) if self.asks_consent else ()
        early = (Step.WRAP_UP_VISIT,) if self.closing else ()
        return (*asks, Step.CLOSE_VISIT, *early)

    def take_charge(self, account_id: str) -> "Visit":
        """Let somebody else be in charge of the visitor from now on.

        Raises:
            WrongStage: The visit has ended, or it is theirs already.
        """
        if self.closed:
            raise WrongStage(f"いまは「{STAGE_TEXT[self.stage]}」です。")
        if self.in_charge == account_id:
            raise WrongStage("すでに担当になっています。")
        return replace(self, in_charge=account_id)

    def announced(self, closing: WindowClosing | None) -> "Visit":
        """Learn that the window closes, or that it stays open after all."""
        return replace(self, closing=closing)

    def wrap_up(self) -> "Visit":
        """End the visit because the window closes; who was served is not cut short.

        Raises:
            WrongStage: It has ended already, or the window does not close.
            ProceduresOpen: Something is still being done for the visitor.
        """
        if self.closed:
            raise WrongStage(f"いまは「{STAGE_TEXT[self.stage]}」です。")
        if self.closing is None:
            raise WrongStage("この窓口に、休止の予定はありません。")
        self._require_nothing_open()
        return replace(self, stage=Stage.LEFT, result=Result.CUT_SHORT)

    def consent(
        self, by: Consenter, said: Consent, documents: Iterable[ConsentDocument]
    ) -> "Visit":
        """Take what the applicant says to the documents in force; a refusal ends the visit.

        Raises:
            WrongStage: The visit has ended, or nothing has to be agreed to.
            ConsentByProxy: Somebody answers for the applicant.
            ProceduresOpen: They refuse while something is still being done for them.
        """
        documents = tuple(documents)
        if self.closed:
            raise WrongStage(f"いまは「{STAGE_TEXT[self.stage]}」です。")
        if not documents:
            raise WrongStage("この契約には、同意を確認する文書がありません。")
        if by is not Consenter.APPLICANT:
            raise ConsentByProxy("申請者本人に、利用の前に確認してください。")
        if said is Consent.REFUSED:
            self._require_nothing_open()
            return replace(self, stage=Stage.LEFT, result=Result.CONSENT_REFUSED)
        agreed = tuple(Agreed(id=each.id, version=each.version) for each in documents)
        return replace(self, consents=agreed)

    def begin(self, case_id: str, needed: Iterable[ConsentDocument] = ()) -> "Visit":
        """Begin one more procedure or application for the visitor.

        Args:
            case_id: What begins.
            needed: What the applicant must have agreed to by today.

        Raises:
            WrongStage: The visit has ended.
            ConsentMissing: They have not, or only to an older version.
        """
        if self.closed:
            raise WrongStage(f"いまは「{STAGE_TEXT[self.stage]}」です。")
        self._require_consent(needed)
        return replace(self, procedures=(*self.procedures, case_id))

    def end(self, case_id: str) -> "Visit":
        """Note that a procedure is done or given up."""
        return replace(self, procedures=tuple(p for p in self.procedures if p != case_id))

    def close(self, result: Result, needed: Iterable[ConsentDocument] = ()) -> "Visit":
        """End the visit.

        Raises:
            WrongStage: It has ended already, or was not to be served here.
            ProceduresOpen: Something is still being done for the visitor.
            ConsentMissing: Nobody can have been served without it.
        """
        if self.closed:
            raise WrongStage(f"いまは「{STAGE_TEXT[self.stage]}」です。")
        self._require_nothing_open()
        if result is Result.SERVED and self.outcome is Outcome.REFER:
            raise WrongStage(f"この手続は{self.destination}で行います。")
        if result is Result.SERVED and self.outcome is Outcome.HAND_OFF:
            raise WrongStage("この手続は市の職員が行います。引き継いでから終えてください。")
        if result is Result.SERVED:
            self._require_consent(needed)
        ended = Stage.LEFT if result is Result.LEFT else Stage.DONE
        return replace(self, stage=ended, result=result)

    def _require_consent(self, needed: Iterable[ConsentDocument]) -> None:
        if not covered(self.consents, needed):
            raise ConsentMissing("支援を始める前に、申請者本人の同意を確認してください。")

    def _require_nothing_open(self) -> None:
        if self.procedures:
            raise ProceduresOpen("手続がすべて完了するか取りやめられてから閉じてください。")
