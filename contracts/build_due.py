"""Turns the due section of a contract file into due rules.

Here: the rule of each entry, and which of its parts are assumed. Not here: counting
(``domain/deadlines/due_rules.py``).
"""

from contracts.leaves import at_time, clause, on_day, value, word
from contracts.lines import Path
from contracts.reading import Reader, Tree
from domain.contract import Fact
from domain.deadlines.due_rules import (
    Base,
    DueRule,
    DueType,
    FirstDay,
    LadderStep,
    Roll,
    Unit,
    WarningPoint,
)
from domain.parties import Party, Role

_NOT_THE_CONTRACTS = (DueType.PROMPTLY, DueType.NOT_STATED)
_EVENT_UNITS = (Unit.CALENDAR_DAYS, Unit.OPEN_DAYS, Unit.HOURS, Unit.MINUTES)


def build_due_rules(
    reader: Reader, section: Tree, calendars: tuple[str, ...]
) -> tuple[DueRule, ...]:
    """Return the due rules of a contract; what is wrong is noted with the reader."""
    rules = []
    for rule_id, tree in section.items():
        path: Path = ("due", rule_id)
        named = word(tree, "calendar")
        if named and named not in calendars:
            message = f"「{named}」という暦はありません。あるのは {'、'.join(calendars)} です"
            reader.complain((*path, "calendar"), message)
        rule = _rule(reader, rule_id, tree, path)
        if rule is not None:
            rules.append(rule)
    return tuple(rules)


def _rule(reader: Reader, rule_id: str, tree: Tree, path: Path) -> DueRule | None:
    if not reader.is_clean(path):
        return None
    kind, unit = DueType(word(tree, "type")), Unit(word(tree, "unit") or Unit.NOT_SET)
    if not _complete(reader, tree, unit, path):
        return None
    try:
        return DueRule(
            id=rule_id,
            label=word(tree, "label"),
            due_type=kind,
            unit=unit,
            anchor=word(tree, "anchor"),
            anchor_label=word(tree, "anchor_label"),
            amount=value(tree, "amount"),
            at=at_time(tree, "at"),
            on=on_day(tree, "on"),
            first_day=FirstDay(word(tree, "first_day") or FirstDay.DAY_AFTER),
            roll=Roll(word(tree, "roll") or Roll.NONE),
            calendar=word(tree, "calendar"),
            warnings=_warnings(tree),
            ladder=_ladder(tree),
            contractual=kind not in _NOT_THE_CONTRACTS,
            owed_by=Party(word(tree, "owed_by") or Party.PROVIDER),
            clause=clause(tree),
            assumed=_assumed(tree),
        )
    except ValueError as refused:
        reader.complain(path, f"値の組合せが正しくありません（{refused}）")
        return None


def _complete(reader: Reader, tree: Tree, unit: Unit, path: Path) -> bool:
    """Say in Japanese what a rule of this unit lacks; the domain would only say no."""
    missing = []
    counted = (*_EVENT_UNITS, Unit.DAY_OF_NEXT_MONTH, Unit.OPEN_DAY_OF_NEXT_MONTH)
    if unit in counted and value(tree, "amount") is None:
        missing.append("amount（数）")
    if unit in _EVENT_UNITS and not (word(tree, "anchor") and word(tree, "anchor_label")):
        missing.append("anchor と anchor_label（起点）")
    if unit is Unit.EXACT_DATE and value(tree, "on") is None:
        missing.append("on（日付）")
    if missing:
        reader.complain(path, f"unit = {unit} には {'、'.join(missing)} が要ります")
    return not missing


def _warnings(tree: Tree) -> tuple[WarningPoint, ...]:
    return tuple(
        WarningPoint(
            before=value(row, "before") or 0, unit=Unit(word(row, "unit") or Unit.OPEN_DAYS)
        )
        for row in tree.get("warn", [])
    )


def _ladder(tree: Tree) -> tuple[LadderStep, ...]:
    return tuple(
        LadderStep(
            role=Role(word(row, "role")),
            after=Base(word(row, "after") or Base.DUE),
            delay=value(row, "delay") or 0,
            unit=Unit(word(row, "unit") or Unit.OPEN_DAYS),
            every=value(row, "every") or 0,
        )
        for row in tree.get("ladder", [])
    )


def _assumed(tree: Tree) -> tuple[str, ...]:
    """Name the questions behind the assumed parts, or the part where none is asked."""
    found = {
        fact.question or key
        for key, fact in tree.items()
        if isinstance(fact, Fact) and fact.assumed
    }
    return tuple(sorted(found))
