"""Keys that callers choose name nothing but the caller's own request."""

from datetime import date

from domain.parties import Role
from tests.lots import work
from tests.stack import Stack


async def test_two_lots_may_be_worked_on_with_the_same_keys(stack: Stack) -> None:
    """
    A key that named slips and print files let one lot overwrite the other's.
    """
    clerk = stack.as_(Role.CLERK)
    lots = [
        await work.take_over(stack, work.small_lot(3, seed=5, delivered=date(2026, 11, day)))
        for day in (9, 10)
    ]
    async with stack.staffed():
        for action in ("record_pre_issue_setup", "make_notice", "seal"):
            fields = {"terminal": "T-01"} if action == "record_pre_issue_setup" else {}
            for lot in lots:
                fields["route"] = "pickup_notice"
                answer = await clerk.act(lot["case_id"], action, key=action, **fields)
                assert 200 == answer.status_code, answer.text
                await work.settled(stack, lot["case_id"])
        for lot in lots:
            answer = await clerk.act(
                lot["case_id"], "hand_over", key="give", route="pickup_notice"
            )
            assert 200 == answer.status_code, answer.text
            await work.settled(stack, lot["case_id"])

    slips = [await work.open_slip(stack, lot["case_id"]) for lot in lots]
    papers = [work.documents(stack, await clerk.case(lot["case_id"])) for lot in lots]

    assert 2 == len(set(slips))
    assert [{"notices_part", "notices_to_print", "notice_list"}] * 2 == [set(p) for p in papers]


async def test_a_card_without_an_address_stops_neither_its_slip_nor_the_lot(
    stack: Stack,
) -> None:
    """
    A paper that was refused ended the lot's work for good; now the row says what is wrong.
    """
    lot = work.small_lot(6, seed=3)
    files = dict(lot.files)
    for name in ("issue_list", "resident"):
        files[name] = files[name].decode("cp932").replace(",000-", ",00-").encode("cp932")
    answer = await stack.as_(Role.CLERK).take_over(files)
    lot_id = answer.json()["case_id"]

    async with stack.staffed():
        await work.bulk(stack, lot_id, "record_pre_issue_setup", terminal="T-01")
        mailed = {"route": "mail_to_applicant"}
        await work.bulk(stack, lot_id, "update_destination", terminal="T-01", **mailed)
        await work.bulk(
            stack, lot_id, "prepare_dispatch", mail_kind="registered_mail", **mailed
        )
        given = await work.bulk(stack, lot_id, "hand_over", **mailed)
        notices = await work.bulk(stack, lot_id, "make_notice")

    paper = work.documents(stack, await stack.as_(Role.CLERK).case(lot_id))["dispatch_list"][0]

    assert (given["cards"], 0) == (given["refused"] + given["cards"], given["refused"])
    assert given["cards"] == work.words_of(paper).count("あて先要確認")
    assert 6 - given["cards"] == notices["refused"]
