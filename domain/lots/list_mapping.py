"""Which column of a city's list is which, as a value that the contract file fills.

Belongs here: fields, accepted header names, date styles, the city's own words. Does not
belong here: any city's names: no public format exists, so they are data.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from domain.lots.card_rows import ReceiptKind, ResidentStatus
from domain.writing.eras import ANY_STYLE, DateStyle


class ListKind(StrEnum):
    """The three lists of a lot."""

    ISSUE_LIST = "issue_list"
    RESIDENT = "resident"
    CARD_FACE = "card_face"


KIND_TEXT: Mapping[ListKind, str] = {
    ListKind.ISSUE_LIST: "カード交付一覧表",
    ListKind.RESIDENT: "住民登録",
    ListKind.CARD_FACE: "券面",
}

_PERSON = ("inquiry_number", "name", "birth", "address")
REQUIRED: Mapping[ListKind, tuple[str, ...]] = {
    ListKind.ISSUE_LIST: (*_PERSON, "receipt", "delivered_on"),
    ListKind.RESIDENT: (*_PERSON, "status"),
    ListKind.CARD_FACE: _PERSON,
}
"""Fields without which a list is not this list."""

OPTIONAL: Mapping[ListKind, tuple[str, ...]] = {
    ListKind.ISSUE_LIST: ("serial", "name_kana", "postal_code"),
    ListKind.RESIDENT: ("name_kana", "postal_code"),
    ListKind.CARD_FACE: (),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """Under which headers a field may stand, the preferred one first."""

    field: str
    headers: tuple[str, ...]
    date_styles: tuple[DateStyle, ...] = ANY_STYLE
    """How dates of this column are written; of no meaning for other fields."""

    def __post_init__(self) -> None:
        if not self.headers or not all(header_key(header) for header in self.headers):
            raise ValueError(f"{self.field} needs at least one header name")
        if not self.date_styles:
            raise ValueError(f"{self.field} needs at least one date style")


@dataclass(frozen=True, slots=True, kw_only=True)
class ListMapping:
    """How one city's three lists are to be read."""

    issue_list: tuple[Column, ...]
    resident: tuple[Column, ...]
    card_face: tuple[Column, ...]
    receipt_words: tuple[tuple[str, ReceiptKind], ...]
    status_words: tuple[tuple[str, ResidentStatus], ...]
    """An empty word is what an ordinary resident has."""

    def __post_init__(self) -> None:
        for kind in ListKind:
            fields = [column.field for column in self.columns(kind)]
            if len(fields) != len(set(fields)):
                raise ValueError(f"{kind}: a field is mapped twice")
            if missing := set(REQUIRED[kind]) - set(fields):
                raise ValueError(f"{kind}: no column for {sorted(missing)}")
            if unknown := set(fields) - set(REQUIRED[kind]) - set(OPTIONAL[kind]):
                raise ValueError(f"{kind}: no such field: {sorted(unknown)}")

    def columns(self, kind: ListKind) -> tuple[Column, ...]:
        """Return the columns of one list."""
        return {
            ListKind.ISSUE_LIST: self.issue_list,
            ListKind.RESIDENT: self.resident,
            ListKind.CARD_FACE: self.card_face,
        }[kind]

    @classmethod
    def from_tables(
        cls,
        columns: Mapping[str, Mapping[str, list[str]]],
        *,
        receipt_words: Mapping[str, str],
        status_words: Mapping[str, str],
        date_styles: Mapping[str, Mapping[str, list[str]]] | None = None,
    ) -> "ListMapping":
        """Return the mapping that a contract file spells out as plain tables.

        ``columns`` is kind → field → header names, ``date_styles`` kind → field → styles.

        Raises:
            ValueError: A kind, field, word or style is unknown, or a field is missing.
        """
        if unknown := set(columns) - set(ListKind):
            raise ValueError(f"no such list: {sorted(unknown)}")
        styles = date_styles or {}

        def of(kind: ListKind) -> tuple[Column, ...]:
            chosen = styles.get(kind, {})
            return tuple(
                Column(
                    field=field,
                    headers=tuple(headers),
                    date_styles=tuple(map(DateStyle, chosen.get(field, ANY_STYLE))),
                )
                for field, headers in columns.get(kind, {}).items()
            )

        return cls(
            issue_list=of(ListKind.ISSUE_LIST),
            resident=of(ListKind.RESIDENT),
            card_face=of(ListKind.CARD_FACE),
            receipt_words=tuple((w, ReceiptKind(k)) for w, k in receipt_words.items()),
            status_words=tuple((w, ResidentStatus(s)) for w, s in status_words.items()),
        )


def header_key(text: str) -> str:
    """Return a header or word of a list without differences of width, case and blanks."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()
