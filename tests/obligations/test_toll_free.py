"""Ageo's toll-free line, taken over from the provider before, and the number people read."""

from datetime import datetime

import pytest

from activities.messages_facts import contact_of
from contracts.book import ContractBook
from contracts.loader import FOLDER, load_text
from domain.calendars.hours import TOKYO
from domain.errors import FieldMissing
from domain.obligations.obligation import Stage
from domain.parties import Role
from tests.obligations_at_hand import a_promise
from tests.stack import Stack

NUMBER = "0120-000-000"
AT = datetime(2026, 3, 31, 10, 0, tzinfo=TOKYO)


@pytest.mark.req("AGEO-42")
def test_the_line_is_taken_over_when_every_item_has_its_evidence() -> None:
    """
    Each with who recorded it and when; an empty word is none, and one item is not all.
    """
    value = a_promise("ageo", "toll_free_handover")
    with pytest.raises(FieldMissing):
        value.show(1, "  ", AT, Role.SITE_MANAGER, late=False)
    value = value.show(1, "打合せ記録", AT, Role.SITE_MANAGER, late=False)
    value = value.show(2, "承継の通知", AT, Role.OPERATIONS_MANAGER, late=False)
    before = value.stage
    value = value.show(3, "着信の記録", AT, Role.OPERATIONS_MANAGER, late=False)

    assert Stage.OWED is before
    assert (Stage.MET, True) == (value.stage, value.closed)
    assert [(1, AT, Role.SITE_MANAGER), (2, AT, Role.OPERATIONS_MANAGER)] == [
        (each.item, each.recorded_at, each.by) for each in value.evidence[:2]
    ]
    assert value.terms.nature == "checklist"


@pytest.mark.req("AGEO-42")
async def test_the_number_of_the_contract_stands_on_the_guidance_for_booking(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    On the booking site and in the mails, once it is written into the file.
    """
    text = (FOLDER / "ageo.toml").read_text(encoding="utf-8")
    unset = next(line for line in text.splitlines() if line.startswith("telephone = "))
    known = text.replace(unset, f'telephone = {{ value = "{NUMBER}", clause = "§5(3)⑥" }}')
    loaded = load_text(known, "ageo.toml")
    before = await stack.http.get("/book/ageo")
    monkeypatch.setattr(ContractBook, "current", lambda *_: loaded)

    after = await stack.http.get("/book/ageo")

    assert NUMBER not in before.text
    assert f'<a href="tel:{NUMBER}">{NUMBER}</a>' in after.text
    assert NUMBER == contact_of(loaded.contract, "ja").telephone
