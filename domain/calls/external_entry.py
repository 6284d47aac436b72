"""What must be typed into a city's system, from the request to the entry or its withdrawal.

Belongs here: requests that are nothing but an entry to be made. Does not belong here:
bookings that are entered as well (``domain.booking.reservation``), who asked (the vault).
Source: Ageo specification §5(3)③(エ).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from domain.errors import WrongStage
from domain.parties import Role, Standing


class EntryKind(StrEnum):
    """What is to be entered."""

    FORM_DISPATCH = "form_dispatch"


KIND_TEXT: Mapping[EntryKind, str] = {EntryKind.FORM_DISPATCH: "交付申請書の発送依頼"}

DUE_RULE: Mapping[EntryKind, str] = {EntryKind.FORM_DISPATCH: "form_dispatch_entry"}
"""By which rule of a contract it is due; a contract without the rule has no such entry."""


class Stage(StrEnum):
    """How far an entry has come."""

    TO_ENTER = "to_enter"
    ENTERED = "entered"
    WITHDRAWN = "withdrawn"


STAGE_TEXT: Mapping[Stage, str] = {
    Stage.TO_ENTER: "入力待ち",
    Stage.ENTERED: "入力済み",
    Stage.WITHDRAWN: "取りやめ",
}


class Step(StrEnum):
    """What can be done; the words are those of ``parties.Action``."""

    RECORD_EXTERNAL_ENTRY = "record_external_entry"
    WITHDRAW_ENTRY = "withdraw_entry"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalEntry:
    """One value per moment."""

    case_id: str
    what: EntryKind
    received_by: Role
    stage: Stage = Stage.TO_ENTER
    reference: str = ""
    """What the city's system calls it."""

    @property
    def closed(self) -> bool:
        """Tell whether nothing is left to be done."""
        return self.stage is not Stage.TO_ENTER

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
        return () if self.closed else tuple(Step)

    def enter(self, reference: str) -> "ExternalEntry":
        """Return the entry with what the city's system calls it.

        Raises:
            WrongStage: It was entered or given up before.
        """
        self._require_open()
        return replace(self, stage=Stage.ENTERED, reference=reference)

    def withdraw(self) -> "ExternalEntry":
        """Give the entry up.

        Raises:
            WrongStage: It was entered or given up before.
        """
        self._require_open()
        return replace(self, stage=Stage.WITHDRAWN)

    def _require_open(self) -> None:
        if self.closed:
            raise WrongStage(f"いまは「{STAGE_TEXT[self.stage]}」です。")
