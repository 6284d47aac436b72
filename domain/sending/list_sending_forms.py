"""What staff are asked when they bring a day's list and report to the city.

Belongs here: forms of its steps. Does not belong here: who may take them
(``domain.parties``), what they do (``domain.sending.list_sending``).
"""

from collections.abc import Mapping

from domain.forms import ActionForm, Asked, Field, FieldKind
from domain.parties import Action
from domain.sending.list_sending import BY_HAND, MEANS_TEXT

FORMS: Mapping[Action, ActionForm] = {
    form.action: form
    for form in (
        ActionForm(
            action=Action.SEND_LIST,
            label="市へメールで送る",
            consequence="その時点の一覧と、その日の件数を暗号化したファイルにして、登録されている送り先へ送ります。",
        ),
        ActionForm(
            action=Action.MAKE_LIST_FILE,
            label="渡すためのファイルを作る",
            consequence="暗号化したファイルができます。開くには、市と取り決めたパスワードが要ります。",
        ),
        ActionForm(
            action=Action.RECORD_LIST_DELIVERY,
            label="市へ渡したことを記録する",
            reason=Asked.OPTIONAL,
            fields=(
                Field(
                    name="means",
                    label="渡し方",
                    kind=FieldKind.CHOICE,
                    choices=tuple((str(means), MEANS_TEXT[means]) for means in BY_HAND),
                ),
            ),
            consequence="最後に作ったファイルを渡したことになります。",
        ),
    )
}
