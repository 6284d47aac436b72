"""Consent of the applicant before support begins: which documents, which version, who agreed.

Belongs here: documents as a contract names them and what a person said to them. Does not
belong here: their texts, which are the city's; the visit that waits for it (``visit``).
Source: Urasoe specification §8(2).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentDocument:
    """One version of a document that the applicant has to agree to."""

    id: str
    version: str
    title: str
    effective_from: date
    clause: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """A version that the applicant agreed to."""

    id: str
    version: str


class Consenter(StrEnum):
    """Who answers; only the applicant's own answer counts."""

    APPLICANT = "applicant"
    PROXY = "proxy"


CONSENTER_TEXT: Mapping[Consenter, str] = {
    Consenter.APPLICANT: "申請者本人",
    Consenter.PROXY: "代理の方",
}


class Consent(StrEnum):
    """What they said."""

    AGREED = "agreed"
    REFUSED = "refused"


CONSENT_TEXT: Mapping[Consent, str] = {
    Consent.AGREED: "同意した",
    Consent.REFUSED: "同意しなかった",
}


class ConsentMeans(StrEnum):
    """How they said it."""

    SCREEN = "screen"
    SPOKEN = "spoken"
    PAPER = "paper"


CONSENT_MEANS_TEXT: Mapping[ConsentMeans, str] = {
    ConsentMeans.SCREEN: "画面で",
    ConsentMeans.SPOKEN: "口頭で",
    ConsentMeans.PAPER: "書面で",
}


def in_force(documents: Iterable[ConsentDocument], day: date) -> tuple[ConsentDocument, ...]:
    """Return the version of each document that holds on a day, in their order."""
    found: dict[str, ConsentDocument] = {}
    for each in documents:
        before = found.get(each.id)
        if each.effective_from <= day and (
            before is None or before.effective_from < each.effective_from
        ):
            found[each.id] = each
    return tuple(found.values())


def covered(agreed: Iterable[Agreed], needed: Iterable[ConsentDocument]) -> bool:
    """Say whether the applicant agreed to every version that is needed."""
    said = {(each.id, each.version) for each in agreed}
    return all((each.id, each.version) in said for each in needed)


def versions(documents: Iterable[ConsentDocument]) -> str:
    """Return which versions they are, as the record says it."""
    return " ".join(f"{each.id}/{each.version}" for each in documents)
