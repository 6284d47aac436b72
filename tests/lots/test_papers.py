"""Papers that go with a lot to the city: counted, printed on a slip, acknowledged."""

import pytest

from domain.parties import Role
from tests.lots import work
from tests.stack import Stack, eventually

PAPERS = {"application": 128, "reply": 96, "proxy": 7}


@pytest.mark.req("OTA-19")
async def test_the_slip_shows_what_was_registered_and_the_official_counts_the_same(
    stack: Stack,
) -> None:
    """
    Totals on paper, in the register and in the official's hands are one number.
    """
    clerk, official = stack.as_(Role.CLERK), stack.as_(Role.OFFICIAL)
    lot_id = (await work.take_over(stack, work.small_lot()))["case_id"]
    async with stack.staffed():
        empty = await clerk.act(lot_id, "register_documents")
        given = await clerk.act(lot_id, "register_documents", key="papers", **PAPERS)
        again = await clerk.act(lot_id, "register_documents", key="papers", **PAPERS)
        (bundle,) = (await clerk.case(lot_id))["state"]["bundles"]
        wrong = await official.act(lot_id, "acknowledge_documents", bundle=1, count=230)
        not_theirs = await clerk.act(lot_id, "acknowledge_documents", bundle=1, count=231)
        right = await official.act(lot_id, "acknowledge_documents", bundle=1, count=231)
    case = await clerk.case(lot_id)
    (slip,) = work.documents(stack, case)["document_slip"]
    events = {event["action"]: event for event in await clerk.timeline(lot_id)}

    assert (422, "FieldMissing") == (empty.status_code, empty.json()["code"])
    assert [200, 200, 200] == [a.status_code for a in (given, again, right)]
    assert PAPERS == {each["kind"]: each["count"] for each in bundle["papers"]}
    assert (409, "CountDiffers") == (wrong.status_code, wrong.json()["code"])
    assert 403 == not_theirs.status_code
    assert ["received"] == [each["stage"] for each in case["state"]["bundles"]]
    assert "合計231" in work.words_of(slip).replace("枚", "").replace("通", "")
    assert 231 == events["register_documents"]["detail"]["total"]
    assert "official" == events["acknowledge_documents"]["role"]


@pytest.mark.req("OTA-19")
async def test_a_lot_ends_only_when_its_papers_have_arrived(stack: Stack) -> None:
    """
    Papers on their way are nobody's, and the case that knows of them must not close.
    """
    clerk, official = stack.as_(Role.CLERK), stack.as_(Role.OFFICIAL)
    lot_id = (await work.take_over(stack, work.small_lot()))["case_id"]
    async with stack.staffed():
        for number in (1, 2):
            await clerk.act(lot_id, "register_documents", other=number)
        slip = await work.hand_over(stack, lot_id)
        await work.bulk(stack, lot_id, work.COUNTED, slip_id=slip, count=3)
        await eventually(
            lambda: clerk.case(lot_id), lambda case: len(case["state"]["settled"]) == 3
        )
        open_case = await clerk.case(lot_id)
        back = await clerk.act(lot_id, "take_back", bundle=2, reason="数え直すため")
        twice = await clerk.act(lot_id, "take_back", bundle=2, reason="数え直すため")
        await official.act(lot_id, "acknowledge_documents", bundle=1, count=1)
        done = await work.closed(stack, lot_id)

    assert None is open_case["closed_at"]
    assert (200, 409) == (back.status_code, twice.status_code)
    assert "done" == done["stage"]
