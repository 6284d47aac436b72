"""``docs/rules.md`` names tests that exist, and holds the contracts' tables row by row."""

import re
from collections.abc import Iterator
from pathlib import Path

from contracts.loader import load
from domain.procedures.eligibility import OUTCOME_TEXT, QUESTION_TEXT, EligibilityRule, Outcome
from tests.contracts.cities import SLUGS

ROOT = Path(__file__).parents[2]
RULES = ROOT / "docs/rules.md"


def eligibility_rows() -> Iterator[str]:
    """Yield how each row of each city's decision table stands in the document."""
    for slug in SLUGS:
        contract = load(slug).contract
        labels = {row.code: row.label for row in contract.procedures}
        for rule in contract.eligibility:
            asked = "、".join(
                f"{QUESTION_TEXT[question]}→{'はい' if wanted else 'いいえ'}"
                for question, wanted in rule.when.items()
            )
            named = "、".join(labels[code] for code in rule.procedures)
            what = f"{contract.municipality} {rule.clause} | {named} | {asked or 'いつも'}"
            yield f"| {what} | {outcome_words(rule)} |"


def outcome_words(rule: EligibilityRule) -> str:
    """Return what becomes of the request, with where to or what is said."""
    if rule.outcome is Outcome.REFER:
        return f"{rule.destination}へ案内"
    said = "（マイナ免許証の注意を伝える）" if rule.advice else ""
    return OUTCOME_TEXT[rule.outcome] + said


def duty_rows() -> Iterator[str]:
    """Yield how each row of Yokosuka's table of duties stands in the document."""
    contract = load("yokosuka").contract
    for row in contract.duties:
        question = next(
            (
                fact.question
                for fact in contract.facts
                if fact.path == f"duties.{row.mark}.party" and fact.question
            ),
            "",
        )
        mark = f"{row.duty.ja}（{question}）" if question else row.duty.ja
        yield f"| {row.mark} | {row.text} | {mark} |"


def test_every_test_the_rules_name_exists() -> None:
    """A rule whose test was renamed has lost its proof."""
    named = set(re.findall(r"`(test_\w+)`", RULES.read_text("utf-8")))
    written = "".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    known = set(re.findall(r"^ *(?:async )?def (test_\w+)", written, re.MULTILINE))

    assert len(named) > 50
    assert set() == named - known


def test_the_rules_hold_every_row_of_the_contracts_tables() -> None:
    """Who is served, and whose work it is, can be read without a program."""
    text = RULES.read_text("utf-8")

    assert [] == [row for row in (*eligibility_rows(), *duty_rows()) if row not in text]
