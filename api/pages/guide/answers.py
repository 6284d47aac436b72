"""What was answered on a guide's page, and which question comes next.

Answers travel in the form until all are given; then the step is taken. Nothing is kept before.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self

from api.pages.desk.sending import Failed, Sent
from api.pages.guide.guide_words import Words
from api.pages.guide.guided import ELSEWHERE, Guided
from domain.errors import ActionUnknown
from domain.forms import ActionForm, Asked
from domain.guidance.questions import (
    REASON,
    Question,
    check_answer,
    next_question,
    questions_of,
)
from domain.parties import Action

_AT_LEAST = 2
"""Questions before what begins is known."""

_OURS = frozenset({"do", "asked", "seen"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What was answered so far."""

    action: Action | None = None
    """What they are for; ``None``: the step that is due."""

    asked: str = ""
    """The question that was answered last."""

    seen: tuple[str, ...] = ()
    """What was asked before it."""

    given: Mapping[str, str] = field(default_factory=dict)
    confirmed: bool = False
    back: bool = False

    @classmethod
    def of(cls, posted: Sent) -> Self:
        """Read what a form sent.

        Raises:
            ActionUnknown: It names no action.
        """
        if posted.text("do") not in set(Action):
            raise ActionUnknown("この案件にない操作です。")
        return cls(
            action=Action(posted.text("do")),
            asked=posted.text("asked"),
            seen=tuple(posted.text("seen").split()),
            given={name: text for name, text in posted.given.items() if name not in _OURS},
            confirmed=posted.text("confirmed") == "yes",
            back=bool(posted.text("back")),
        )

    def returned(self) -> Self:
        """Return them with the question before asked again."""
        return replace(self, asked="", seen=self.seen[:-1], back=False)

    def forward(self, form: ActionForm) -> Self:
        """Return them with the last answer checked and taken.

        Raises:
            FieldMissing, ReasonMissing: It is missing or malformed.
            ForbiddenNumber, LooksLikeForbiddenNumber: It may not be kept.
        """
        if not self.asked:
            return self
        check_answer(form, self.asked, self.given, confirmed=self.confirmed)
        return replace(self, asked="", seen=(*self.seen, self.asked))

    def body(self, form: ActionForm) -> dict[str, object]:
        """Return what is told to the case: the answers that its form knows."""
        names = {each.name for each in form.fields} & set(self.seen)
        body: dict[str, object] = {n: text for n, text in self.given.items() if n in names}
        if form.reason is not Asked.NOT and self.given.get(REASON):
            body[REASON] = self.given[REASON]
        return body | {"confirmed": self.confirmed}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What a page asks now."""

    action: Action
    label: str
    question: Question | None
    """``None``: nothing but whether it is done."""

    words: str
    """How it is asked."""

    chosen: str
    """What stands chosen or typed in it."""

    number: int
    total: int
    seen: tuple[str, ...]
    carried: Mapping[str, str]
    """Answers that were given before."""

    consequence: str
    notes: bool
    """Whether something may be written besides."""

    elsewhere: tuple[str, str] | None = None
    """Button and page, where it takes more than answers."""

    @property
    def last(self) -> bool:
        """Tell whether the step is taken with this answer."""
        return self.number >= self.total


def asking(
    guided: Guided,
    words: Mapping[str, Words],
    name: str,
    action: Action,
    answers: Answers,
    failed: Failed | None = None,
) -> Asking:
    """Return what is asked next of an action.

    Args:
        guided: The case.
        words: The words in force.
        name: The name of the action's words.
        action: Which.
        answers: What was answered.
        failed: What was refused, if anything; then its question is asked again.
    """
    if action in ELSEWHERE:
        return _elsewhere(guided, action)
    form = guided.form(action, answers.given)
    questions = questions_of(form)
    question = next_question(questions, answers.seen)
    if question is None and questions:
        # All was answered and still refused: the last one is asked again.
        question = questions[-1]
    seen = tuple(each for each in answers.seen if question is None or each != question.name)
    said = words[name].ask if name in words else {}
    typed = failed.typed if failed else answers.given
    suggested = guided.step.suggested if action is guided.step.action else {}
    # What is begun asks as answers call for it: more may come.
    more = action in {Action.ADD_PROCEDURE, Action.ADD_APPLICATION} and len(seen) < _AT_LEAST
    return Asking(
        action=action,
        label=form.label,
        question=question,
        words=said.get(question.name, question.label) if question else "",
        chosen="" if question is None else _chosen(question, typed, suggested),
        number=len(seen) + 1,
        total=max(len(questions), 1) + more,
        seen=seen,
        carried={n: t for n, t in typed.items() if n in seen},
        consequence=form.consequence,
        notes=form.reason is Asked.OPTIONAL,
    )


def _chosen(question: Question, typed: Mapping[str, str], suggested: Mapping[str, str]) -> str:
    if question.name in typed:
        return typed[question.name]
    only = question.choices[0][0] if question.required and len(question.choices) == 1 else ""
    return suggested.get(question.name, only)


def _elsewhere(guided: Guided, action: Action) -> Asking:
    label, page = ELSEWHERE[action]
    return Asking(
        action=action,
        label=label,
        question=None,
        words="",
        chosen="",
        number=1,
        total=1,
        seen=(),
        carried={},
        consequence="",
        notes=False,
        elsewhere=(label, page.format(case_id=guided.file.ref.case_id)),
    )
