"""The paths of a day's list whose histories are worth keeping, to be walked once each.

Belongs here and not here: as in ``scenarios``, whose table these are part of.
"""

from datetime import timedelta

from domain.lots.list_errors import ListRecipientUnset
from domain.sending.list_sending import ListSending, begin
from tests.builders import CLERK, SITE_MANAGER, a_deadline, today
from tests.workflows.office import Course, Office

ID = "list-1"


def a_list(*, by_itself: bool = True) -> ListSending:
    """Return the list of today, on its way at once or not."""
    return begin(ID, today(), by_itself=by_itself)


async def list_mailed(office: Office) -> dict[str, Course]:
    """Sent by itself, at the third try."""
    office.lists.failures = 2
    course = await office.list_sending(a_list(), a_deadline())
    await course.ended()
    return {"list-mailed": course}


async def list_refused(office: Office) -> dict[str, Course]:
    """Without a recipient, then refused by the server, then ordered again and taken."""
    office.lists.refuses_to_make = ListRecipientUnset("未登録")
    course = await office.list_sending(a_list(), a_deadline())
    await office.record.until(ID, "list_not_sent")
    office.lists.refuses_to_make = None
    office.lists.refuses_to_send = "recipient_refused"
    await course.act("send_list", CLERK)
    await office.record.until(ID, "list_not_sent", times=2)
    office.lists.refuses_to_send = ""
    await course.act("send_list", CLERK)
    await course.ended()
    return {"list-refused": course}


async def list_handed_over(office: Office) -> dict[str, Course]:
    """Late, while the mail was still tried: breached, escalated, and taken there by hand."""
    office.lists.may_send.clear()
    course = await office.list_sending(a_list(), a_deadline(today() - timedelta(days=20)))
    await office.record.until(ID, "escalated", times=3)
    await course.act("make_list_file", CLERK)
    await course.act("record_list_delivery", SITE_MANAGER, "市役所で手渡し", means="medium")
    office.lists.may_send.set()
    await course.ended()
    return {"list-handed-over": course}


LISTS = (list_mailed, list_refused, list_handed_over)
