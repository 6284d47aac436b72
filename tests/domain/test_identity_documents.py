"""What has to be shown at a window before a card, or anything else, is handed out."""

from collections.abc import Iterator
from typing import Any

import pytest

from domain.errors import FieldMissing
from domain.procedures.identity_documents import (
    DOCUMENT_TEXT,
    LIST_A,
    PROOF_TEXT,
    PROOFS,
    PROXY_REASON_TEXT,
    Document,
    Proof,
    ProxyReason,
    shown,
)
from domain.procedures.procedure_errors import DocumentsNotEnough
from domain.procedures.procedure_forms import FORMS
from domain.procedures.procedure_parts import Receiver
from tests.procedures_at_hand import PAPERS


def suffices(receiver: Receiver, **change: Any) -> bool:
    """Say whether papers that suffice still do after a change; of a card, unless it says."""
    card = change.pop("card", True)
    papers: dict[str, Any] = {**PAPERS[receiver], **change}
    given = {name: value for name, value in papers.items() if value}
    try:
        shown(given).require_enough(receiver, delivers_card=card)
    except DocumentsNotEnough:
        return False
    return True


@pytest.mark.parametrize("receiver", Receiver)
def test_papers_that_suffice_do(receiver: Receiver) -> None:
    """
    The control of everything below.
    """
    assert suffices(receiver)


@pytest.mark.parametrize(
    ("documents", "right"),
    [
        ("driving_licence", True),
        ("insurance_confirmation pension_book", True),
        ("insurance_confirmation", False),
        ("pension_book pension_book", False),
        ("", False),
    ],
)
def test_who_comes_themselves_shows_one_of_a_or_two_of_b(documents: str, right: bool) -> None:
    """
    The same document twice is one.
    """
    assert right == suffices(Receiver.SELF, documents=documents)


@pytest.mark.parametrize(
    ("documents", "right"),
    [
        ("driving_licence passport", True),
        ("driving_licence bank_book", True),
        ("driving_licence", False),
        ("photo_certificate bank_book patient_card", True),
        ("insurance_confirmation bank_book patient_card", False),
        ("photo_certificate bank_book", False),
    ],
)
def test_for_a_card_given_to_a_proxy_the_person_shows_more(documents: str, right: bool) -> None:
    """
    Two of A, one of each, or three of B with a photo among them.
    """
    assert right == suffices(Receiver.PROXY, documents=documents)


@pytest.mark.parametrize("missing", sorted(PAPERS[Receiver.PROXY]))
def test_a_proxy_lacks_nothing(missing: str) -> None:
    """
    Each of them is asked for.
    """
    assert not suffices(Receiver.PROXY, **{missing: ""})


@pytest.mark.parametrize("missing", sorted(PAPERS[Receiver.LEGAL_REPRESENTATIVE]))
def test_a_legal_representative_lacks_nothing_and_brings_the_person(missing: str) -> None:
    """
    For a card both come together.
    """
    assert not suffices(Receiver.LEGAL_REPRESENTATIVE, **{missing: ""})


def test_without_a_card_nobody_explains_why_they_send_somebody() -> None:
    """
    The reasons are those of delivery.
    """
    assert suffices(Receiver.PROXY, card=False, proxy_reason="", proof="", documents="")
    assert suffices(Receiver.LEGAL_REPRESENTATIVE, card=False, together="", documents="")
    assert not suffices(Receiver.PROXY, card=False, mandate="")


def pairs() -> Iterator[tuple[ProxyReason, Proof]]:
    yield from ((reason, proof) for reason in ProxyReason for proof in Proof)


@pytest.mark.parametrize(("reason", "proof"), list(pairs()))
def test_each_reason_has_its_proof(reason: ProxyReason, proof: Proof) -> None:
    """
    Every cell: a handbook shows no stay in hospital.
    """
    assert (proof in PROOFS[reason]) == suffices(
        Receiver.PROXY, proxy_reason=str(reason), proof=str(proof)
    )


def test_work_and_school_are_no_reason() -> None:
    """
    Nobody can choose them.
    """
    with pytest.raises(FieldMissing):
        shown({"proxy_reason": "work"})
    assert set(ProxyReason) == set(PROXY_REASON_TEXT) == set(PROOFS)
    assert set(Proof) == set(PROOF_TEXT) == set().union(*PROOFS.values())


def test_only_kinds_are_known() -> None:
    """
    A number typed among them is refused, and never repeated.
    """
    with pytest.raises(FieldMissing) as refused:
        shown({"documents": "driving_licence 305012345670"})

    assert "305012345670" not in str(refused.value)
    assert set(Document) == set(DOCUMENT_TEXT)
    assert (12, "driving_licence" in LIST_A) == (len(LIST_A), True)


def test_no_step_has_a_place_for_a_pin_or_a_number() -> None:
    """
    The citizen sets it elsewhere: here it is a tick.
    """
    names = {field.name for form in FORMS.values() for field in form.fields}

    assert () == FORMS["record_pin_set"].fields  # type: ignore[index]
    assert not [name for name in names if "pin" in name or "number" in name]
