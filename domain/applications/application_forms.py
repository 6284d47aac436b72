"""What people are asked when they take a step of an application.

Belongs here: forms of its steps. Does not belong here: who may take them
(``domain.parties``), what they do (``application``), the photo, which comes as a file.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from domain.applications.application import Application
from domain.applications.application_parts import Stage, StepKind
from domain.applications.defect_kinds import DEFECT_TEXT
from domain.forms import ActionForm, Asked, Field, FieldKind
from domain.parties import Action
from domain.procedures import consent

FORM_ID = Field(
    name="form_id",
    label="交付申請書の二次元コード（または申請書ID 23桁）",
    kind=FieldKind.ID,
)
_RECEIPT = Field(name="receipt", label="申請サイトに表示された受付番号", kind=FieldKind.ID)
_DEFECT = Field(
    name="defect",
    label="不備の内容",
    kind=FieldKind.CHOICE,
    choices=tuple((str(kind), text) for kind, text in DEFECT_TEXT.items()),
)


def _choice(name: str, label: str, words: Mapping[Any, str]) -> Field:
    choices = tuple((str(value), text) for value, text in words.items())
    return Field(name=name, label=label, kind=FieldKind.CHOICE, choices=choices)


CONSENT = ActionForm(
    action=Action.RECORD_CONSENT,
    label="同意の確認を記録する",
    fields=(
        _choice("consenter", "答えた人", consent.CONSENTER_TEXT),
        _choice("answer", "答え", consent.CONSENT_TEXT),
        _choice("means", "確認の方法", consent.CONSENT_MEANS_TEXT),
    ),
    consequence="同意されないときは、何も残さずに来庁の対応を終えます。",
)
"""Of a visit, before anything is begun in it."""

FORMS: Mapping[Action, ActionForm] = {
    form.action: form
    for form in (
        ActionForm(
            action=Action.READ_FORM_ID,
            label="申請書IDを確認する",
            fields=(FORM_ID,),
        ),
        ActionForm(
            action=Action.PRINT_PHOTO,
            label="写真を印刷する",
            consequence="印刷用の紙面（PDF）ができます。「写真」の欄から開いて、"
            "モバイルプリンターで実際のサイズ（100%）で印刷します。",
        ),
        ActionForm(
            action=Action.PASTE_PHOTO,
            label="貼ったことを確認する",
            consequence="確認すると、写真と印刷用の紙面はこの端末からも保管庫からも消えます。",
        ),
        ActionForm(
            action=Action.RECORD_SUBMISSION,
            label="申請を送信したことを記録する",
            fields=(_RECEIPT,),
            consequence="写真はこのときに消えます。",
        ),
        ActionForm(
            action=Action.RECEIVE_FORM,
            label="記入済みの申請書を受け付けたことを記録する",
            consequence="申請書は市へ渡します。",
        ),
        ActionForm(
            action=Action.HAND_TO_RESIDENT,
            label="申請書を本人へ渡したことを記録する",
            consequence="本人が投函します。カードが届くか不備の連絡があるまで待ちます。",
        ),
        ActionForm(
            action=Action.REPORT_DEFECT,
            label="申請不備を記録する",
            reason=Asked.OPTIONAL,
            fields=(_DEFECT,),
            consequence="不備の対応が終わるまで、この申請は止まります。",
        ),
        ActionForm(action=Action.RECORD_CARD_ARRIVAL, label="カードが届いたことを記録する"),
        ActionForm(
            action=Action.WITHDRAW_APPLICATION,
            label="申請を取りやめる",
            reason=Asked.REQUIRED,
        ),
        ActionForm(
            action=Action.TAKE_OVER_APPLICATION,
            label="市が引き取って終える",
            reason=Asked.REQUIRED,
            consequence="この申請は、ここから先は市が扱います。",
        ),
    )
}


def narrowed(form: ActionForm, value: Application) -> ActionForm:
    """Return a form with only what this case has to be asked, and what follows from it."""
    if form.action is Action.READ_FORM_ID:
        kept = "申請書IDは案件とともに暗号化して残ります。"
        said = kept if value.keeps_form_id else "申請書IDは確かめるだけで、残しません。"
        return replace(form, consequence=said)
    photo = StepKind.PHOTO in value.planned
    if form.action is Action.RECORD_SUBMISSION and not photo:
        return replace(form, consequence="")
    if form.action is Action.WITHDRAW_APPLICATION and value.stage is Stage.WAITING:
        return replace(form, consequence="申請サイトでの取りやめは、本人が行います。")
    return form
