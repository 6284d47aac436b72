"""Builders for tests about lots: the sample's mapping and files, rows that agree."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

from domain.lots.card_rows import CardFaceRow, IssueRow, ReceiptKind, ResidentRow
from domain.lots.list_mapping import ListMapping
from domain.writing.eras import BirthDate

SAMPLE = Path(__file__).parent.parent / "samples" / "ota-lot"
BORN = BirthDate.of(date(1968, 2, 15))
DELIVERED = date(2026, 6, 1)


def sample_mapping() -> ListMapping:
    """Return how the synthetic lot is to be read."""
    tables = tomllib.loads((SAMPLE / "mapping.toml").read_text(encoding="utf-8"))
    return ListMapping.from_tables(
        tables["columns"],
        receipt_words=tables["receipt_words"],
        status_words=tables["status_words"],
    )


def sample_file(name: str) -> bytes:
    """Return one list of the synthetic lot."""
    return (SAMPLE / f"{name}.csv").read_bytes()


def issue_row(number: str = "XA0000001", **changes: Any) -> IssueRow:
    """Return a line of the issue list that agrees with the other two builders."""
    values: dict[str, Any] = {
        "inquiry_number": number,
        "name": "山﨑　花子",
        "birth": BORN,
        "address": "群馬県太田市見本町523番地34",
        "receipt": ReceiptKind.VISIT_AT_ISSUE,
        "delivered_on": DELIVERED,
    }
    return IssueRow(**(values | changes))


def resident_row(number: str = "XA0000001", **changes: Any) -> ResidentRow:
    """Return a registered resident."""
    values: dict[str, Any] = {
        "inquiry_number": number,
        "name": "山﨑　花子",
        "birth": BORN,
        "address": "群馬県太田市見本町523番地34",
    }
    return ResidentRow(**(values | changes))


def face_row(number: str = "XA0000001", **changes: Any) -> CardFaceRow:
    """Return what is printed on a card."""
    values: dict[str, Any] = {
        "inquiry_number": number,
        "name": "山﨑　花子",
        "birth": BORN,
        "address": "群馬県太田市見本町523番地34",
    }
    return CardFaceRow(**(values | changes))
