"""Finding Japanese texts by words that nobody divides: pairs of folded characters.

Belongs here: the fold, the pairs, how good a hit is. Does not belong here: which texts there
are (``api.knowledge``), names of people (``domain.writing.text``).

The database's own text search knows no Japanese without extensions, and trigrams need one:
some hundreds of texts are searched in memory within a millisecond or two.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

_TO_KATAKANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}
_LEAST_SHARE = 0.6
"""Of the pairs of a word: with fewer, a text has other words than this one."""

_IN_TITLE, _IN_BODY = 10.0, 3.0
_NEAR_TITLE, _NEAR_BODY = 6.0, 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One text to be found."""

    key: int
    title: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Folded:
    key: int
    title: str
    body: str
    title_pairs: frozenset[str]
    pairs: frozenset[str]


def folded(text: str) -> str:
    """Return a text as it is compared: width, case, kana and signs make no difference."""
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_TO_KATAKANA)
    return "".join(each if each.isalnum() or each == "ー" else " " for each in plain)


def pairs(text: str) -> frozenset[str]:
    """Return the pairs of neighbours in a folded text; a sign by itself stands for itself."""
    found: set[str] = set()
    for run in text.split():
        found |= {run[at : at + 2] for at in range(len(run) - 1)} or {run}
    return frozenset(found)


class Index:
    """Some hundreds of texts, ready to be searched; never changed once it is made."""

    def __init__(self, texts: Iterable[Text]) -> None:
        """Fold every text once."""
        self._texts = tuple(_fold(text) for text in texts)

    def search(self, query: str) -> tuple[int, ...]:
        """Return the keys of the texts that have every word, the best first.

        A word counts where it stands as it is, or where most of its pairs do:
        暗証番号を忘れた finds 暗証番号を忘れたとき and 暗証番号を忘れました alike.
        """
        words = [(word, pairs(word)) for word in folded(query).split()]
        if not words:
            return ()
        found = []
        for text in self._texts:
            scores = [_score(text, word, halves) for word, halves in words]
            if all(scores):
                found.append((-sum(scores), text.key))
        return tuple(key for _, key in sorted(found))


def _fold(text: Text) -> _Folded:
    title, body = folded(text.title), folded(text.body)
    in_title = pairs(title)
    return _Folded(
        key=text.key,
        title=title,
        body=body,
        title_pairs=in_title,
        pairs=in_title | pairs(body),
    )


def _score(text: _Folded, word: str, halves: frozenset[str]) -> float:
    if word in text.title:
        return _IN_TITLE
    if word in text.body:
        return _IN_BODY
    in_title = len(halves & text.title_pairs) / len(halves)
    if in_title >= _LEAST_SHARE:
        return _NEAR_TITLE * in_title
    anywhere = len(halves & text.pairs) / len(halves)
    return _NEAR_BODY * anywhere if anywhere >= _LEAST_SHARE else 0.0
