"""What people are asked when something goes to somebody else: a hand-off and its steps.

Belongs here: the forms, also of the offer that every open case has. Does not belong here:
who may take a step (``domain.parties``), what it does (``domain.handoff``).
"""

from collections.abc import Mapping
from dataclasses import replace

from domain.forms import ActionForm, Asked, Field
from domain.parties import Action

_SECTION = Field(name="section", label="引継ぎ先の係")
_SUMMARY = Field(name="summary", label="これまでの経緯の要約", required=False)
_DOCUMENTS = Field(name="documents", label="添える書類", required=False)

OFFER = ActionForm(
    action=Action.OFFER_HANDOFF,
    label="市職員へ引き継ぐ",
    reason=Asked.REQUIRED,
    fields=(_SECTION, _SUMMARY, _DOCUMENTS),
    consequence="引継ぎが終わるまで、この案件は閉じられません。",
)
ESCALATE = ActionForm(
    action=Action.ESCALATE,
    label="業務責任者に引き継ぐ",
    reason=Asked.REQUIRED,
    fields=(_SUMMARY, _DOCUMENTS),
    consequence="業務責任者が受け付けるまで、くり返し知らせます。"
    "引継ぎが終わるまで、この案件は閉じられません。",
)

FORMS: Mapping[Action, ActionForm] = {
    form.action: form
    for form in (
        ActionForm(action=Action.ACCEPT_HANDOFF, label="引継ぎを受け付ける"),
        ActionForm(
            action=Action.COMPLETE_HANDOFF, label="対応を完了する", reason=Asked.OPTIONAL
        ),
        ActionForm(action=Action.RETURN_HANDOFF, label="差し戻す", reason=Asked.REQUIRED),
        ActionForm(
            action=Action.WITHDRAW_HANDOFF, label="引継ぎを取りやめる", reason=Asked.REQUIRED
        ),
        ActionForm(
            action=Action.OFFER_HANDOFF, label="もう一度引き継ぐ", reason=Asked.OPTIONAL
        ),
        replace(
            ESCALATE,
            label="もう一度、業務責任者に引き継ぐ",
            reason=Asked.OPTIONAL,
            fields=(),
        ),
        ActionForm(action=Action.TAKE_ON, label="業務責任者として受け付ける"),
        ActionForm(action=Action.SETTLE, label="解決した", reason=Asked.REQUIRED),
        ActionForm(
            action=Action.PASS_ON,
            label="市職員へ引き継ぐ",
            reason=Asked.REQUIRED,
            fields=(_SECTION,),
            consequence="市職員が差し戻したときは、業務責任者に戻ります。",
        ),
        ActionForm(action=Action.GIVE_BACK, label="担当者に戻す", reason=Asked.REQUIRED),
    )
}
"""The steps of a hand-off itself."""
