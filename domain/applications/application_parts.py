"""What an application for a card is made of: ways to apply, steps, stages.

Belongs here: words without rules. Does not belong here: which ways a contract offers
(``application_lines``), the case itself (``application``), what can be wrong with an
application (``defect_kinds``).
"""

from collections.abc import Mapping
from enum import StrEnum

from domain.parties import Action


class Variant(StrEnum):
    """How it is applied for."""

    ONLINE = "online"
    TERMINAL_ASSIST = "terminal_assist"
    POSTAL_ASSIST = "postal_assist"
    PAPER = "paper"
    EXPRESS = "express"
    OVERSEAS = "overseas"


VARIANT_TEXT: Mapping[Variant, str] = {
    Variant.ONLINE: "オンライン申請",
    Variant.TERMINAL_ASSIST: "申請端末での申請",
    Variant.POSTAL_ASSIST: "郵送申請の補助",
    Variant.PAPER: "紙の申請書での申請",
    Variant.EXPRESS: "特急発行の申請",
    Variant.OVERSEAS: "国外転出者の申請",
}


class AppliedFor(StrEnum):
    """Whether it is somebody's first card."""

    NEW = "new"
    RENEWAL = "renewal"


APPLIED_FOR_TEXT: Mapping[AppliedFor, str] = {
    AppliedFor.NEW: "新規",
    AppliedFor.RENEWAL: "更新",
}


class StepKind(StrEnum):
    """What is done at the window, one thing after the other."""

    FORM_ID = "form_id"
    PHOTO = "photo"
    PRINT_PHOTO = "print_photo"
    PASTE_PHOTO = "paste_photo"
    SUBMIT = "submit"
    RECEIVE_FORM = "receive_form"
    HAND_TO_RESIDENT = "hand_to_resident"


STEP_TEXT: Mapping[StepKind, str] = {
    StepKind.FORM_ID: "申請書の二次元コードの読み取り",
    StepKind.PHOTO: "写真",
    StepKind.PRINT_PHOTO: "写真の印刷",
    StepKind.PASTE_PHOTO: "写真の貼付け",
    StepKind.SUBMIT: "申請の送信",
    StepKind.RECEIVE_FORM: "申請書の受付",
    StepKind.HAND_TO_RESIDENT: "本人への引渡し",
}

LAST_STEPS = frozenset({StepKind.SUBMIT, StepKind.RECEIVE_FORM, StepKind.HAND_TO_RESIDENT})
"""What ends the part at the window: exactly one of them, at the end."""

ON_PAPER = (StepKind.PHOTO, StepKind.PRINT_PHOTO, StepKind.PASTE_PHOTO)
"""The way of a photo onto a form that was filled in by hand, in this order."""


class Stage(StrEnum):
    """What an application waits for; the words of its steps, the long wait, and its ends."""

    FORM_ID = "form_id"
    PHOTO = "photo"
    PRINT_PHOTO = "print_photo"
    PASTE_PHOTO = "paste_photo"
    SUBMIT = "submit"
    RECEIVE_FORM = "receive_form"
    HAND_TO_RESIDENT = "hand_to_resident"
    WAITING = "waiting"
    HANDED_TO_RESIDENT = "handed_to_resident"
    """The person posts it themselves; nobody shows us a receipt."""

    DEFECTIVE = "defective"
    CARD_ARRIVED = "card_arrived"
    WITHDRAWN = "withdrawn"
    TAKEN_OVER = "taken_over"


STAGE_TEXT: Mapping[Stage, str] = {
    Stage.FORM_ID: "二次元コードの読み取り待ち",
    Stage.PHOTO: "写真待ち",
    Stage.PRINT_PHOTO: "写真の印刷待ち",
    Stage.PASTE_PHOTO: "写真の貼付け待ち",
    Stage.SUBMIT: "送信待ち",
    Stage.RECEIVE_FORM: "申請書の受付待ち",
    Stage.HAND_TO_RESIDENT: "本人への引渡し待ち",
    Stage.WAITING: "申請済み・カード待ち",
    Stage.HANDED_TO_RESIDENT: "本人へ引渡し済み・カード待ち",
    Stage.DEFECTIVE: "申請不備・対応中",
    Stage.CARD_ARRIVED: "カード到着",
    Stage.WITHDRAWN: "取りやめ",
    Stage.TAKEN_OVER: "市が引取り",
}

ENDS = frozenset({Stage.CARD_ARRIVED, Stage.WITHDRAWN, Stage.TAKEN_OVER})
WAITS = frozenset({Stage.WAITING, Stage.HANDED_TO_RESIDENT})
"""Where it lies for weeks or months."""


class Step(StrEnum):
    """What people do with an application; the words are those of ``parties.Action``."""

    READ_FORM_ID = "read_form_id"
    ACCEPT_PHOTO = "accept_photo"
    PRINT_PHOTO = "print_photo"
    PASTE_PHOTO = "paste_photo"
    RECORD_SUBMISSION = "record_submission"
    RECEIVE_FORM = "receive_form"
    HAND_TO_RESIDENT = "hand_to_resident"
    REPORT_DEFECT = "report_defect"
    RECORD_CARD_ARRIVAL = "record_card_arrival"
    WITHDRAW_APPLICATION = "withdraw_application"
    TAKE_OVER_APPLICATION = "take_over_application"


STEP_OF: Mapping[StepKind, Step] = {
    StepKind.FORM_ID: Step.READ_FORM_ID,
    StepKind.PHOTO: Step.ACCEPT_PHOTO,
    StepKind.PRINT_PHOTO: Step.PRINT_PHOTO,
    StepKind.PASTE_PHOTO: Step.PASTE_PHOTO,
    StepKind.SUBMIT: Step.RECORD_SUBMISSION,
    StepKind.RECEIVE_FORM: Step.RECEIVE_FORM,
    StepKind.HAND_TO_RESIDENT: Step.HAND_TO_RESIDENT,
}
"""What takes each planned step."""

KIND_OF: Mapping[Action, StepKind] = {Action(step): kind for kind, step in STEP_OF.items()}
"""The planned step that an action takes; the others belong to the wait."""

WITH_REASON = frozenset({Step.WITHDRAW_APPLICATION, Step.TAKE_OVER_APPLICATION})
"""What is not recorded without a reason."""


class Settlement(StrEnum):
    """How a follow-up of a defect ends, as far as the application is concerned."""

    RESUBMITTED = "resubmitted"
    WITHDRAWN = "withdrawn"
    TAKEN_OVER = "taken_over"


SETTLEMENT_TEXT: Mapping[Settlement, str] = {
    Settlement.RESUBMITTED: "申請し直した",
    Settlement.WITHDRAWN: "申請を取りやめた",
    Settlement.TAKEN_OVER: "市が引き取った",
}
