"""Turns the obligations of a contract file into terms, with what a deliverable says of them.

Here: what a row takes over from the document of the same name, and what it refers to. Not
here: what an obligation is (``domain.obligations``).
"""

from contracts.leaves import clause, value, word, words
from contracts.lines import Path
from contracts.reading import Reader, Tree
from domain.obligations.terms import Counts, Nature, ObligationTerms

_FROM_THE_CONTRACT = "contract_date"
"""The anchor whose day stands in the contract itself; any other one is agreed on."""


def build_obligations(reader: Reader, tree: Tree) -> tuple[ObligationTerms, ...]:
    """Return the obligations of a contract; what is wrong is noted with the reader."""
    papers = {word(row, "id"): row for row in tree.get("deliverables", [])}
    channels = [word(row, "id") for row in tree.get("channels", [])]
    found = []
    for number, row in enumerate(tree.get("obligations", [])):
        path: Path = ("obligations", number)
        paper = papers.get(word(row, "code"), {})
        _check(reader, path, row, tree.get("due", {}), channels)
        _known_calendar(reader, path, row, tree.get("calendars", {}))
        if reader.is_clean(path):
            terms = _terms(reader, path, row, paper, tree.get("due", {}))
            found += [terms] if terms else []
    return tuple(found)


def _check(reader: Reader, path: Path, row: Tree, rules: Tree, channels: list[str]) -> None:
    due = word(row, "due")
    if due and due not in rules:
        known = "、".join(rules)
        reader.complain(
            (*path, "due"), f"「{due}」という期限はありません。あるのは {known} です"
        )
    for name in words(row, "holds"):
        if name not in channels:
            known = "、".join(channels)
            message = f"「{name}」という受付方法はありません。あるのは {known} です"
            reader.complain((*path, "holds"), message)


def _known_calendar(reader: Reader, path: Path, row: Tree, calendars: Tree) -> None:
    name = word(row, "hours_of")
    if name and name not in calendars:
        known = "、".join(calendars)
        message = f"「{name}」という暦はありません。あるのは {known} です"
        reader.complain((*path, "hours_of"), message)


def _terms(
    reader: Reader, path: Path, row: Tree, paper: Tree, rules: Tree
) -> ObligationTerms | None:
    due = word(row, "due") or word(paper, "due")
    try:
        return ObligationTerms(
            code=word(row, "code"),
            label=word(row, "label") or word(paper, "label"),
            nature=Nature(word(row, "nature") or Nature.DOCUMENT),
            due=due or None,
            counts=Counts(word(row, "counts") or Counts.SUBMISSION),
            approval=bool(value(row, "approval")),
            sections=words(row, "sections") or words(paper, "contents"),
            provisional=bool(value(row, "provisional")),
            conflict=word(row, "conflict"),
            agreed_day=_agreed(rules.get(due, {})),
            holds=words(row, "holds"),
            articles=bool(value(row, "articles")),
            publishes=bool(value(row, "publishes")),
            hours_of=word(row, "hours_of"),
            clause=clause(row),
        )
    except ValueError as refused:
        reader.complain(path, f"値の組合せが正しくありません（{refused}）")
        return None


def _agreed(rule: Tree) -> str:
    return "" if word(rule, "anchor") == _FROM_THE_CONTRACT else word(rule, "anchor_label")
