"""What must be typed into a city's system, from the request to the entry or its withdrawal.

    TO_ENTER ─enter─▶ ENTERED        where the contract asks for no second person
       │ ▲     └────▶ TO_CHECK ─pass─▶ CHECKED
       │ └──── sent back ─┘
       └─withdraw─▶ WITHDRAWN

Belongs here: requests that are nothing but an entry to be made. Does not belong here:
bookings that are entered as well (``domain.booking.reservation``), who asked (the vault).
Source: Ageo specification §5(3)③(エ).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from domain.calls.call_errors import EnteredBySelf
from domain.errors import WrongStage
from domain.parties import Role, Standing


class EntryKind(StrEnum):
    """What is to be entered."""

    FORM_DISPATCH = "form_dispatch"


KIND_TEXT: Mapping[EntryKind, str] = {EntryKind.FORM_DISPATCH: "交付申請書の発送依頼"}

DUE_RULE: Mapping[EntryKind, str] = {EntryKind.FORM_DISPATCH: "form_dispatch_entry"}
"""By which rule of a contract it is due; a contract without the rule has no such entry."""


CHECK_RULE = "external_entry_check"
"""By which rule somebody else is to look at what was entered; a contract without the rule asks
for no second person."""


class Stage(StrEnum):
    """How far an entry has come."""

    TO_ENTER = "to_enter"
    ENTERED = "entered"
    TO_CHECK = "to_check"
    CHECKED = "checked"
    WITHDRAWN = "withdrawn"


STAGE_TEXT: Mapping[Stage, str] = {
    Stage.TO_ENTER: "入力待ち",
    Stage.ENTERED: "入力済み",
    Stage.TO_CHECK: "確認待ち",
    Stage.CHECKED: "確認済み",
    Stage.WITHDRAWN: "取りやめ",
}


ENTERED = frozenset({Stage.ENTERED, Stage.TO_CHECK, Stage.CHECKED})
"""At these stages it stands in the city's system."""


class Step(StrEnum):
    """What can be done; the words are those of ``parties.Action``."""

    RECORD_EXTERNAL_ENTRY = "record_external_entry"
    WITHDRAW_ENTRY = "withdraw_entry"
    CHECK_ENTRY = "check_entry"
    SEND_BACK_ENTRY = "send_back_entry"


_STEPS: Mapping[Stage, tuple[Step, ...]] = {
    Stage.TO_ENTER: (Step.RECORD_EXTERNAL_ENTRY, Step.WITHDRAW_ENTRY),
    Stage.TO_CHECK: (Step.CHECK_ENTRY, Step.SEND_BACK_ENTRY),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalEntry:
    """One value per moment."""

    case_id: str
    what: EntryKind
    received_by: Role
    stage: Stage = Stage.TO_ENTER
    reference: str = ""
    """What the city's system calls it."""

    second_person: bool = False
    """Whether somebody else looks at what was entered."""

    entered_by: str | None = None
    """Whose account entered it last."""

    @property
    def closed(self) -> bool:
        """Tell whether nothing is left to be done."""
        return self.stage not in _STEPS

    @property
    def standing(self) -> Standing:
        """Where the entry stands between the parties."""
        return Standing.CLOSED if self.closed else Standing.WITH_PROVIDER

    @property
    def owner(self) -> Role | None:
        """The role that has to act next; ``None`` once it was entered or given up."""
        return None if self.closed else self.received_by

    def steps(self) -> tuple[Step, ...]:
        """Return what can be done next, the ordinary step first."""
        return _STEPS.get(self.stage, ())

    def enter(self, reference: str, *, by: str) -> "ExternalEntry":
        """Return the entry with what the city's system calls it.

        Raises:
            WrongStage: It was entered or given up before.
        """
        self._require(Step.RECORD_EXTERNAL_ENTRY)
        stage = Stage.TO_CHECK if self.second_person else Stage.ENTERED
        return replace(self, stage=stage, reference=reference, entered_by=by)

    def check(self, *, by: str) -> "ExternalEntry":
        """Return the entry as somebody else found it right.

        Raises:
            WrongStage: There is nothing to check.
            EnteredBySelf: Who entered it is no second person.
        """
        self._require_other(Step.CHECK_ENTRY, by)
        return replace(self, stage=Stage.CHECKED)

    def send_back(self, *, by: str) -> "ExternalEntry":
        """Return the entry as it has to be entered again, since somebody found it wrong.

        Raises:
            WrongStage, EnteredBySelf: As ``check``.
        """
        self._require_other(Step.SEND_BACK_ENTRY, by)
        return replace(self, stage=Stage.TO_ENTER, reference="")

    def withdraw(self) -> "ExternalEntry":
        """Give the entry up.

        Raises:
            WrongStage: It was entered or given up before.
        """
        self._require(Step.WITHDRAW_ENTRY)
        return replace(self, stage=Stage.WITHDRAWN)

    def _require(self, step: Step) -> None:
        if step not in self.steps():
            raise WrongStage(f"いまは「{STAGE_TEXT[self.stage]}」です。")

    def _require_other(self, step: Step, by: str) -> None:
        self._require(step)
        if by == self.entered_by:
            raise EnteredBySelf("入力した人とは別の人が確認してください。")
