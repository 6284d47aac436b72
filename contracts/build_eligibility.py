"""Turns the eligibility section of a contract file into the rows of a decision table.

Here: what a row needs and what it refers to. Not here: how the table is read
(``domain/procedures/eligibility.py``).
"""

from contracts.leaves import clause, value, word, words
from contracts.lines import Path
from contracts.reading import Reader, Tree
from domain.procedures.eligibility import EligibilityRule, Outcome, Question


def build_eligibility(reader: Reader, tree: Tree) -> tuple[EligibilityRule, ...]:
    """Return the rows of a contract; what is wrong is noted with the reader."""
    codes = tuple(word(each, "code") for each in tree.get("procedures", []))
    rules = []
    for number, row in enumerate(tree.get("eligibility", [])):
        path: Path = ("eligibility", number)
        for code in words(row, "procedures"):
            if code not in codes:
                known = "、".join(codes)
                message = f"「{code}」という手続きはありません。あるのは {known} です"
                reader.complain((*path, "procedures"), message)
        outcome = word(row, "outcome")
        if outcome == Outcome.REFER and not word(row, "destination"):
            message = "outcome = refer には destination（案内先）が要ります"
            reader.complain((*path, "outcome"), message)
        if outcome == Outcome.SERVE and not word(row, "advice"):
            message = "outcome = serve の行には advice（伝えること）が要ります"
            reader.complain((*path, "outcome"), message)
        if reader.is_clean(path):
            rules.append(_rule(row))
    return tuple(rules)


def _rule(row: Tree) -> EligibilityRule:
    asked = {question: value(row, question.value) for question in Question}
    return EligibilityRule(
        when={question: wanted for question, wanted in asked.items() if wanted is not None},
        outcome=Outcome(word(row, "outcome")),
        procedures=words(row, "procedures"),
        destination=word(row, "destination"),
        procedure_there=word(row, "procedure_there"),
        advice=word(row, "advice"),
        clause=clause(row),
    )
