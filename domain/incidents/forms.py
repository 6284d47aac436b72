"""What staff are asked when they deal with an incident.

Belongs here: forms. Does not belong here: who may take a step (``domain.parties``), what it
does (``domain.incidents.incident``).
"""

from collections.abc import Mapping

from domain.forms import ActionForm, Asked, Field, FieldKind
from domain.incidents.kinds import MEANS_TEXT, OUTCOME_TEXT
from domain.parties import Action

_SEALED = "「理由」の欄に書きます。暗号化して履歴に残ります。"

_OUTCOME = Field(
    name="outcome",
    label="結果",
    kind=FieldKind.CHOICE,
    choices=tuple((str(each), text) for each, text in OUTCOME_TEXT.items()),
)

FORMS: Mapping[Action, ActionForm] = {
    form.action: form
    for form in (
        ActionForm(
            action=Action.TAKE_OUT_OF_SERVICE,
            label="使用を中止する",
            reason=Asked.OPTIONAL,
            consequence="戻すまで使用中止と表示されます。代わりを用意する期限は変わりません。",
        ),
        ActionForm(
            action=Action.ASSIGN_SUBSTITUTE,
            label="代わりの機器を登録する",
            reason=Asked.OPTIONAL,
            fields=(Field(name="substitute", label="代わりの機器"),),
            consequence="代わりを用意する期限はここで終わります。元の機器を戻すまで案件は続きます。",
        ),
        ActionForm(
            action=Action.RETURN_TO_SERVICE, label="使用を再開する", reason=Asked.OPTIONAL
        ),
        ActionForm(
            action=Action.REPORT_TO_CITY,
            label="市へ報告したことを記録する",
            reason=Asked.OPTIONAL,
            fields=(
                Field(
                    name="means",
                    label="報告の方法",
                    kind=FieldKind.CHOICE,
                    choices=tuple((str(each), text) for each, text in MEANS_TEXT.items()),
                ),
                Field(
                    name="for_city",
                    label="市へ引き継ぐ内容か",
                    kind=FieldKind.CHOICE,
                    choices=(("no", "受託者で対応できる"), ("yes", "市へ引き継ぐ")),
                ),
            ),
            consequence="報告した時刻が残ります。市へ引き継ぐ内容なら、引き継ぐまで終えられません。",
        ),
        ActionForm(
            action=Action.SUBMIT_WRITTEN_REPORT,
            label="書面の報告と再発防止策を記録する",
            reason=Asked.REQUIRED,
            fields=(Field(name="document", label="提出した書面の番号または名前"),),
            consequence=f"再発防止策は{_SEALED}",
        ),
        ActionForm(
            action=Action.SETTLE_INCIDENT,
            label="対応を終える",
            reason=Asked.REQUIRED,
            fields=(_OUTCOME,),
            consequence=f"対応の内容は{_SEALED}",
        ),
        ActionForm(
            action=Action.MARK_SERIOUS,
            label="重大な事案として扱う",
            reason=Asked.REQUIRED,
            consequence="契約に定めがあれば、市との協議や書面の報告が必要になります。",
        ),
        ActionForm(
            action=Action.FILL_VACANCY, label="補充したことを記録する", reason=Asked.OPTIONAL
        ),
        ActionForm(
            action=Action.RECORD_CONSULTATION,
            label="市と協議したことを記録する",
            reason=Asked.REQUIRED,
            fields=(Field(name="section", label="協議した市の係"),),
            consequence=f"協議の内容と結論は{_SEALED}",
        ),
        ActionForm(
            action=Action.LINK_REVISION,
            label="改訂したマニュアルを登録する",
            reason=Asked.OPTIONAL,
            fields=(
                Field(name="revision", label="改訂した版（名前と版）"),
                Field(name="link", label="保管場所（https:// または \\\\ で始まるもの）"),
            ),
        ),
        ActionForm(
            action=Action.ANSWER_QUESTION,
            label="質問に回答する",
            reason=Asked.REQUIRED,
            consequence=f"回答は{_SEALED}個人が分かることは書かないでください。",
        ),
        ActionForm(
            action=Action.ADOPT_ANSWER,
            label="FAQに載せたことを記録する",
            fields=(Field(name="article", label="記事の番号", kind=FieldKind.COUNT),),
            consequence="この質問から書いた記事が、使ってよい版に入っているときだけ記録できます。",
        ),
        ActionForm(
            action=Action.KEEP_ANSWER, label="FAQに載せずに終える", reason=Asked.REQUIRED
        ),
        ActionForm(action=Action.WITHDRAW_INCIDENT, label="取りやめる", reason=Asked.REQUIRED),
    )
}
