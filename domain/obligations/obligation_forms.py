"""What people are asked when they bring a promise of the contract further.

Belongs here: forms of its steps, and which of their fields this case needs. Does not belong
here: who may take them (``domain.parties``), what they do (``domain.obligations.obligation``).
"""

from collections.abc import Mapping
from dataclasses import replace

from domain.forms import ActionForm, Asked, Field, FieldKind
from domain.obligations.obligation import Obligation
from domain.obligations.terms import Nature
from domain.parties import Action

_REFERENCE = Field(name="reference", label="書類の名前と保管場所（個人の情報は書かない）")
_SECTIONS = Field(name="sections", label="書かれている項目", kind=FieldKind.ID, required=False)
_PROVISIONAL = Field(
    name="provisional",
    label="暫定版",
    kind=FieldKind.CHOICE,
    required=False,
    choices=(("yes", "暫定版（後で確定版を出す）"),),
)
_ITEM = Field(name="item", label="確認した項目", kind=FieldKind.ID, required=False)

FORMS: Mapping[Action, ActionForm] = {
    form.action: form
    for form in (
        ActionForm(
            action=Action.SUBMIT_VERSION,
            label="市へ提出する",
            consequence="提出した版は変えられません。直すときは新しい版を作ります。",
        ),
        ActionForm(
            action=Action.SAVE_VERSION,
            label="版を保存する",
            fields=(_REFERENCE, _SECTIONS, _PROVISIONAL),
        ),
        ActionForm(
            action=Action.APPROVE_VERSION,
            label="承認する",
            reason=Asked.OPTIONAL,
            consequence="この版が、使ってよい版になります。",
        ),
        ActionForm(action=Action.RETURN_VERSION, label="差し戻す", reason=Asked.REQUIRED),
        ActionForm(
            action=Action.RECORD_EVIDENCE,
            label="できたことを記録する",
            fields=(_ITEM, Field(name="evidence", label="確認したこと（記録の名前や番号）")),
        ),
        ActionForm(
            action=Action.AGREE_DAY,
            label="起点の日を入力する",
            fields=(
                Field(name="day", label="日", kind=FieldKind.DAY),
                Field(name="agreement", label="協議の記録"),
            ),
            consequence="期限は、この日から数え直されます。",
        ),
        ActionForm(
            action=Action.END_OBLIGATION,
            label="終える",
            reason=Asked.REQUIRED,
            consequence="新しい版は作れなくなります。これまでの版は残ります。",
        ),
    )
}


def narrowed(form: ActionForm, value: Obligation) -> ActionForm:
    """Return a form with only what this case has to be asked."""
    choices = tuple((str(n), text) for n, text in enumerate(value.terms.sections, 1))
    match form.action:
        case Action.SAVE_VERSION:
            again = "書きかけの版を直す" if value.draft else "新しい版を保存する"
            fields = (
                _REFERENCE,
                *((replace(_SECTIONS, choices=choices),) if choices else ()),
                *((_PROVISIONAL,) if value.may_be_provisional else ()),
            )
            return replace(form, label=again, fields=fields)
        case Action.RECORD_EVIDENCE if value.terms.publishes:
            where = Field(name="evidence", label="公開した場所（ページの住所、配った所など）")
            return replace(form, label="公開したことを記録する", fields=(where,))
        case Action.RECORD_EVIDENCE if value.terms.nature is Nature.MILESTONE:
            return replace(
                form,
                label=f"「{value.terms.label}」を記録する",
                fields=form.fields[1:],
                consequence="記録した時刻が、始まった時刻になります。取り消せません。",
            )
        case Action.RECORD_EVIDENCE:
            left = tuple(each for each in choices if int(each[0]) in value.open_items)
            item = replace(_ITEM, kind=FieldKind.CHOICE, required=True, choices=left)
            return replace(form, fields=(item, *form.fields[1:]))
        case Action.AGREE_DAY:
            day, agreement = form.fields
            named = replace(day, label=value.terms.agreed_day or day.label)
            again = "変える" if value.counted_from else "入力する"
            return replace(form, label=f"{named.label}を{again}", fields=(named, agreement))
    return form
