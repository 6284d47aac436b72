"""Actions as forms on a page: what is asked, what was typed before, where it goes.

Which actions there are, and what they ask, comes from ``domain.actions``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from api.pages.desk.sending import Failed
from domain.actions import form_of
from domain.case import CaseKind
from domain.forms import ActionForm, FieldKind
from domain.lots.card import Step as CardStep
from domain.lots.lot import BULK, BY_SLIP, Lot
from domain.lots.lot import Step as LotStep
from domain.parties import Action
from store.cases import CaseFile
from store.lots import Slip

_MOST_CARDS_TO_TICK = 400
"""A longer list of boxes is no choice any more; then it is all or by the way they leave."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownField:
    """One thing a form asks, with what stands in it now."""

    name: str
    label: str
    kind: str
    required: bool
    choices: tuple[tuple[str, str], ...] = ()
    empty: str = "選んでください"
    """What a list of choices says while nothing is chosen."""

    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownForm:
    """One action as a page shows it."""

    id: str
    action: str
    label: str
    to: str
    reason: str = "not"
    consequence: str = ""
    note: str = ""
    fields: tuple[ShownField, ...] = ()
    hidden: Mapping[str, str] = field(default_factory=dict)
    why: str = ""
    """The reason typed before."""

    failed: Failed | None = None


def shown(form: ActionForm, case_id: str) -> ShownForm:
    """Return the form of an action of a case."""
    return ShownForm(
        id=f"do-{form.action}",
        action=form.action,
        label=form.label,
        to=f"/cases/{case_id}/actions/{form.action}",
        reason=form.reason,
        consequence=form.consequence,
        fields=tuple(
            ShownField(
                name=field.name,
                label=field.label,
                kind="boxes" if field.kind is FieldKind.ID and field.choices else field.kind,
                required=field.required,
                choices=field.choices,
                empty="選んでください" if field.required else "指定しない",
            )
            for field in form.fields
        ),
    )


def with_failure(forms: Sequence[ShownForm], failed: Failed | None) -> list[ShownForm]:
    """Return the forms, the refused one with what was typed in it."""
    if failed is None:
        return list(forms)
    return [
        replace(
            form,
            failed=failed,
            why=failed.typed.get("reason", ""),
            fields=tuple(
                replace(field, value=failed.typed.get(field.name, "")) for field in form.fields
            ),
        )
        if form.id == failed.form
        else form
        for form in forms
    ]


def lot_forms(
    forms: Sequence[ActionForm],
    case_id: str,
    ready: Mapping[CardStep, Sequence[CaseFile]],
    slips: Sequence[Slip],
    lot: Lot,
) -> list[ShownForm]:
    """Return the forms of a lot: only steps for which cards are ready or slips wait."""
    found = []
    for form in forms:
        word = str(form.action)
        step = LotStep(word) if word in set(LotStep) else None
        made = shown(form, case_id)
        if step is None or step not in BULK:
            found.append(_by_bundle(made, lot))
        elif step in BY_SLIP:
            if slips:
                found.append(_by_slip(made, slips))
        elif ready.get(BULK[step]):
            found.append(_by_cards(made, ready[BULK[step]]))
    return found


def slip_form(action: Action, slip: Slip) -> ShownForm:
    """Return the form that settles one slip, for where slips wait for an official."""
    made = shown(form_of(CaseKind.LOT, action), slip.lot_id)
    return replace(
        made,
        id=f"do-{action}-{slip.slip_id}",
        label=made.label.removeprefix("まとめて"),
        fields=tuple(field for field in made.fields if field.name != "slip_id"),
        hidden={"slip_id": slip.slip_id, "back": "/"},
    )


def slip_words(slip: Slip) -> str:
    """Return what a slip is called in a list of choices."""
    return f"引渡し票 第{slip.number}号（{slip.quantity}件）"


def failed_form_id(case_id: str, action: str, given: Mapping[str, Any], back: str) -> str:
    """Return which form of its page was refused."""
    if back != "/":
        return f"do-{action}"
    if "bundle" in given:
        return f"do-{action}-{case_id}-{given['bundle']}"
    return f"do-{action}-{given.get('slip_id', case_id)}"


def bundle_form(lot: Lot, number: int) -> ShownForm:
    """Return the form that settles one bundle of papers."""
    made = shown(form_of(CaseKind.LOT, Action.ACKNOWLEDGE_DOCUMENTS), lot.case_id)
    return replace(
        made,
        id=f"do-{made.action}-{lot.case_id}-{number}",
        fields=tuple(field for field in made.fields if field.name != "bundle"),
        hidden={"bundle": str(number), "back": "/"},
    )


def _by_bundle(made: ShownForm, lot: Lot) -> ShownForm:
    choices = tuple(
        (str(bundle.number), f"書類引渡し票 第{bundle.number}号（{bundle.total}枚）")
        for bundle in lot.bundles
        if bundle.waiting
    )
    return replace(
        made,
        fields=tuple(
            replace(field, kind=str(FieldKind.CHOICE), label="書類引渡し票", choices=choices)
            if field.name == "bundle"
            else field
            for field in made.fields
        ),
    )


def _by_slip(made: ShownForm, slips: Sequence[Slip]) -> ShownForm:
    choices = tuple((slip.slip_id, slip_words(slip)) for slip in slips)
    return replace(
        made,
        fields=tuple(
            replace(field, kind=str(FieldKind.CHOICE), choices=choices)
            if field.name == "slip_id"
            else field
            for field in made.fields
        ),
    )


def _by_cards(made: ShownForm, cards: Sequence[CaseFile]) -> ShownForm:
    choices = tuple((file.ref.case_id, file.case_number) for file in cards)
    few = len(choices) <= _MOST_CARDS_TO_TICK
    fields = []
    for asked in made.fields:
        if asked.name == "cards" and few:
            fields.append(replace(asked, kind="cards", choices=choices))
        elif asked.name == "route":
            fields.append(replace(asked, empty="すべて"))
        elif asked.name != "cards":
            fields.append(asked)
    return replace(made, note=f"{len(cards)}件が対象です。", fields=tuple(fields))
