"""What people are asked when they take a step of a record of the city.

Belongs here: the forms. Does not belong here: who may take a step (``domain.parties``), what
it does (``domain.citywork.city_record``).
"""

from collections.abc import Mapping

from domain.forms import ActionForm, Asked, Field, FieldKind
from domain.parties import Action

_COUNT = Field(name="count", label="数えた数", kind=FieldKind.COUNT)
_AMOUNT = Field(name="amount_jpy", label="金額（円）", kind=FieldKind.COUNT)

LETTER = ActionForm(
    action=Action.SEND_LETTER,
    label="文書で照会する",
    reason=Asked.REQUIRED,
    fields=(
        Field(name="about", label="照会先（機関の名前）"),
        Field(name="sent_on", label="送付日（空欄は今日）", kind=FieldKind.DAY, required=False),
        Field(name="reply_due", label="回答の期限", kind=FieldKind.DAY),
    ),
    consequence="回答を受け取るまで、この案件は閉じられません。",
)
"""What an official may begin from any open case."""

FORMS: Mapping[Action, ActionForm] = {
    form.action: form
    for form in (
        ActionForm(
            action=Action.RECORD_PAYMENT,
            label="収納したことを記録する",
            fields=(_AMOUNT,),
            consequence="収納を記録できるのは市職員だけです。",
        ),
        ActionForm(
            action=Action.CLOSE_REGISTER,
            label="レジを締める",
            reason=Asked.OPTIONAL,
            fields=(_AMOUNT,),
            consequence="レジにある金額を入れます。その日の収納の合計との差は、日の記録に出ます。",
        ),
        ActionForm(
            action=Action.COUNT_DOCUMENTS,
            label="書類を確認し、数えた",
            fields=(_COUNT,),
        ),
        ActionForm(action=Action.APPROVE_DOCUMENTS, label="決裁する", reason=Asked.OPTIONAL),
        ActionForm(
            action=Action.SEND_BACK_DOCUMENTS,
            label="委託先へ差し戻す",
            reason=Asked.REQUIRED,
        ),
        ActionForm(
            action=Action.RESUBMIT_DOCUMENTS,
            label="直して出し直す",
            reason=Asked.OPTIONAL,
            fields=(_COUNT,),
        ),
        ActionForm(
            action=Action.RECORD_REPLY,
            label="回答を受け取った",
            reason=Asked.OPTIONAL,
            fields=(
                Field(
                    name="replied_on",
                    label="受け取った日（空欄は今日）",
                    kind=FieldKind.DAY,
                    required=False,
                ),
            ),
        ),
        ActionForm(
            action=Action.RECEIVE_CARDS,
            label="交付のため受け取った",
            fields=(_COUNT,),
            consequence="その日のうちに、残りを市へ返します。",
        ),
        ActionForm(
            action=Action.RETURN_CARDS,
            label="残りを市へ返した",
            fields=(Field(name="count", label="返した枚数", kind=FieldKind.COUNT),),
        ),
        ActionForm(
            action=Action.ACCOUNT_CARDS,
            label="全数を確認した",
            reason=Asked.OPTIONAL,
            fields=(
                Field(name="delivered", label="交付した枚数", kind=FieldKind.COUNT),
                Field(
                    name="missing",
                    label="所在不明の枚数（理由が必要）",
                    kind=FieldKind.COUNT,
                    required=False,
                ),
            ),
        ),
        ActionForm(
            action=Action.VOID_RECORD,
            label="誤って作った記録を取り消す",
            reason=Asked.REQUIRED,
        ),
    )
}
"""The steps of a record itself."""
