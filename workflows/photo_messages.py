"""Messages about photos of an application; what ``messages`` says holds here too.

They carry codes and the id of a document; the photo itself stays in the vault.
"""

from dataclasses import dataclass
from datetime import datetime

from domain.case import CaseRef
from domain.photos.photo_rules import Exemption
from domain.photos.photo_words import Problem, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckPhoto:
    """Look at a photo that is kept with a case."""

    case: CaseRef
    document_id: str
    exemption: Exemption | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedPhoto:
    """What is likely wrong with it."""

    verdict: Verdict
    problems: tuple[Problem, ...] = ()
    """What is worst first."""

    excused: tuple[Problem, ...] = ()
    """Those of them that the exemption may excuse."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintPhoto:
    """Lay a kept photo out for the mobile printer, to be pasted on the form."""

    case: CaseRef
    document_id: str
    sheet_id: str
    """The document that is printed; asked twice it is the same."""

    made_at: datetime
