"""Turns the procedures and the table of duties of a contract file into values.

Here: their rows and what they refer to. Not here: which steps follow from both together
(``domain/procedures/procedure_plan.py``).
"""

from collections.abc import Iterable

from contracts.leaves import clause, on_day, value, word, words
from contracts.lines import Path
from contracts.reading import Reader, Tree
from domain.citywork.city_record import What
from domain.contract import Fact
from domain.contract_parts import Duty, DutyRow, Procedure, StepParty
from domain.procedures.procedure_parts import Group, Receiver, StepKind


def check_procedures(reader: Reader, tree: Tree) -> None:
    """Note what procedures and duties refer to and is not there."""
    marks = tree.get("duties", {})
    codes = [word(row, "code") for row in tree.get("procedures", [])]
    for number, row in enumerate(tree.get("procedures", [])):
        path: Path = ("procedures", number)
        if value(row, "delegable") is False and word(row, "party") != Duty.CITY:
            reader.complain((*path, "party"), "委託できない手続きは city にしてください")
        _known(reader, (*path, "variant_of"), word(row, "variant_of"), codes, "手続き")
        _known(reader, (*path, "mark"), word(row, "mark"), marks, "行")
    for mark, row in marks.items():
        for covered in words(row, "covers"):
            _known(reader, ("duties", mark, "covers"), covered, marks, "行")
        if word(row, "step") == StepKind.CHECK and word(row, "party") != Duty.CITY:
            reader.complain(("duties", mark, "party"), "照合は city にしてください")


def build_procedure(row: Tree) -> Procedure:
    """Return one row of the catalogue."""
    return Procedure(
        code=word(row, "code"),
        label=word(row, "label"),
        duty=Duty(word(row, "party")),
        channels=words(row, "channels"),
        types=words(row, "types"),
        includes=words(row, "includes"),
        handoff=bool(value(row, "handoff")),
        delegable=value(row, "delegable") is not False,
        legal_basis=word(row, "legal_basis"),
        group=Group(word(row, "group")) if word(row, "group") else None,
        valid_from=on_day(row, "valid_from"),
        valid_to=on_day(row, "valid_to"),
        agreement=word(row, "agreement"),
        steps=tuple(StepKind(step) for step in words(row, "steps")),
        receivers=tuple(Receiver(each) for each in words(row, "receivers")),
        variant_of=word(row, "variant_of"),
        mark=word(row, "mark"),
        assigned=_assigned(row.get("parties", {})),
        delivers_card=bool(value(row, "delivers_card")),
        clause=clause(row),
    )


def build_duty(mark: str, row: Tree) -> DutyRow:
    """Return one row of the table that divides the work."""
    step = word(row, "step")
    return DutyRow(
        mark=mark,
        text=word(row, "text"),
        duty=Duty(word(row, "party")),
        covers=words(row, "covers"),
        step=StepKind(step) if step else None,
        ambiguous=word(row, "ambiguous"),
        records=tuple(What(each) for each in words(row, "records")),
        clause=clause(row),
    )


def _assigned(tree: Tree) -> tuple[StepParty, ...]:
    return tuple(
        StepParty(step=StepKind(step), duty=Duty(str(fact.value)), clause=fact.clause)
        for step, fact in tree.items()
        if isinstance(fact, Fact) and fact.value is not None
    )


def _known(reader: Reader, path: Path, name: str, known: Iterable[str], what: str) -> None:
    names = list(known)
    if name and name not in names:
        reader.complain(
            path, f"「{name}」という{what}はありません。あるのは {'、'.join(names)} です"
        )
