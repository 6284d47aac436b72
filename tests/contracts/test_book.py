"""A case keeps the rules it began with, whatever happens to the file."""

from datetime import date

import pytest

from contracts import book as books
from contracts.book import ContractBook
from contracts.loader import load, load_text
from domain.contract import calendar_of
from domain.errors import UnknownContract


def test_a_version_whose_file_was_edited_is_built_from_what_was_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """
    Files change while cases run; holidays come along, or dates would move with a library.
    """
    used = load("ota")
    kept = ContractBook(lambda _slug, _version: None).document(used)
    edited = load_text(
        kept["text"].replace("amount = { value = 14", "amount = { value = 21"), "ota.toml"
    )
    monkeypatch.setattr(books, "load_versions", lambda _slug: (edited,))
    book = ContractBook(lambda _slug, version: kept if version == used.version else None)

    pinned = book.pinned("ota", used.version)

    assert edited.version != used.version
    assert used.contract == pinned
    assert not calendar_of(pinned, "counter").day(date(2026, 9, 22)).open


def test_a_version_nobody_kept_is_refused() -> None:
    """
    Guessing the rules of a running case would be worse than stopping.
    """
    with pytest.raises(UnknownContract):
        ContractBook(lambda _slug, _version: None).pinned("ota", "0" * 64)
