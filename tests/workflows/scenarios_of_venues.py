"""The paths of venues whose histories are worth keeping, walked once each.

Belongs here and not here: as in ``scenarios``, whose table these are part of.
"""

from typing import Any

from tests.builders import OFFICIAL, SITE_MANAGER
from tests.venue_at_hand import a_venue
from tests.workflows.office import Course, Office, refusal

AGREED: dict[str, Any] = {
    "from_day": "2022-07-01",
    "to_day": "2023-03-31",
    "agreement": "協議書第3号",
}


async def venue_closed(office: Office) -> dict[str, Course]:
    """From candidate to closed, after an agreement by somebody who may not."""
    course = await office.venue(a_venue())
    await course.act("propose_venue", SITE_MANAGER)
    await refusal(course.act("agree_venue", SITE_MANAGER, **AGREED))
    await course.act("agree_venue", OFFICIAL, **AGREED)
    for action in ("prepare_venue", "open_venue", "close_venue"):
        await course.act(action, SITE_MANAGER)
    await course.ended()
    return {"venue-closed": course}


async def venue_declined(office: Office) -> dict[str, Course]:
    """Declined by the city with a reason, after an attempt without."""
    course = await office.venue(a_venue())
    await course.act("propose_venue", SITE_MANAGER)
    await refusal(course.act("withdraw_venue", OFFICIAL))
    await course.act("withdraw_venue", OFFICIAL, "駐車場がない")
    await course.ended()
    return {"venue-declined": course}


VENUES = (venue_closed, venue_declined)
