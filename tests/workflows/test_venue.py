"""Venues from candidate to closed, step by step, each by whoever has to take it."""

from typing import Any

import pytest

from domain.booking.venue_case import Agreement, Venue
from tests.builders import OFFICIAL, SITE_MANAGER
from tests.venue_at_hand import a_venue, an_agreed_venue
from tests.workflows.office import Office, refusal, refusals
from tests.workflows.scenarios_of_venues import AGREED


@pytest.mark.req("CHIBA-03")
async def test_a_venue_passes_every_stage_in_order(office: Office) -> None:
    """
    The city's step is the city's, and no step can be skipped.
    """
    course = await office.venue(a_venue())
    skipped = await refusal(course.act("open_venue", SITE_MANAGER))
    stages = [(await course.act("propose_venue", SITE_MANAGER)).stage]
    wrong = await refusal(course.act("agree_venue", SITE_MANAGER, **AGREED))
    stages.append((await course.act("agree_venue", OFFICIAL, **AGREED)).stage)
    rest = ("prepare_venue", "open_venue", "close_venue")
    stages += [(await course.act(action, SITE_MANAGER)).stage for action in rest]
    ended = await course.ended()

    assert ["WrongStage", "NotYourDuty"] == [skipped, wrong]
    assert ["proposed", "agreed", "preparing", "in_use", "closed"] == stages
    assert ended.closed
    agreed = office.value("venue-1", Venue).agreement
    assert isinstance(agreed, Agreement)
    assert an_agreed_venue().agreement == agreed


async def test_a_venue_is_given_up_with_a_reason_and_not_while_it_is_open(
    office: Office,
) -> None:
    """
    An open one is closed; the days agreed on must be days.
    """
    course = await office.venue(a_venue())
    await course.act("propose_venue", SITE_MANAGER)
    backwards: dict[str, Any] = {"from_day": "2023-03-31", "to_day": "2022-07-01"}
    found = await refusals(
        [
            course.act("withdraw_venue", SITE_MANAGER),
            course.act("agree_venue", OFFICIAL, **(AGREED | backwards)),
        ]
    )
    await course.act("agree_venue", OFFICIAL, **AGREED)
    await course.act("prepare_venue", SITE_MANAGER)
    await course.act("open_venue", SITE_MANAGER)
    late = await refusal(course.act("withdraw_venue", SITE_MANAGER, "雨"))

    assert ["ReasonMissing", "FieldMissing", "WrongStage"] == [*found, late]
    assert "in_use" == (await course.view()).stage
