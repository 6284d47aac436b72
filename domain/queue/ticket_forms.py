"""What people are asked when they take a step of a number.

Belongs here: the forms. Does not belong here: who may take a step (``domain.parties``), what
it does (``domain.queue.ticket``).
"""

from collections.abc import Mapping

from domain.forms import ActionForm, Asked, Field, FieldKind
from domain.parties import Action
from domain.queue.ticket import RESULT_TEXT

FORMS: Mapping[Action, ActionForm] = {
    form.action: form
    for form in (
        ActionForm(action=Action.RECALL_TICKET, label="もう一度呼び出す"),
        ActionForm(action=Action.SERVE_TICKET, label="対応を始める"),
        ActionForm(
            action=Action.END_TICKET,
            label="番号を終える",
            reason=Asked.OPTIONAL,
            fields=(
                Field(
                    name="result",
                    label="結果",
                    kind=FieldKind.CHOICE,
                    choices=tuple((str(end), text) for end, text in RESULT_TEXT.items()),
                ),
            ),
        ),
        ActionForm(
            action=Action.MOVE_TICKET,
            label="ほかの列へ移す・列に戻す",
            reason=Asked.OPTIONAL,
            fields=(Field(name="line", label="列"),),
            consequence="受け付けた時刻の順に並びます。番号は変わりません。",
        ),
        ActionForm(
            action=Action.PREFER_TICKET,
            label="優先して呼ぶ",
            reason=Asked.REQUIRED,
            consequence="理由が記録に残ります。",
        ),
    )
}
