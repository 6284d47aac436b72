"""A venue as it begins and as it is agreed on, for tests that are about its course."""

from datetime import date

from domain.booking.venue_case import Agreement, Stage, Venue
from domain.parties import Role


def a_venue(case_id: str = "venue-1", stage: Stage = Stage.CANDIDATE) -> Venue:
    """Return a hall that somebody thinks of."""
    return Venue(
        case_id=case_id,
        name="中央モール",
        address="千葉市中央区中央1-1-1",
        directions="正面入口から入って右",
        named_by=Role.SITE_MANAGER,
        stage=stage,
    )


def an_agreed_venue() -> Venue:
    """Return the hall once the city has agreed to it."""
    days = (date(2022, 7, 1), date(2023, 3, 31))
    agreement = Agreement(from_day=days[0], to_day=days[1], reference="協議書第3号")
    return a_venue(stage=Stage.PROPOSED).agree(agreement)
