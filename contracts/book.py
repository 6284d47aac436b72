"""The contracts in force, and the versions that running cases have pinned.

Files give what holds today. A case keeps the rules it began with, also when its file has
been edited since: then the text comes from wherever the caller keeps it.
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from contracts.loader import FOLDER, LoadedContract, load, load_all, load_text, load_versions
from domain.calendars.day_rules import NationalHolidays
from domain.contract import Contract
from domain.errors import UnknownContract

Kept = Callable[[str, str], dict[str, Any] | None]
"""Asks for what ``document`` gave when a version was first used: ``(slug, version)``."""

_HOLIDAYS: TypeAdapter[NationalHolidays] = TypeAdapter(NationalHolidays)


class ContractBook:
    """Contracts by slug, and by the version a case has pinned."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept
        self._pinned: dict[tuple[str, str], Contract] = {}

    def slugs(self) -> tuple[str, ...]:
        """Return the slugs of all contracts."""
        return tuple(loaded.contract.slug for loaded in load_all())

    def current(self, slug: str, on: date | None = None) -> LoadedContract:
        """Return the version that holds on a day, or the newest.

        Raises:
            UnknownContract: There is none.
        """
        return load(slug, on)

    def document(self, loaded: LoadedContract) -> dict[str, Any]:
        """Return what has to be kept of a version to build it again, as JSON."""
        text = Path(FOLDER / loaded.filename).read_text(encoding="utf-8")
        holidays = _HOLIDAYS.dump_python(loaded.contract.holidays, mode="json")
        return {"filename": loaded.filename, "text": text, "holidays": holidays}

    def pinned(self, slug: str, version: str) -> Contract:
        """Return the version that a case began with.

        Raises:
            UnknownContract: Neither a file nor the keeper of old versions has it.
        """
        known = self._pinned.get((slug, version))
        if known is None:
            known = self._pinned[slug, version] = self._find(slug, version)
        return known

    def _find(self, slug: str, version: str) -> Contract:
        for loaded in load_versions(slug):
            if loaded.version == version:
                return loaded.contract
        kept = self._kept(slug, version)
        if kept is None:
            raise UnknownContract("この案件が始まったときの契約ファイルが見つかりません")
        holidays = _HOLIDAYS.validate_python(kept["holidays"])
        return load_text(kept["text"], kept["filename"], holidays).contract
