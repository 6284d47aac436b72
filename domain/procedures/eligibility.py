"""Whether somebody is served here, sent on, or handed to an official: one decision table.

Each contract states rows; the first that fits decides, and names its clause. A row that
asks for an answer nobody has given yet stops the reading: then the answer is asked for, so
nobody is sent away, or served, on a guess. Whose work a procedure is stands with the
procedure (``domain.contract_parts.Procedure``), what to bring in
``domain.catalogue.required_documents``.

Sources: Urasoe specification §7, §8(2)イ; Ota §6(1)②; Chiba 第2-1(1)ウ; Yokosuka §7.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """What becomes of a request."""

    SERVE = "serve"
    SERVE_AFTER_OTHERS = "serve_after_others"
    """Served as far as the work allows: whoever has a better right goes first (Urasoe §7)."""

    REFER = "refer"
    """Told where it is done; counted, but nothing is begun here."""

    HAND_OFF = "hand_off"
    """Taken in here and carried on by an official."""


OUTCOME_TEXT: Mapping[Outcome, str] = {
    Outcome.SERVE: "この窓口で対応します",
    Outcome.SERVE_AFTER_OTHERS: "ほかの方の対応に支障のない範囲で対応します",
    Outcome.REFER: "ほかの窓口をご案内します",
    Outcome.HAND_OFF: "市の職員に引き継ぎます",
}


class Question(StrEnum):
    """What may have to be known before it can be decided."""

    RESIDENT = "resident"
    CERTIFICATE_VALID = "certificate_valid"
    CODED_FORM = "coded_form"
    REISSUE = "reissue"
    PAPER = "paper"
    LICENCE_ON_CARD = "licence_on_card"


QUESTION_TEXT: Mapping[Question, str] = {
    Question.RESIDENT: "この市に住民登録がありますか",
    Question.CERTIFICATE_VALID: "利用者証明用電子証明書は有効ですか",
    Question.CODED_FORM: "二次元コードのある交付申請書をお持ちですか",
    Question.REISSUE: "紛失などによる再発行ですか",
    Question.PAPER: "紙の申請書での申請ですか",
    Question.LICENCE_ON_CARD: "マイナ免許証をお持ちですか",
}

Answers = Mapping[Question, bool]
"""What is known; a question that is missing was not asked yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EligibilityRule:
    """One row of a contract's table."""

    when: Mapping[Question, bool]
    """Every one of these; empty: always."""

    outcome: Outcome
    procedures: tuple[str, ...] = ()
    """Codes of the contract's catalogue; empty: whatever is asked for."""

    destination: str = ""
    """The window where it is done, for whoever is sent on."""

    procedure_there: str = ""
    """What it is called there."""

    advice: str = ""
    """What is said to the person besides; recorded as said."""

    clause: str = ""

    def __post_init__(self) -> None:
        if self.outcome is Outcome.REFER and not self.destination.strip():
            raise ValueError("whoever is sent on must be told where")

    def concerns(self, procedure: str) -> bool:
        """Say whether the row is about ``procedure``."""
        return not self.procedures or procedure in self.procedures


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What was decided, by which row, and what has to be said."""

    outcome: Outcome
    rule: EligibilityRule | None
    """``None``: no row of the contract objects."""

    advice: tuple[str, ...] = ()
    """Warnings of rows that let the request pass but must be said (マイナ免許証)."""

    @property
    def clause(self) -> str:
        """Where the contract says so."""
        return self.rule.clause if self.rule else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unanswered:
    """It cannot be decided before this is asked."""

    question: Question


def judge(
    rules: Iterable[EligibilityRule], procedure: str, answers: Answers
) -> Verdict | Unanswered:
    """Decide by the first row that fits; rows with advice alone let the next decide.

    Args:
        rules: The contract's table, in its order.
        procedure: Code of what is asked for.
        answers: What is known so far.
    """
    said: list[str] = []
    for rule in _about(rules, procedure):
        unknown = _first_unknown(rule, answers)
        if unknown is not None:
            return Unanswered(question=unknown)
        if not _fits(rule, answers):
            continue
        if rule.outcome is Outcome.SERVE and rule.when and rule.advice:
            said.append(rule.advice)
            continue
        if rule.advice:
            said.append(rule.advice)
        return Verdict(outcome=rule.outcome, rule=rule, advice=tuple(said))
    return Verdict(outcome=Outcome.SERVE, rule=None, advice=tuple(said))


def questions(rules: Iterable[EligibilityRule], procedure: str) -> tuple[Question, ...]:
    """Return what may have to be asked for a procedure, in the order of the table."""
    asked = [question for rule in _about(rules, procedure) for question in rule.when]
    return tuple(dict.fromkeys(asked))


def _about(rules: Iterable[EligibilityRule], procedure: str) -> Iterator[EligibilityRule]:
    return (rule for rule in rules if rule.concerns(procedure))


def _first_unknown(rule: EligibilityRule, answers: Answers) -> Question | None:
    """Return what must be asked; nothing if an answer that is known rules the row out."""
    if any(answers[q] is not wanted for q, wanted in rule.when.items() if q in answers):
        return None
    return next((question for question in rule.when if question not in answers), None)


def _fits(rule: EligibilityRule, answers: Answers) -> bool:
    return all(answers.get(question) is wanted for question, wanted in rule.when.items())
