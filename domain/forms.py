"""What the doer of an action is asked, and the check of what was answered.

One value for screens and programs alike: a form that is shown and a request that is
checked are the same. Which action asks what stands in ``actions``.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.case import require_reason
from domain.errors import FieldMissing, ForbiddenNumber
from domain.parties import Action
from domain.writing.individual_number import LENGTH, check_digit_fits
from domain.writing.privacy import refuse_forbidden

FieldValue = str | int | bool | None

_LONGEST_TEXT = 2000
_MOST_IDS_CHARACTERS = 200_000
_IDS = re.compile(r"[!-~]{1,128}(?: +[!-~]{1,128})*", re.ASCII)


class FieldKind(StrEnum):
    """How something is asked for."""

    TEXT = "text"
    ID = "id"
    """One id of ours, or several with blanks between them; nobody writes them by hand."""

    CHOICE = "choice"
    COUNT = "count"
    DAY = "day"


class Asked(StrEnum):
    """Whether the doer has to say why."""

    NOT = "not"
    OPTIONAL = "optional"
    REQUIRED = "required"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One thing an action asks for."""

    name: str
    label: str
    kind: FieldKind = FieldKind.TEXT
    required: bool = True
    choices: tuple[tuple[str, str], ...] = ()
    """Value and words of each choice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionForm:
    """One action as a button with a verb and what it asks."""

    action: Action
    label: str
    reason: Asked = Asked.NOT
    fields: tuple[Field, ...] = ()
    consequence: str = ""
    """What the doer should know before; empty where nothing follows but the step."""


def checked(
    form: ActionForm,
    given: Mapping[str, object],
    reason: str | None,
    *,
    confirmed: bool,
) -> tuple[str | None, dict[str, FieldValue]]:
    """Return reason and fields as the form asks for them, free of forbidden numbers.

    Args:
        form: What is asked.
        given: What was sent; names the form does not know are refused.
        reason: Why.
        confirmed: Whether a person says that what looks like a forbidden number is none.

    Raises:
        FieldMissing: Something is missing, malformed or not asked for.
        ReasonMissing: The form wants a reason.
        ForbiddenNumber, LooksLikeForbiddenNumber: A text may not be kept.
    """
    unknown = set(given) - {field.name for field in form.fields}
    if unknown:
        raise FieldMissing("この操作にない項目が送られています。")
    why = require_reason(reason) if form.reason is Asked.REQUIRED else (reason or "").strip()
    if len(why) > _LONGEST_TEXT:
        raise FieldMissing(f"理由は{_LONGEST_TEXT}文字までです。")
    refuse_forbidden(why, confirmed=confirmed)
    fields = {
        field.name: _read(field, given[field.name], confirmed=confirmed)
        for field in form.fields
        if given.get(field.name) not in (None, "")
    }
    for field in form.fields:
        if field.required and field.name not in fields:
            raise FieldMissing(f"「{field.label}」を入力してください。")
    return why or None, fields


def _read(field: Field, value: object, *, confirmed: bool) -> FieldValue:
    text = str(value).strip()
    match field.kind:
        case FieldKind.CHOICE:
            if text not in {choice for choice, _ in field.choices}:
                raise FieldMissing(f"「{field.label}」は選択肢から選んでください。")
            return text
        case FieldKind.COUNT:
            if isinstance(value, bool) or not (text.isascii() and text.isdecimal()):
                raise FieldMissing(f"「{field.label}」は0以上の数で入力してください。")
            return int(text[:9])
        case FieldKind.DAY:
            try:
                return date.fromisoformat(text).isoformat()
            except ValueError:
                raise FieldMissing(f"「{field.label}」は年-月-日で入力してください。") from None
        case FieldKind.ID:
            return _ids(field, text)
        case FieldKind.TEXT:
            if len(text) > _LONGEST_TEXT:
                raise FieldMissing(f"「{field.label}」が長すぎます。")
            refuse_forbidden(text, confirmed=confirmed)
            return text


def _ids(field: Field, text: str) -> str:
    """Return ids as they are.

    Looking for numbers inside them would refuse one random id in a thousand; an id that
    is nothing but an Individual Number is none.
    """
    if len(text) > _MOST_IDS_CHARACTERS or not _IDS.fullmatch(text):
        raise FieldMissing(f"「{field.label}」が正しくありません。")
    for each in text.split():
        refuse_individual_number(each)
    return text


def refuse_individual_number(each: str) -> None:
    """Refuse an id that is nothing but an Individual Number.

    Raises:
        ForbiddenNumber: It is one.
    """
    if len(each) == LENGTH and each.isascii() and each.isdigit() and check_digit_fits(each):
        raise ForbiddenNumber("マイナンバーのような番号は使えません。")
