"""What is asked of the doer of an action, and what is let through."""

import secrets

import pytest

from domain.actions import form_of
from domain.case import CaseKind
from domain.errors import FieldMissing, ForbiddenNumber, LooksLikeForbiddenNumber
from domain.forms import checked, refuse_individual_number


def test_random_ids_are_never_taken_for_forbidden_numbers() -> None:
    """
    One hexadecimal id in a thousand holds twelve digits with a fitting check digit.
    """
    form = form_of(CaseKind.LOT, "seal")
    ids = " ".join([*(secrets.token_hex(16) for _ in range(50)), "0621498320257abc"])

    _, fields = checked(form, {"cards": ids}, None, confirmed=False)

    assert ids == fields["cards"]


@pytest.mark.parametrize("given", ["621498320257", "abc 621498320257"])
def test_an_id_that_is_an_individual_number_is_refused(given: str) -> None:
    """
    A field for ids must be no way around the check of free text.
    """
    with pytest.raises(ForbiddenNumber):
        checked(form_of(CaseKind.LOT, "seal"), {"cards": given}, None, confirmed=True)
    with pytest.raises(ForbiddenNumber):
        refuse_individual_number("621498320257")


@pytest.mark.parametrize("given", ["氏名", "a" * 129, "a\nb"])
def test_what_is_no_id_is_refused(given: str) -> None:
    """
    Ids are kept in the record; names have no place there.
    """
    with pytest.raises(FieldMissing):
        checked(form_of(CaseKind.LOT, "seal"), {"cards": given}, None, confirmed=False)


def test_free_text_is_still_looked_at_twice() -> None:
    """
    The control: what ids are spared is asked of everything a person writes.
    """
    form = form_of(CaseKind.CARD, "record_pre_issue_setup")

    with pytest.raises(LooksLikeForbiddenNumber):
        checked(form, {"terminal": "621498320257x"}, None, confirmed=False)
    with pytest.raises(ForbiddenNumber):
        checked(form, {"terminal": "マイナンバー 621498320257"}, None, confirmed=True)
