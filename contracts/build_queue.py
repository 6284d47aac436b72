"""Turns what a contract file says of waiting lines into rules.

Here: what its rows refer to, and that a desk serves what it may. Not here: who is called next
(``domain/queue``).
"""

from contracts.leaves import clause, value, word, words
from contracts.reading import Reader, Tree
from domain.queue.queue_rules import Line, Numbering, QueueDesk, QueueRules


def build_queue(reader: Reader, tree: Tree) -> QueueRules | None:
    """Return the rules of a contract, ``None`` without the section; wrong ones are noted."""
    row = tree.get("queue")
    if row is None:
        return None
    _check(reader, tree, row)
    if not reader.is_clean(("queue",)):
        return None
    return QueueRules(
        lines=tuple(_line(each) for each in row["lines"]),
        desks=tuple(_desk(each) for each in row["desks"]),
        calls_before_absent=value(row, "calls_before_absent"),
        residents_first=bool(value(row, "residents_first")),
        lines_apart=bool(value(row, "lines_apart")),
        clause=clause(row),
    )


def _check(reader: Reader, tree: Tree, row: Tree) -> None:
    channels = [word(each, "id") for each in tree.get("channels", [])]
    lines = [word(each, "id") for each in row.get("lines", [])]
    letters = [word(each, "letter") for each in row.get("lines", [])]
    apart = bool(value(row, "lines_apart"))
    for number, each in enumerate(row.get("lines", [])):
        path = ("queue", "lines", number)
        if word(each, "channel") not in channels:
            reader.complain(
                (*path, "channel"),
                f"あるのは {'、'.join(channels)} です。その一つにしてください",
            )
        if letters[number] in letters[:number] or lines[number] in lines[:number]:
            reader.complain(path, "列の名前と番号の頭の文字は、列ごとに別にしてください")
    for number, each in enumerate(row.get("desks", [])):
        path = ("queue", "desks", number)
        served = words(each, "lines")
        if not served or set(served) - set(lines):
            reader.complain(
                (*path, "lines"), f"あるのは {'、'.join(lines)} です。一つ以上を選んでください"
            )
        if apart and len(served) > 1:
            reader.complain((*path, "lines"), "列を分ける契約です。列は一つにしてください")


def _line(row: Tree) -> Line:
    return Line(
        id=word(row, "id"),
        label=word(row, "label"),
        letter=word(row, "letter"),
        channel=word(row, "channel"),
        numbering=Numbering(word(row, "numbering") or Numbering.ISSUED),
        clause=clause(row),
    )


def _desk(row: Tree) -> QueueDesk:
    return QueueDesk(
        id=word(row, "id"),
        label=word(row, "label"),
        lines=words(row, "lines"),
        clause=clause(row),
    )
