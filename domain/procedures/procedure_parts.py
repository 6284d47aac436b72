"""What a procedure at a window is made of: who is there, which steps there can be.

Belongs here: words without rules. Does not belong here: which steps a contract plans and
whose they are (``domain.procedures.procedure_plan``), the case itself
(``domain.procedures.procedure``).
"""

from collections.abc import Mapping
from enum import StrEnum

from domain.parties import Action


class Receiver(StrEnum):
    """Who stands at the window: the person themselves, or somebody for them."""

    SELF = "self"
    LEGAL_REPRESENTATIVE = "legal_representative"
    PROXY = "proxy"


RECEIVER_TEXT: Mapping[Receiver, str] = {
    Receiver.SELF: "本人",
    Receiver.LEGAL_REPRESENTATIVE: "法定代理人",
    Receiver.PROXY: "任意代理人",
}


class Group(StrEnum):
    """What a procedure is a kind of; one table for all contracts, so that months add up."""

    APPLICATION = "application"
    DELIVERY = "delivery"
    PORTAL = "portal"
    CARD = "card"
    OTHER = "other"


GROUP_TEXT: Mapping[Group, str] = {
    Group.APPLICATION: "カードの申請",
    Group.DELIVERY: "カードの交付",
    Group.PORTAL: "マイナポータルでの手続",
    Group.CARD: "電子証明書・その他のカードの手続",
    Group.OTHER: "その他（案内・相談など）",
}


class StepKind(StrEnum):
    """What is done, one thing after the other."""

    DOCUMENTS = "documents"
    IDENTITY = "identity"
    PIN = "pin"
    SERVE = "serve"
    PRINT = "print"
    RECEIPT = "receipt"
    CHECK = "check"


STEP_TEXT: Mapping[StepKind, str] = {
    StepKind.DOCUMENTS: "持参書類の確認",
    StepKind.IDENTITY: "本人確認",
    StepKind.PIN: "暗証番号の設定",
    StepKind.SERVE: "手続",
    StepKind.PRINT: "券面への印字",
    StepKind.RECEIPT: "受領の確認",
    StepKind.CHECK: "手続の照合",
}


class Stage(StrEnum):
    """What a procedure waits for; the words of its steps, and its two ends."""

    DOCUMENTS = "documents"
    IDENTITY = "identity"
    PIN = "pin"
    SERVE = "serve"
    PRINT = "print"
    RECEIPT = "receipt"
    CHECK = "check"
    DONE = "done"
    WITHDRAWN = "withdrawn"


STAGE_TEXT: Mapping[Stage, str] = {
    **{Stage(step): f"{text}待ち" for step, text in STEP_TEXT.items()},
    Stage.CHECK: "市の照合待ち",
    Stage.DONE: "完了",
    Stage.WITHDRAWN: "取りやめ",
}


class Step(StrEnum):
    """What people do with a procedure; the words are those of ``parties.Action``."""

    TAKE_IN_DOCUMENTS = "take_in_documents"
    CONFIRM_IDENTITY = "confirm_identity"
    RECORD_PIN_SET = "record_pin_set"
    CARRY_OUT = "carry_out"
    PRINT_ON_CARD = "print_on_card"
    RECORD_RECEIPT = "record_receipt"
    PASS_CHECK = "pass_check"  # noqa: S105  # a step, not a password
    FAIL_CHECK = "fail_check"
    DECIDE_PARTY = "decide_party"
    CHANGE_RECEIVER = "change_receiver"
    END_PROCEDURE = "end_procedure"


STEP_OF: Mapping[StepKind, Step] = {
    StepKind.DOCUMENTS: Step.TAKE_IN_DOCUMENTS,
    StepKind.IDENTITY: Step.CONFIRM_IDENTITY,
    StepKind.PIN: Step.RECORD_PIN_SET,
    StepKind.SERVE: Step.CARRY_OUT,
    StepKind.PRINT: Step.PRINT_ON_CARD,
    StepKind.RECEIPT: Step.RECORD_RECEIPT,
    StepKind.CHECK: Step.PASS_CHECK,
}
"""What takes each planned step."""

KIND_OF: Mapping[Action, StepKind] = {Action(step): kind for kind, step in STEP_OF.items()} | {
    Action.FAIL_CHECK: StepKind.CHECK
}
"""The planned step that an action takes; the others change the plan or end it."""

WITH_REASON = frozenset(
    {Step.FAIL_CHECK, Step.DECIDE_PARTY, Step.CHANGE_RECEIVER, Step.END_PROCEDURE}
)
"""What is not recorded without a reason."""
