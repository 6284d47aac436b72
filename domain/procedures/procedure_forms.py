"""What people are asked when they take a step of a procedure.

Belongs here: forms of its steps, and which of their fields this case needs. Does not belong
here: who may take them (``domain.parties``), what they do (``domain.procedures.procedure``).
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from domain.forms import ActionForm, Asked, Field, FieldKind
from domain.parties import Action, Party
from domain.procedures import identity_documents as shown
from domain.procedures.procedure import Procedure, step_words
from domain.procedures.procedure_parts import RECEIVER_TEXT, Receiver, StepKind


def _choices(words: Mapping[Any, str]) -> tuple[tuple[str, str], ...]:
    return tuple((str(value), text) for value, text in words.items())


def _choice(name: str, label: str, words: Mapping[Any, str], **more: bool) -> Field:
    return Field(name=name, label=label, kind=FieldKind.CHOICE, choices=_choices(words), **more)


def _tick(name: str, label: str, yes: str) -> Field:
    return Field(
        name=name,
        label=label,
        kind=FieldKind.CHOICE,
        required=False,
        choices=(("yes", yes),),
    )


_KINDS = tuple(
    (str(each), f"{'A' if each in shown.LIST_A else 'B'}　{text}")
    for each, text in shown.DOCUMENT_TEXT.items()
)


def _kinds(name: str, label: str) -> Field:
    return Field(name=name, label=label, kind=FieldKind.ID, required=False, choices=_KINDS)


_OF_PERSON = _kinds("documents", "本人の書類（番号は書かない）")
_OF_OTHER = _kinds("representative_documents", "代理人の書類（番号は書かない）")
_TOGETHER = _tick("together", "本人も来庁していますか", "本人も一緒に来庁している")
_AUTHORITY = _choice(
    "authority", "法定代理人であることの確認", shown.AUTHORITY_TEXT, required=False
)
_MANDATE = _tick("mandate", "委任状", "委任状（カードの交付では回答書も）を確認した")
_REASON = _choice(
    "proxy_reason", "本人が来庁できない理由", shown.PROXY_REASON_TEXT, required=False
)
_PROOF = _choice("proof", "その資料", shown.PROOF_TEXT, required=False)

_PARTY = Field(
    name="party",
    label="行う側",
    kind=FieldKind.CHOICE,
    choices=((str(Party.PROVIDER), "委託先（委）"), (str(Party.CITY), "市（市）")),
)
_BACK_TO = Field(
    name="back_to",
    label="どの手順からやり直すか",
    kind=FieldKind.CHOICE,
    required=False,
    choices=tuple((str(kind), str(kind)) for kind in StepKind if kind is not StepKind.CHECK),
)

FORMS: Mapping[Action, ActionForm] = {
    form.action: form
    for form in (
        ActionForm(
            action=Action.TAKE_IN_DOCUMENTS,
            label="書類を確認したことを記録する",
            fields=(_OF_PERSON, _TOGETHER, _OF_OTHER, _AUTHORITY, _MANDATE, _REASON, _PROOF),
            consequence="書類の種類だけを記録します。番号や画像は残しません。",
        ),
        ActionForm(
            action=Action.CONFIRM_IDENTITY,
            label="本人であることを確認した",
            consequence="確認した職員の名前が履歴に残ります。",
        ),
        ActionForm(
            action=Action.RECORD_PIN_SET,
            label="本人が暗証番号を設定したことを記録する",
            consequence="暗証番号は、聞かず、書かず、この画面にも入れません。",
        ),
        ActionForm(action=Action.CARRY_OUT, label="手続を行ったことを記録する"),
        ActionForm(action=Action.PRINT_ON_CARD, label="券面に印字したことを記録する"),
        ActionForm(action=Action.RECORD_RECEIPT, label="受領を確認したことを記録する"),
        ActionForm(
            action=Action.PASS_CHECK,
            label="照合して、誤りがない",
            consequence="手続を行った人とは別の職員が照合します。手続はこれで完了します。",
        ),
        ActionForm(
            action=Action.FAIL_CHECK,
            label="差し戻す",
            reason=Asked.REQUIRED,
            fields=(_BACK_TO,),
            consequence="委託先がその手順からやり直し、もう一度照合を待ちます。",
        ),
        ActionForm(
            action=Action.DECIDE_PARTY,
            label="どちらが行うかを決める",
            reason=Asked.REQUIRED,
            fields=(_PARTY,),
            consequence="決めた人の名前と理由が履歴に残ります。",
        ),
        ActionForm(
            action=Action.CHANGE_RECEIVER,
            label="来た人の区分を変える",
            reason=Asked.REQUIRED,
            fields=(_choice("receiver", "来た人", RECEIVER_TEXT),),
            consequence="担当が変わることがあります。書類は、もう一度確認します。",
        ),
        ActionForm(
            action=Action.END_PROCEDURE, label="手続を取りやめる", reason=Asked.REQUIRED
        ),
    )
}


def narrowed(form: ActionForm, value: Procedure) -> ActionForm:
    """Return a form with only what this case has to be asked."""
    match form.action:
        case Action.TAKE_IN_DOCUMENTS:
            return replace(form, fields=_shown_for(value))
        case Action.CARRY_OUT if value.plan.delivers_card:
            return replace(form, label="カードを渡したことを記録する")
        case Action.CARRY_OUT:
            return replace(form, label=f"「{value.plan.label}」を行ったことを記録する")
        case Action.CHANGE_RECEIVER:
            others = tuple(
                (str(plan.receiver), RECEIVER_TEXT[plan.receiver])
                for plan in value.plans
                if plan.receiver is not value.receiver
            )
            return replace(form, fields=(replace(form.fields[0], choices=others),))
        case Action.FAIL_CHECK:
            redone = tuple(
                (str(each.kind), step_words(each.kind, value.plan))
                for each in value.done
                if each.party is Party.PROVIDER
            )
            return replace(form, fields=(replace(form.fields[0], choices=redone),))
    return form


def _shown_for(value: Procedure) -> tuple[Field, ...]:
    cards = value.plan.delivers_card
    match value.receiver:
        case Receiver.SELF:
            return (_OF_PERSON,)
        case Receiver.LEGAL_REPRESENTATIVE:
            with_person = (_OF_PERSON, _TOGETHER) if cards else ()
            return (*with_person, _OF_OTHER, _AUTHORITY)
        case Receiver.PROXY:
            of_card = (_OF_PERSON, _REASON, _PROOF) if cards else ()
            return (_OF_OTHER, _MANDATE, *of_card)
