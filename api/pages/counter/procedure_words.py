"""The words for what the record of a procedure says: who came, what was shown.

Part of the table in ``api.pages.words``; words of rules stand with the rules.
"""

from collections.abc import Mapping
from typing import Any, Final

from domain.parties import Party
from domain.procedures import identity_documents, procedure_parts

CODES: Final[tuple[Mapping[Any, str], ...]] = (
    procedure_parts.RECEIVER_TEXT,
    procedure_parts.GROUP_TEXT,
    procedure_parts.STEP_TEXT,
    identity_documents.AUTHORITY_TEXT,
    identity_documents.PROXY_REASON_TEXT,
    identity_documents.PROOF_TEXT,
    {Party.PROVIDER: "委託先", Party.CITY: "市"},
    {"yes": "はい"},
)

LISTS: Final = frozenset({"documents", "representative_documents"})
"""Details that hold several kinds of documents."""


def documents(name: str, kinds: str) -> str:
    """Return kinds of documents as words; a detail that is none of them stays as it is."""
    if name not in LISTS:
        return kinds
    known = {str(kind): text for kind, text in identity_documents.DOCUMENT_TEXT.items()}
    return "、".join(known.get(kind, kind) for kind in kinds.split())
