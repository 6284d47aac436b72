"""What a step asks, one question after the other.

An action asks for fields and perhaps a reason (``domain.forms``); a guide asks them singly,
each answer checked when it is given. Who may answer is not decided here.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from domain.forms import ActionForm, Asked, Field, FieldKind, checked

REASON = "reason"


class Answer(StrEnum):
    """How a question is answered."""

    ONE = "one"
    MANY = "many"
    TEXT = "text"
    LONG = "long"
    COUNT = "count"
    DAY = "day"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One thing that is asked."""

    name: str
    label: str
    answer: Answer
    required: bool
    choices: tuple[tuple[str, str], ...] = ()


_PLAIN = {
    FieldKind.TEXT: Answer.TEXT,
    FieldKind.ID: Answer.TEXT,
    FieldKind.COUNT: Answer.COUNT,
    FieldKind.DAY: Answer.DAY,
}
_NONE_OF_THEM = ("", "指定しない")


def questions_of(form: ActionForm) -> tuple[Question, ...]:
    """Return what an action asks; a reason that may be left out is no question of its own."""
    asked = [_of_field(field) for field in form.fields]
    if form.reason is Asked.REQUIRED:
        asked.append(Question(name=REASON, label="理由", answer=Answer.LONG, required=True))
    return tuple(asked)


def next_question(questions: Sequence[Question], seen: Collection[str]) -> Question | None:
    """Return the first question that was not asked yet."""
    return next((each for each in questions if each.name not in seen), None)


def check_answer(
    form: ActionForm, name: str, given: Mapping[str, str], *, confirmed: bool
) -> None:
    """Refuse an answer that could not be recorded, before the next question is asked.

    Raises:
        FieldMissing, ReasonMissing: It is missing or malformed.
        ForbiddenNumber, LooksLikeForbiddenNumber: It may not be kept.
    """
    if name == REASON:
        reason_only = ActionForm(action=form.action, label=form.label, reason=form.reason)
        checked(reason_only, {}, given.get(REASON), confirmed=confirmed)
        return
    field = next((each for each in form.fields if each.name == name), None)
    if field is not None:
        one = replace(form, fields=(field,), reason=Asked.NOT)
        checked(one, {name: given.get(name, "")}, None, confirmed=confirmed)


def _of_field(field: Field) -> Question:
    choices, answer = field.choices, _PLAIN.get(field.kind, Answer.ONE)
    if choices and (field.kind is FieldKind.ID or (len(choices) == 1 and not field.required)):
        answer = Answer.MANY
    elif choices:
        answer = Answer.ONE
        choices = choices if field.required else (*choices, _NONE_OF_THEM)
    return Question(
        name=field.name,
        label=field.label,
        answer=answer,
        required=field.required,
        choices=choices,
    )
