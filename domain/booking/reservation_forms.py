"""What staff are asked when they take a step with a reservation.

Belongs here: forms of its steps. Does not belong here: who may take them
(``domain.parties``), what they do (``domain.booking.reservation``), the booking form of
residents (``domain.booking.booking_form``).
"""

from collections.abc import Mapping

from domain.calls.contact import CALL_OUTCOME_TEXT
from domain.forms import ActionForm, Asked, Field, FieldKind
from domain.parties import Action

FORMS: Mapping[Action, ActionForm] = {
    form.action: form
    for form in (
        ActionForm(
            action=Action.RECORD_ARRIVAL,
            label="来場を記録する",
            consequence="予約した時間の席は、そのまま使われたことになります。",
        ),
        ActionForm(
            action=Action.RECORD_GUIDANCE,
            label="案内を読み上げたことを記録する",
            fields=(Field(name="version", label="読み上げた案内の版", kind=FieldKind.ID),),
        ),
        ActionForm(
            action=Action.CANCEL_RESERVATION,
            label="予約を取り消す",
            reason=Asked.REQUIRED,
            consequence="取り消した席は、しばらくしてから他の人が予約できるようになります。",
        ),
        ActionForm(action=Action.RECORD_NO_SHOW, label="来場がなかったことを記録する"),
        ActionForm(
            action=Action.RECORD_EXTERNAL_ENTRY,
            label="市のシステムに入力したことを記録する",
            fields=(
                Field(name="reference", label="市のシステムの受付番号", kind=FieldKind.ID),
            ),
        ),
        ActionForm(
            action=Action.RECORD_CONTACT_ATTEMPT,
            label="連絡を記録する",
            reason=Asked.OPTIONAL,
            fields=(
                Field(
                    name="outcome",
                    label="結果",
                    kind=FieldKind.CHOICE,
                    choices=tuple((str(o), text) for o, text in CALL_OUTCOME_TEXT.items()),
                ),
            ),
        ),
    )
}
