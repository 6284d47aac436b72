"""Mail that came back: where it lies, and how often somebody was called."""

import pytest

from domain.lots.custody import Holder, ItemKind
from tests.builders import CLERK, OFFICIAL, OPERATOR, returned_mail
from tests.workflows.office import Course, Office, refusal

ITEM = "mail-1/returned_mail/1"


async def called(mail: Course, *outcomes: str) -> list[str]:
    """Record attempts to reach the person and return the stages they lead to."""
    return [
        (await mail.act("record_contact_attempt", CLERK, outcome=outcome)).stage
        for outcome in outcomes
    ]


@pytest.mark.req("OTA-22")
async def test_three_failed_attempts_in_a_row_are_shown(office: Office) -> None:
    """
    Whoever answers in between starts the count anew.
    """
    mail = await office.mail(returned_mail(tries=3))

    stages = await called(
        mail, "no_answer", "reached", "no_answer", "wrong_number", "message_left"
    )

    assert ["contacting"] * 4 + ["unreachable"] == stages


@pytest.mark.req("OTA-22")
async def test_the_item_is_always_somewhere(office: Office) -> None:
    """
    Kept, given to an official, refused, given again: each step says who holds it.
    """
    mail = await office.mail()
    places = [office.record.holders[ITEM]]

    for action, by, reason in (
        ("keep_item", CLERK, "連絡待ち"),
        ("hand_item_to_official", CLERK, "期間満了"),
        ("refuse_receipt", OFFICIAL, "封が開いている"),
        ("hand_item_to_official", CLERK, "確認済み"),
        ("acknowledge_receipt", OFFICIAL, None),
    ):
        await mail.act(action, by, reason)
        places.append(office.record.holders[ITEM])

    ours, between, city = Holder.PROVIDER, Holder.HAND_OVER, Holder.CITY
    assert [ours, ours, between, ours, between, city] == places
    assert "done" == (await mail.ended()).stage


async def test_an_item_that_is_sent_again_has_left(office: Office) -> None:
    """
    It is the post's again, and the case is over.
    """
    mail = await office.mail()

    sent = await mail.act("resend", CLERK)
    await mail.ended()

    assert ("resent", True) == (sent.stage, sent.closed)
    assert [(ITEM, Holder.PROVIDER, Holder.OUTSIDE)] == office.paths_of(
        "mail-1", ItemKind.RETURNED_MAIL
    )


async def test_what_is_not_possible_leaves_the_case_as_it_was(office: Office) -> None:
    """
    A call without an outcome once stopped the whole course; now it is turned away.
    """
    mail = await office.mail()

    by_booth = await refusal(mail.act("resend", OPERATOR))
    early = await refusal(mail.act("acknowledge_receipt", OFFICIAL))
    silent = await refusal(mail.act("keep_item", CLERK))
    unsaid = await refusal(mail.act("record_contact_attempt", CLERK))

    assert ["NotYourDuty", "NotYourDuty", "ReasonMissing", None] == [
        by_booth,
        early,
        silent,
        unsaid,
    ]
    assert 0 == await mail.updates_in_history()
    assert ["contacting"] == await called(mail, "no_answer")
