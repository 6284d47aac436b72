"""What staff are asked when they follow up a defect.

Belongs here: forms of its steps. Does not belong here: who may take them
(``domain.parties``), what they do (``defect``), when the person is tried again unless they
wished otherwise (``next_try``).
"""

from collections.abc import Mapping

from domain.calls.contact import MEANS_TEXT, OUTCOME_TEXT
from domain.forms import ActionForm, Asked, Field, FieldKind
from domain.parties import Action

_WISHED_HOURS = tuple(f"{hour:02d}:{minute:02d}" for hour in range(8, 21) for minute in (0, 30))

FORMS: Mapping[Action, ActionForm] = {
    form.action: form
    for form in (
        ActionForm(
            action=Action.RECORD_CONTACT_ATTEMPT,
            label="連絡を記録する",
            reason=Asked.OPTIONAL,
            fields=(
                Field(
                    name="means",
                    label="方法",
                    kind=FieldKind.CHOICE,
                    choices=tuple((str(each), text) for each, text in MEANS_TEXT.items()),
                ),
                Field(
                    name="outcome",
                    label="結果",
                    kind=FieldKind.CHOICE,
                    choices=tuple((str(each), text) for each, text in OUTCOME_TEXT.items()),
                ),
                Field(
                    name="next_on",
                    label="次の連絡日（空欄は自動）",
                    kind=FieldKind.DAY,
                    required=False,
                ),
                Field(
                    name="next_at",
                    label="次の連絡時刻（空欄は自動）",
                    kind=FieldKind.CHOICE,
                    required=False,
                    choices=tuple((at, at) for at in _WISHED_HOURS),
                ),
            ),
            consequence="電話番号などは書かないでください。次の連絡の期限が決まります。",
        ),
        ActionForm(
            action=Action.LINK_RETAKE,
            label="撮り直しの予約をつなぐ",
            fields=(Field(name="reservation", label="予約の番号", kind=FieldKind.ID),),
            consequence="来場したか、来なかったかは、予約から自動で分かります。",
        ),
        ActionForm(
            action=Action.RECORD_RESUBMISSION,
            label="再申請を記録して終える",
            fields=(
                Field(
                    name="receipt",
                    label="申請サイトに表示された受付番号",
                    kind=FieldKind.ID,
                ),
            ),
            consequence="元の申請は「カード待ち」に戻ります。",
        ),
        ActionForm(
            action=Action.RECORD_GIVING_UP,
            label="本人が申請を取りやめた",
            reason=Asked.REQUIRED,
            consequence="元の申請も取りやめになります。",
        ),
    )
}
