"""What is asked when a venue is proposed, agreed on, prepared, opened and closed.

Belongs here: forms of a venue's steps. Does not belong here: who may take a step
(``domain.parties``), what it does (``domain.venue_case``).
"""

from collections.abc import Mapping

from domain.booking.venue_opening import KIT_TEXT, MODE_TEXT
from domain.forms import ActionForm, Asked, Field, FieldKind
from domain.parties import Action

_DAY = Field(name="day", label="日", kind=FieldKind.DAY)

FORMS: Mapping[Action, ActionForm] = {
    form.action: form
    for form in (
        ActionForm(action=Action.PROPOSE_VENUE, label="市に提案する"),
        ActionForm(
            action=Action.AGREE_VENUE,
            label="合意を記録する",
            fields=(
                Field(name="from_day", label="開設できる最初の日", kind=FieldKind.DAY),
                Field(name="to_day", label="開設できる最後の日", kind=FieldKind.DAY),
                Field(name="agreement", label="協議書"),
            ),
            consequence="この場所が契約に加わり、開設日を計画できるようになります。",
        ),
        ActionForm(action=Action.PREPARE_VENUE, label="準備を始める"),
        ActionForm(action=Action.OPEN_VENUE, label="開設を記録する"),
        ActionForm(
            action=Action.ARRANGE_DAY,
            label="その日の体制を決める",
            fields=(
                _DAY,
                Field(
                    name="officials",
                    label="立ち会う市の職員",
                    kind=FieldKind.ID,
                    required=False,
                ),
                Field(name="staff", label="委託先の担当", kind=FieldKind.ID, required=False),
                Field(
                    name="mode",
                    label="申請の方法",
                    kind=FieldKind.CHOICE,
                    choices=tuple((str(mode), text) for mode, text in MODE_TEXT.items()),
                ),
                Field(name="equipment", label="ほかに持って行くもの", required=False),
            ),
            consequence="もう一度記録すると、その日の体制が置き換わります。"
            "市の職員が決まっていない日は、始められません。",
        ),
        ActionForm(
            action=Action.START_DAY,
            label="開設の点検を記録して始める",
            fields=(
                _DAY,
                *(
                    Field(
                        name=f"kit_{item}",
                        label=f"{text}の数",
                        kind=FieldKind.COUNT,
                        required=False,
                    )
                    for item, text in KIT_TEXT.items()
                ),
            ),
            consequence="契約で要るものが一つでもないと、始められません。始めると来場者を受け付けられます。",
        ),
        ActionForm(
            action=Action.END_DAY,
            label="その日の終わりを記録する",
            fields=(
                _DAY,
                Field(name="leaflets", label="配ったチラシの数", kind=FieldKind.COUNT),
            ),
        ),
        ActionForm(
            action=Action.CLOSE_VENUE,
            label="開設の終了を記録する",
            reason=Asked.OPTIONAL,
            consequence="この会場の日は、もう決められません。報告は終わった後も見られます。",
        ),
        ActionForm(
            action=Action.WITHDRAW_VENUE,
            label="開設を取りやめる",
            reason=Asked.REQUIRED,
            consequence="この会場の日は、もう決められません。これから開く日が残っていると、取りやめられません。",
        ),
    )
}
