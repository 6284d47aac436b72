"""What is asked when a venue is proposed, agreed on, prepared, opened and closed.

Belongs here: forms of a venue's steps. Does not belong here: who may take a step
(``domain.parties``), what it does (``domain.venue_case``).
"""

from collections.abc import Mapping

from domain.forms import ActionForm, Asked, Field, FieldKind
from domain.parties import Action

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
