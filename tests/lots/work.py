"""A lot on its way over HTTP: taking it over and doing its steps, as people would.

Here: what several tests of this folder do before they come to their point. Not here: what
they expect.
"""

import io
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from pypdf import PdfReader
from sqlalchemy import text

from api.access.door import now_in_tokyo
from domain.case import CaseRef
from domain.parties import Role
from ops.make_lot import LotPlan, MadeLot, make_lot
from store import vault
from store.scope import scope
from tests.stack import Stack, eventually

TOKYO = ZoneInfo("Asia/Tokyo")
COUNTED = "acknowledge_receipt"


def small_lot(rows: int = 3, **plan: Any) -> MadeLot:
    """Return a lot of Ota, delivered today unless a test says when.

    A fixed day would grow old: its warnings ring as soon as its courses begin.
    """
    plan.setdefault("delivered", now_in_tokyo().date())
    return make_lot(LotPlan(rows=rows, **plan))


async def take_over(stack: Stack, lot: MadeLot, **form: Any) -> dict[str, Any]:
    """Take a lot over as a clerk and return the answer."""
    answer = await stack.as_(Role.CLERK).take_over(lot.files, **form)
    assert 201 == answer.status_code, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def bulk(stack: Stack, lot_id: str, action: str, **fields: Any) -> dict[str, Any]:
    """Do a step with the cards of a lot and return the event that says how it ended."""
    role = Role.OFFICIAL if action in {COUNTED, "refuse_receipt"} else Role.CLERK
    caller = stack.as_(role)
    before = await ends(stack, lot_id)
    answer = await caller.act(lot_id, action, **fields)
    assert 200 == answer.status_code, answer.text
    after = await eventually(
        lambda: ends(stack, lot_id), lambda found: len(found) > len(before)
    )
    detail: dict[str, Any] = after[-1]["detail"]
    return detail


async def ends(stack: Stack, lot_id: str) -> list[dict[str, Any]]:
    """Return the events that say how steps with many cards ended."""
    events = await stack.as_(Role.CLERK).timeline(lot_id)
    return [event for event in events if event["action"] == "batch_finished"]


async def hand_over(stack: Stack, lot_id: str) -> str:
    """Bring all cards of both routes into the official's hands and return the slip."""
    for action, fields in (
        ("record_pre_issue_setup", {"terminal": "T-01"}),
        ("make_notice", {"route": "pickup_notice"}),
        ("seal", {"route": "pickup_notice"}),
        ("update_destination", {"terminal": "T-01", "route": "mail_to_applicant"}),
        ("prepare_dispatch", {"mail_kind": "registered_mail", "route": "mail_to_applicant"}),
    ):
        role = stack.as_(Role.CLERK)
        answer = await role.act(lot_id, action, **fields)
        if answer.status_code == 409 and answer.json()["code"] == "NothingToDo":
            continue
        assert 200 == answer.status_code, answer.text
        await settled(stack, lot_id)
    await bulk(stack, lot_id, "hand_over")
    return await open_slip(stack, lot_id)


async def settled(stack: Stack, lot_id: str) -> None:
    """Wait until every accepted step of the lot has ended."""

    async def look() -> tuple[int, int]:
        events = await stack.as_(Role.CLERK).timeline(lot_id)
        begun = [
            e for e in events if "batch" in e["detail"] and e["action"] != "batch_finished"
        ]
        return len(begun), len([e for e in events if e["action"] == "batch_finished"])

    await eventually(look, lambda found: found[0] == found[1])


async def open_slip(stack: Stack, lot_id: str) -> str:
    """Return the slip that waits for its receipt."""
    slips = await stack.as_(Role.OFFICIAL).get(f"/api/v1/cases/{lot_id}/slips")
    (slip,) = [each for each in slips.json()["items"] if each["settled_at"] is None]
    return str(slip["slip_id"])


async def cards_of(stack: Stack, lot_id: str) -> list[dict[str, Any]]:
    """Return the cards of a small lot, each in full."""
    clerk = stack.as_(Role.CLERK)
    found: list[dict[str, Any]] = []
    for closed in ("false", "true"):
        page = await clerk.get(
            "/api/v1/cases", parent=lot_id, kind="card", closed=closed, limit=200
        )
        found += [await clerk.case(item["case_id"]) for item in page.json()["items"]]
    return found


async def closed(stack: Stack, case_id: str) -> dict[str, Any]:
    """Return the case once it is closed."""
    return await eventually(
        lambda: stack.as_(Role.CLERK).case(case_id), lambda case: case["closed_at"] is not None
    )


def documents(stack: Stack, case: Mapping[str, Any]) -> dict[str, list[bytes]]:
    """Return the documents kept with a case, by kind."""
    ref = CaseRef(
        case_id=case["case_id"],
        municipality=case["contract"],
        contract=case["contract"],
        contract_version=case["contract_version"],
        opened_on=datetime.fromisoformat(case["opened_at"]).date().replace(day=1),
    )
    found: dict[str, list[bytes]] = {}
    with scope(stack.engine, ref.municipality) as connection:
        for entry in vault.documents_of(connection, ref):
            content = vault.open_document(connection, stack.keys, ref, entry.document_id)
            found.setdefault(entry.kind, []).append(content)
    return found


def words_of(pdf: bytes) -> str:
    """Return what stands on a paper, without blanks and line breaks."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


def row_counts(stack: Stack) -> dict[str, int]:
    """Return how many rows Ota has in every table."""
    tables = text(
        "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public'"
        " AND column_name = 'municipality' AND table_name NOT LIKE '%default' ORDER BY 1"
    )
    with scope(stack.engine, "ota") as connection:
        names = connection.execute(tables).scalars().all()
        return {
            name: connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one()
            for name in names
        }
