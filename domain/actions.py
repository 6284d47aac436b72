"""What can be done with a case now, by whom, and what the doer is asked.

One table for screens and programs alike. Whether a step is possible is the case's to say
(``card`` and its neighbours), whose duty it is stands in ``parties``, how an answer is
checked in ``forms``.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from domain import handoff, handoff_forms
from domain.applications import application_forms, application_parts
from domain.applications.application import Application
from domain.booking import reservation_forms, venue_case, venue_forms
from domain.booking.reservation import Reservation
from domain.booking.reservation_parts import STAGE_TEXT as RESERVATION_STAGE_TEXT
from domain.booking.venue_case import Venue
from domain.calls import call_forms, external_entry, inquiry
from domain.calls.contact import CALL_OUTCOME_TEXT
from domain.calls.external_entry import ExternalEntry
from domain.calls.inquiry import Inquiry
from domain.case import CaseKind
from domain.citywork import city_forms, city_record
from domain.citywork.city_record import CityRecord
from domain.deadlines.deadline import Deadline
from domain.deadlines.suspension import REVIEW_AFTER
from domain.defects import defect_forms, defect_parts
from domain.defects.defect import Defect
from domain.errors import ActionUnknown
from domain.forms import ActionForm, Asked, Field, FieldKind
from domain.handoff import Handoff
from domain.incidents import forms as incident_forms
from domain.incidents import kinds as incident_kinds
from domain.incidents.incident import Incident
from domain.lots import bundle, card, lot, returned_mail
from domain.lots.card import Card
from domain.lots.lot import Lot
from domain.lots.returned_mail import ReturnedMail
from domain.obligations import obligation, obligation_forms
from domain.obligations.obligation import Obligation
from domain.parties import Action, Role, Standing, allowed
from domain.procedures import procedure_forms, visit
from domain.procedures.procedure import Procedure
from domain.procedures.procedure_parts import STAGE_TEXT as PROCEDURE_STAGE_TEXT
from domain.procedures.visit import Visit
from domain.queue import ticket, ticket_forms
from domain.queue.ticket import Ticket
from domain.sending import list_sending, list_sending_forms
from domain.sending.list_sending import ListSending

Value = (
    Card
    | Lot
    | Handoff
    | Incident
    | ReturnedMail
    | Visit
    | Reservation
    | ListSending
    | Procedure
    | ExternalEntry
    | Inquiry
    | Defect
    | CityRecord
    | Application
    | Venue
    | Obligation
    | Ticket
)


def _choices(words: Mapping[Any, str]) -> tuple[tuple[str, str], ...]:
    return tuple((str(value), text) for value, text in words.items())


_ROUTES = (card.Route.PICKUP_NOTICE, card.Route.MAIL_TO_APPLICANT)
_ROUTE = Field(
    name="route",
    label="受取方法",
    kind=FieldKind.CHOICE,
    required=False,
    choices=tuple((str(route), card.ROUTE_TEXT[route]) for route in _ROUTES),
)
_TERMINAL = Field(name="terminal", label="統合端末の番号")
_COUNT = Field(name="count", label="受け取った件数", kind=FieldKind.COUNT)
_SLIP = Field(name="slip_id", label="引渡し票", kind=FieldKind.ID)
_CARDS = Field(
    name="cards", label="対象のカード（空欄は全部）", kind=FieldKind.ID, required=False
)
_MAIL = Field(
    name="mail_kind",
    label="送り方",
    kind=FieldKind.CHOICE,
    choices=(("registered_mail", "簡易書留"), ("restricted_delivery_mail", "本人限定受取郵便")),
)

_CARD: Mapping[Action, ActionForm] = {
    form.action: form
    for form in (
        ActionForm(
            action=Action.DECIDE_MISMATCH,
            label="不一致の扱いを決める",
            reason=Asked.REQUIRED,
            fields=(
                Field(
                    name="decision",
                    label="判断",
                    kind=FieldKind.CHOICE,
                    choices=_choices(card.DECISION_TEXT),
                ),
                _ROUTE,
            ),
            consequence="判断した人の名前と理由が履歴に残ります。期限は変わりません。",
        ),
        ActionForm(
            action=Action.RECORD_PRE_ISSUE_SETUP,
            label="交付前設定を記録する",
            fields=(_TERMINAL,),
        ),
        ActionForm(action=Action.MAKE_NOTICE, label="交付通知書を作成する"),
        ActionForm(action=Action.SEAL, label="封緘を記録する"),
        ActionForm(
            action=Action.UPDATE_DESTINATION,
            label="送付先情報の更新を記録する",
            fields=(_TERMINAL,),
        ),
        ActionForm(action=Action.PREPARE_DISPATCH, label="発送準備を記録する", fields=(_MAIL,)),
        ActionForm(
            action=Action.HAND_OVER,
            label="市職員へ引き渡す",
            consequence="市職員が受領するまで、期限は止まりません。",
        ),
        ActionForm(action=Action.ACKNOWLEDGE_RECEIPT, label="受領する", fields=(_COUNT,)),
        ActionForm(action=Action.REFUSE_RECEIPT, label="差し戻す", reason=Asked.REQUIRED),
        ActionForm(
            action=Action.TAKE_BACK,
            label="一つ前に戻す",
            reason=Asked.REQUIRED,
            consequence="作成済みの通知書は無効になります。期限は変わりません。",
        ),
    )
}

_BUNDLE = Field(name="bundle", label="書類引渡し票の番号", kind=FieldKind.COUNT)

_LOT: Mapping[Action, ActionForm] = {
    form.action: form
    for form in (
        ActionForm(
            action=Action.SETTLE_DISCREPANCY, label="数の相違を説明する", reason=Asked.REQUIRED
        ),
        ActionForm(
            action=Action.REGISTER_DOCUMENTS,
            label="書類を市職員へ引き渡す",
            fields=tuple(
                Field(name=kind, label=text, kind=FieldKind.COUNT, required=False)
                for kind, text in bundle.PAPER_TEXT.items()
            ),
            consequence="市職員が受領するまで、この納品分は完了しません。",
        ),
        ActionForm(
            action=Action.ACKNOWLEDGE_DOCUMENTS,
            label="書類を受領する",
            fields=(_BUNDLE, replace(_COUNT, label="受け取った枚数")),
        ),
        replace(
            _CARD[Action.TAKE_BACK], label="書類を取り戻す", fields=(_BUNDLE,), consequence=""
        ),
    )
} | {
    Action(step): replace(
        _CARD[Action(step)],
        label=f"まとめて{_CARD[Action(step)].label}",
        fields=(
            (_SLIP, *_CARD[Action(step)].fields)
            if step in lot.BY_SLIP
            else (*_CARD[Action(step)].fields, _CARDS, replace(_ROUTE, label="受取方法で絞る"))
        ),
    )
    for step in lot.BULK
}

_RETURNED: Mapping[Action, ActionForm] = {
    form.action: form
    for form in (
        ActionForm(
            action=Action.RECORD_CONTACT_ATTEMPT,
            label="連絡を記録する",
            reason=Asked.OPTIONAL,
            fields=(
                Field(
                    name="outcome",
                    label="結果",
                    kind=FieldKind.CHOICE,
                    choices=_choices(CALL_OUTCOME_TEXT),
                ),
            ),
        ),
        ActionForm(action=Action.RESEND, label="再送する", reason=Asked.OPTIONAL),
        ActionForm(action=Action.KEEP_ITEM, label="保管する", reason=Asked.REQUIRED),
        ActionForm(
            action=Action.HAND_ITEM_TO_OFFICIAL,
            label="市職員へ引き渡す",
            reason=Asked.REQUIRED,
        ),
        ActionForm(action=Action.ACKNOWLEDGE_RECEIPT, label="受領する"),
        ActionForm(action=Action.REFUSE_RECEIPT, label="差し戻す", reason=Asked.REQUIRED),
    )
}

_VISIT: Mapping[Action, ActionForm] = {
    Action.RECORD_CONSENT: application_forms.CONSENT,
    Action.CLOSE_VISIT: ActionForm(
        action=Action.CLOSE_VISIT,
        label="対応を終える",
        reason=Asked.OPTIONAL,
        fields=(
            Field(
                name="result",
                label="結果",
                kind=FieldKind.CHOICE,
                choices=_choices(visit.CLOSING_TEXT),
            ),
        ),
    ),
    Action.WRAP_UP_VISIT: ActionForm(
        action=Action.WRAP_UP_VISIT,
        label="休止のため切り上げる",
        reason=Asked.REQUIRED,
        consequence="来庁者に案内したこと（次に来る日など）を理由に書いてください。",
    ),
    Action.TAKE_CHARGE: ActionForm(action=Action.TAKE_CHARGE, label="担当を代わる"),
}

_FORMS: Mapping[CaseKind, Mapping[Action, ActionForm]] = {
    CaseKind.CARD: _CARD,
    CaseKind.LOT: _LOT,
    CaseKind.HANDOFF: handoff_forms.FORMS,
    CaseKind.INCIDENT: incident_forms.FORMS,
    CaseKind.RETURNED_MAIL: _RETURNED,
    CaseKind.VISIT: _VISIT,
    CaseKind.RESERVATION: reservation_forms.FORMS,
    CaseKind.LIST_SENDING: list_sending_forms.FORMS,
    CaseKind.PROCEDURE: procedure_forms.FORMS,
    CaseKind.EXTERNAL_ENTRY: call_forms.ENTRY_FORMS,
    CaseKind.INQUIRY: call_forms.INQUIRY_FORMS,
    CaseKind.DEFECT: defect_forms.FORMS,
    CaseKind.CITY_RECORD: city_forms.FORMS,
    CaseKind.APPLICATION: application_forms.FORMS,
    CaseKind.VENUE: venue_forms.FORMS,
    CaseKind.OBLIGATION: obligation_forms.FORMS,
    CaseKind.TICKET: ticket_forms.FORMS,
}

_COMMON: Mapping[Action, ActionForm] = {
    form.action: form
    for form in (
        handoff_forms.OFFER,
        handoff_forms.ESCALATE,
        city_forms.LETTER,
        ActionForm(
            action=Action.SUSPEND_DEADLINE,
            label="期限を停止する",
            reason=Asked.REQUIRED,
            fields=(
                Field(
                    name="until",
                    label=f"再確認日（空欄は{REVIEW_AFTER.days}日後）",
                    kind=FieldKind.DAY,
                    required=False,
                ),
            ),
            consequence="再確認日になると、停止を続けるかを確かめる案件として知らせます。",
        ),
        ActionForm(action=Action.RESUME_DEADLINE, label="期限を再開する"),
        ActionForm(
            action=Action.EXTEND_DEADLINE,
            label="期限を延長する",
            reason=Asked.REQUIRED,
            fields=(Field(name="until", label="新しい期限", kind=FieldKind.DAY),),
        ),
    )
}


_WITHOUT_HANDOFFS = frozenset(
    {CaseKind.HANDOFF, CaseKind.OBLIGATION, CaseKind.CITY_RECORD, CaseKind.TICKET}
)
"""Where nothing is offered to an official but by a step of the kind itself."""


def form_of(kind: CaseKind, action: str) -> ActionForm:
    """Return the form of an action, whether or not it is possible now.

    Raises:
        ActionUnknown: Cases of this kind know no such action.
    """
    if action in set(Action):
        known = _FORMS[kind].get(Action(action))
        if known is None:
            known = _COMMON.get(Action(action))
        if known is not None:
            return known
    raise ActionUnknown("この案件にない操作です。")


def forms_now(
    kind: CaseKind, value: Value, deadline: Deadline | None, role: Role
) -> tuple[ActionForm, ...]:
    """Return what ``role`` may do with the case now, the ordinary step first."""
    if isinstance(value, Application) and not value.open_to(role):
        return ()
    possible = [Action(step) for step in value.steps()]
    if not value.closed and kind not in _WITHOUT_HANDOFFS:
        possible += [Action.OFFER_HANDOFF] if may_be_offered(value) else []
        possible += [Action.ESCALATE, Action.SEND_LETTER]
    if not value.closed and deadline is not None:
        stopped = deadline.suspended is not None
        possible.append(Action.RESUME_DEADLINE if stopped else Action.SUSPEND_DEADLINE)
        possible.append(Action.EXTEND_DEADLINE)
    return tuple(
        _narrowed(form_of(kind, action), value)
        for action in possible
        if allowed(role, action, _standing(value, action))
    )


def may_be_offered(value: Value) -> bool:
    """Say whether an official can be asked now, as far as the case is concerned."""
    return not isinstance(value, Defect) or value.may_be_offered


def _standing(value: Value, action: Action) -> Standing:
    if isinstance(value, Lot) and action.value in {step.value for step in lot.OFFERED}:
        return Standing.OFFERED
    if isinstance(value, Reservation | Procedure):
        return value.standing_for(action)
    return value.standing


def _narrowed(form: ActionForm, value: Value) -> ActionForm:
    """Ask only what this case leaves open."""
    if isinstance(value, Procedure):
        return procedure_forms.narrowed(form, value)
    if isinstance(value, Application):
        return application_forms.narrowed(form, value)
    if isinstance(value, Obligation):
        return obligation_forms.narrowed(form, value)
    if not isinstance(value, Card) or form.action is not Action.DECIDE_MISMATCH:
        return form
    left = {str(decision) for decision in card.open_decisions(value.result)}
    decision, route = form.fields
    fields = [replace(decision, choices=tuple(c for c in decision.choices if c[0] in left))]
    if value.listed_route is None:
        fields.append(route)
    return replace(form, fields=tuple(fields))


STAGE_TEXT: Mapping[CaseKind, Mapping[str, str]] = {
    CaseKind.CARD: {str(stage): text for stage, text in card.STAGE_TEXT.items()},
    CaseKind.LOT: {str(stage): text for stage, text in lot.STAGE_TEXT.items()},
    CaseKind.HANDOFF: {str(stage): text for stage, text in handoff.STAGE_TEXT.items()},
    CaseKind.INCIDENT: {str(s): text for s, text in incident_kinds.STAGE_TEXT.items()},
    CaseKind.RETURNED_MAIL: {
        str(stage): text for stage, text in returned_mail.STAGE_TEXT.items()
    },
    CaseKind.VISIT: {str(stage): text for stage, text in visit.STAGE_TEXT.items()},
    CaseKind.RESERVATION: {str(stage): text for stage, text in RESERVATION_STAGE_TEXT.items()},
    CaseKind.LIST_SENDING: {
        str(stage): text for stage, text in list_sending.STAGE_TEXT.items()
    },
    CaseKind.PROCEDURE: {str(stage): text for stage, text in PROCEDURE_STAGE_TEXT.items()},
    CaseKind.EXTERNAL_ENTRY: {
        str(stage): text for stage, text in external_entry.STAGE_TEXT.items()
    },
    CaseKind.INQUIRY: {str(stage): text for stage, text in inquiry.STAGE_TEXT.items()},
    CaseKind.CITY_RECORD: {str(stage): text for stage, text in city_record.STAGE_TEXT.items()},
    CaseKind.DEFECT: {str(stage): text for stage, text in defect_parts.STAGE_TEXT.items()},
    CaseKind.APPLICATION: {
        str(stage): text for stage, text in application_parts.STAGE_TEXT.items()
    },
    CaseKind.VENUE: {str(stage): text for stage, text in venue_case.STAGE_TEXT.items()},
    CaseKind.OBLIGATION: {str(stage): text for stage, text in obligation.STAGE_TEXT.items()},
    CaseKind.TICKET: {str(stage): text for stage, text in ticket.STAGE_TEXT.items()},
}
"""The word for each stage of each kind of case."""
