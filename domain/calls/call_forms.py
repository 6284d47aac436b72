"""What staff are asked when they deal with what somebody called for.

Belongs here: forms of entries into a city's system and of inquiries. Does not belong here:
who may take a step (``domain.parties``), what it does (``external_entry``, ``inquiry``).
"""

from collections.abc import Mapping

from domain.calls.inquiry import OUTCOME_TEXT, TRANSFER_TEXT
from domain.forms import ActionForm, Asked, Field, FieldKind
from domain.parties import Action

ENTRY_FORMS: Mapping[Action, ActionForm] = {
    form.action: form
    for form in (
        ActionForm(
            action=Action.RECORD_EXTERNAL_ENTRY,
            label="市のシステムに入力したことを記録する",
            fields=(
                Field(name="reference", label="市のシステムの受付番号", kind=FieldKind.ID),
            ),
        ),
        ActionForm(
            action=Action.WITHDRAW_ENTRY,
            label="依頼を取りやめる",
            reason=Asked.REQUIRED,
            consequence="市のシステムには入力されません。件数には取りやめとして残ります。",
        ),
        ActionForm(
            action=Action.CHECK_ENTRY,
            label="入力された内容を確認した",
            consequence="入力した人とは別の人が、市のシステムの画面で確かめます。",
        ),
        ActionForm(
            action=Action.SEND_BACK_ENTRY,
            label="誤りがあるので入力に戻す",
            reason=Asked.REQUIRED,
        ),
    )
}

INQUIRY_FORMS: Mapping[Action, ActionForm] = {
    Action.CLOSE_INQUIRY: ActionForm(
        action=Action.CLOSE_INQUIRY,
        label="対応を記録する",
        reason=Asked.REQUIRED,
        fields=(
            Field(
                name="outcome",
                label="対応",
                kind=FieldKind.CHOICE,
                choices=tuple((str(each), text) for each, text in OUTCOME_TEXT.items()),
            ),
            Field(name="destination", label="案内先（市へ案内したとき）", required=False),
        ),
        consequence="回答は「理由」の欄に書きます。暗号化して履歴に残ります。",
    ),
    Action.TRANSFER_CALL: ActionForm(
        action=Action.TRANSFER_CALL,
        label="電話を市へ転送する",
        reason=Asked.OPTIONAL,
        fields=(
            Field(name="target", label="転送先の係"),
            Field(
                name="result",
                label="結果",
                kind=FieldKind.CHOICE,
                choices=tuple((str(each), text) for each, text in TRANSFER_TEXT.items()),
            ),
        ),
        consequence="出なかったときは、折り返し先と用件を「理由」に書きます（暗号化します）。"
        "市から折り返すまで、引継ぎとして残ります。",
    ),
}
