"""Turns the roster of a contract file into posts.

Here: what a row refers to. Not here: on which days a post wants somebody
(``domain/roster``).
"""

from contracts.leaves import clause, value, word, words
from contracts.lines import Path
from contracts.reading import Reader, Tree
from domain.roster.posts import Post


def build_roster(reader: Reader, tree: Tree) -> tuple[Post, ...]:
    """Return the posts of a contract; what is wrong is noted with the reader."""
    rows = tree.get("roster", [])
    known = {
        "calendars": ("暦", tuple(tree.get("calendars", {}))),
        "venue_calendar": ("暦", tuple(tree.get("calendars", {}))),
        "apart_from": ("役割", tuple(word(row, "id") for row in rows)),
        "due": ("期限", tuple(tree.get("due", {}))),
    }
    found = []
    for number, row in enumerate(rows):
        path: Path = ("roster", number)
        for key, (what, names) in known.items():
            several = key in {"calendars", "apart_from"}
            for name in words(row, key) if several else (word(row, key),):
                if name and name not in names:
                    message = (
                        f"「{name}」という{what}はありません。あるのは {'、'.join(names)} です"
                    )
                    reader.complain((*path, key), message)
        if reader.is_clean(path):
            post = _post(reader, path, row)
            found += [post] if post else []
    return tuple(found)


def _post(reader: Reader, path: Path, row: Tree) -> Post | None:
    try:
        return Post(
            id=word(row, "id"),
            label=word(row, "label"),
            calendars=words(row, "calendars"),
            venue_calendar=word(row, "venue_calendar"),
            each_place=bool(value(row, "each_place")),
            apart_from=words(row, "apart_from"),
            telephone=bool(value(row, "telephone")),
            seen_days=int(value(row, "seen_days")),
            due=word(row, "due"),
            clause=clause(row),
        )
    except ValueError as refused:
        reader.complain(path, f"値の組合せが正しくありません（{refused}）")
        return None
