"""Turns the section on defective applications of a contract file into rules.

Here: what the section refers to, and that every hour in it is one at which somebody calls.
Not here: what follows from the rules (``domain/defects``).
"""

from datetime import time

from contracts.leaves import clause, value, word, words
from contracts.lines import Path
from contracts.reading import Reader, Tree
from domain.calendars.calendar import Calendar
from domain.defects.defect_rules import DUE_RULES, DefectRules

_PATH: Path = ("defects",)


def build_defects(
    reader: Reader, tree: Tree, calendars: tuple[Calendar, ...]
) -> DefectRules | None:
    """Return the rules of a contract, ``None`` without the section; wrong ones are noted."""
    row = tree.get("defects")
    if row is None:
        return None
    missing = [rule for rule in DUE_RULES if rule not in tree.get("due", {})]
    if missing:
        reader.complain(_PATH, f"[due] に {'、'.join(missing)} が要ります")
    calendar = next((each for each in calendars if each.name == word(row, "calendar")), None)
    if calendar is None and word(row, "calendar"):
        message = "この名前の暦はありません。電話できる日と時間の暦を書いてください"
        reader.complain((*_PATH, "calendar"), message)
    hours = _hours(reader, row, calendar)
    if not reader.is_clean(_PATH) or calendar is None:
        return None
    return DefectRules(
        calendar=calendar.name,
        tries=value(row, "tries"),
        try_at=hours,
        letter_wait_days=value(row, "letter_wait_days"),
        own_wait_days=value(row, "own_wait_days"),
        clause=clause(row),
    )


def _hours(reader: Reader, row: Tree, calendar: Calendar | None) -> tuple[time, ...]:
    found = []
    for text in words(row, "try_at"):
        try:
            at = time.fromisoformat(text)
        except ValueError:
            reader.complain(
                (*_PATH, "try_at"), f"「{text}」は 10:00 のような時刻にしてください"
            )
            continue
        if calendar is not None and not any(
            opening.hours.opens <= at < (opening.hours.closes or time.max)
            for opening in calendar.openings
        ):
            reader.complain((*_PATH, "try_at"), f"{text} は電話できる時間の外です")
        found.append(at)
    return tuple(found)
