"""One record of the city's own work: what it is about, and whose step is next.

    fee        DUE ─▶ PAID
    register   COUNTING ─▶ CLOSED_OUT
    documents  SUBMITTED ─▶ COUNTED ─▶ APPROVED      sent back to the provider from either
    letter     AWAITING_REPLY ─▶ REPLIED
    cards      BROUGHT ─▶ RECEIVED ─▶ RETURNED ─▶ ACCOUNTED

Each step belongs to one party; the record stands with it, so that the table of duties refuses
the other one. Whatever was begun by mistake the city makes void, with a reason.
Source: Yokosuka specification §7 ソタチテ.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from domain.citywork.citywork_errors import CardsUnaccounted
from domain.errors import CountDiffers, WrongStage
from domain.parties import Action, Party, Role, Standing


class What(StrEnum):
    """What the record is about."""

    FEE = "fee"
    REGISTER = "register"
    DOCUMENTS = "documents"
    LETTER = "letter"
    CARDS = "cards"


WHAT_TEXT: Mapping[What, str] = {
    What.FEE: "手数料",
    What.REGISTER: "レジ締め",
    What.DOCUMENTS: "書類の決裁",
    What.LETTER: "文書照会",
    What.CARDS: "当日のカード",
}

DUE_RULE: Mapping[What, str] = {
    What.REGISTER: "register_closing",
    What.DOCUMENTS: "documents_approval",
    What.CARDS: "cards_accounted",
}
"""By which rule of a contract it is due; a letter is due when its answer is."""


class Stage(StrEnum):
    """How far a record has come."""

    DUE = "due"
    PAID = "paid"
    COUNTING = "counting"
    CLOSED_OUT = "closed_out"
    SUBMITTED = "submitted"
    COUNTED = "counted"
    SENT_BACK = "sent_back"
    APPROVED = "approved"
    AWAITING_REPLY = "awaiting_reply"
    REPLIED = "replied"
    BROUGHT = "brought"
    RECEIVED = "received"
    RETURNED = "returned"
    ACCOUNTED = "accounted"
    VOID = "void"


STAGE_TEXT: Mapping[Stage, str] = {
    Stage.DUE: "市の収納待ち",
    Stage.PAID: "収納済み",
    Stage.COUNTING: "締め待ち",
    Stage.CLOSED_OUT: "締め済み",
    Stage.SUBMITTED: "市の確認待ち",
    Stage.COUNTED: "市の決裁待ち",
    Stage.SENT_BACK: "委託先へ差し戻し",
    Stage.APPROVED: "決裁済み",
    Stage.AWAITING_REPLY: "回答待ち",
    Stage.REPLIED: "回答受領",
    Stage.BROUGHT: "受取待ち",
    Stage.RECEIVED: "委託先が交付中",
    Stage.RETURNED: "市の確認待ち",
    Stage.ACCOUNTED: "全数確認済み",
    Stage.VOID: "取消し",
}

BEGINS: Mapping[What, tuple[Stage, Action]] = {
    What.FEE: (Stage.DUE, Action.REPORT_FEE_DUE),
    What.REGISTER: (Stage.COUNTING, Action.OPEN_REGISTER),
    What.DOCUMENTS: (Stage.SUBMITTED, Action.SUBMIT_DOCUMENTS),
    What.LETTER: (Stage.AWAITING_REPLY, Action.SEND_LETTER),
    What.CARDS: (Stage.BROUGHT, Action.BRING_CARDS),
}
"""Where each begins, and by which act; whose that is stands in ``domain.parties``."""


class Step(StrEnum):
    """What can be done; the words are those of ``parties.Action``."""

    RECORD_PAYMENT = "record_payment"
    CLOSE_REGISTER = "close_register"
    COUNT_DOCUMENTS = "count_documents"
    APPROVE_DOCUMENTS = "approve_documents"
    SEND_BACK_DOCUMENTS = "send_back_documents"
    RESUBMIT_DOCUMENTS = "resubmit_documents"
    RECORD_REPLY = "record_reply"
    RECEIVE_CARDS = "receive_cards"
    RETURN_CARDS = "return_cards"
    ACCOUNT_CARDS = "account_cards"
    VOID_RECORD = "void_record"


WITH_REASON = frozenset({Step.SEND_BACK_DOCUMENTS, Step.VOID_RECORD})

_STEPS: Mapping[Stage, Mapping[Step, Stage]] = {
    Stage.DUE: {Step.RECORD_PAYMENT: Stage.PAID},
    Stage.COUNTING: {Step.CLOSE_REGISTER: Stage.CLOSED_OUT},
    Stage.SUBMITTED: {
        Step.COUNT_DOCUMENTS: Stage.COUNTED,
        Step.SEND_BACK_DOCUMENTS: Stage.SENT_BACK,
    },
    Stage.COUNTED: {
        Step.APPROVE_DOCUMENTS: Stage.APPROVED,
        Step.SEND_BACK_DOCUMENTS: Stage.SENT_BACK,
    },
    Stage.SENT_BACK: {Step.RESUBMIT_DOCUMENTS: Stage.SUBMITTED},
    Stage.AWAITING_REPLY: {Step.RECORD_REPLY: Stage.REPLIED},
    Stage.BROUGHT: {Step.RECEIVE_CARDS: Stage.RECEIVED},
    Stage.RECEIVED: {Step.RETURN_CARDS: Stage.RETURNED},
    Stage.RETURNED: {Step.ACCOUNT_CARDS: Stage.ACCOUNTED},
}
ENDS = frozenset(Stage) - frozenset(_STEPS)
_PROVIDERS = frozenset({Stage.SENT_BACK, Stage.BROUGHT, Stage.RECEIVED})
"""At these stages the next step is the provider's."""

Fields = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class CityRecord:
    """One value per moment."""

    case_id: str
    what: What
    day: date
    """The day it belongs to; of a letter, when it was sent."""

    opened_by: Role
    stage: Stage
    about: str = ""
    """A code, a number of ours or an office; never a person."""

    count: int = 0
    """Papers or cards, as they were handed over."""

    amount_jpy: int = 0
    """What is due, was paid, or lies in the register."""

    returned: int = 0
    delivered: int = 0
    missing: int = 0
    reply_due: date | None = None
    replied_on: date | None = None

    @property
    def closed(self) -> bool:
        """Tell whether nothing is left to be done."""
        return self.stage in ENDS

    @property
    def party(self) -> Party:
        """Whose step is next."""
        return Party.PROVIDER if self.stage in _PROVIDERS else Party.CITY

    @property
    def standing(self) -> Standing:
        """Where the record stands between the parties."""
        if self.closed:
            return Standing.CLOSED
        ours = self.party is Party.PROVIDER
        return Standing.WITH_PROVIDER if ours else Standing.WITH_CITY

    @property
    def owner(self) -> Role | None:
        """The role that has to act next; ``None`` once nothing is left."""
        if self.closed:
            return None
        if self.party is Party.CITY:
            return Role.OFFICIAL
        return Role.CLERK if self.opened_by is Role.OFFICIAL else self.opened_by

    def steps(self) -> tuple[Step, ...]:
        """Return what can be done next, the ordinary step first."""
        return () if self.closed else (*_STEPS[self.stage], Step.VOID_RECORD)

    def take(self, step: Step, fields: Fields, day: date) -> "CityRecord":
        """Return the record after a step.

        Args:
            step: Which step.
            fields: What its form asked.
            day: The day it is taken on.

        Raises:
            WrongStage: It is not the time for it.
            CountDiffers: What is received or counted is not what was handed over.
            CardsUnaccounted: Cards are neither delivered nor returned nor explained.
        """
        if step not in self.steps():
            raise WrongStage(f"いまは「{STAGE_TEXT[self.stage]}」です。")
        if step is Step.VOID_RECORD:
            return replace(self, stage=Stage.VOID)
        after = replace(self, stage=_STEPS[self.stage][step])
        match step:
            case Step.RECORD_PAYMENT | Step.CLOSE_REGISTER:
                after = replace(after, amount_jpy=_number(fields, "amount_jpy"))
            case Step.COUNT_DOCUMENTS | Step.RECEIVE_CARDS:
                self._require_count(_number(fields, "count"))
            case Step.RESUBMIT_DOCUMENTS:
                after = replace(after, count=_number(fields, "count"))
            case Step.RECORD_REPLY:
                told = fields.get("replied_on")
                after = replace(after, replied_on=date.fromisoformat(str(told or day)))
            case Step.RETURN_CARDS:
                after = replace(after, returned=_number(fields, "count"))
            case Step.ACCOUNT_CARDS:
                found = _number(fields, "delivered"), _number(fields, "missing")
                after = after._accounted(*found)
        return after

    def _require_count(self, count: int) -> None:
        if count != self.count:
            raise CountDiffers("渡された数と、数えた数が違います。数え直してください。")

    def _accounted(self, delivered: int, missing: int) -> "CityRecord":
        if delivered + self.returned + missing != self.count:
            raise CardsUnaccounted(
                f"渡した{self.count}枚に対して、交付{delivered}枚・返却{self.returned}枚・"
                f"所在不明{missing}枚です。"
            )
        return replace(self, delivered=delivered, missing=missing)


def _number(fields: Fields, name: str) -> int:
    return int(str(fields.get(name) or 0))
