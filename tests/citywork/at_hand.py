"""A record of the city as it begins, for tests that are about its course."""

from domain.citywork.city_record import BEGINS, CityRecord, What
from domain.parties import Role
from tests.builders import a_case, a_deadline, today
from workflows.city_messages import OpenCityRecord


def some_cards(count: int = 3) -> CityRecord:
    """Return cards that an official has brought."""
    stage, _ = BEGINS[What.CARDS]
    return CityRecord(
        case_id="record-1",
        what=What.CARDS,
        day=today(),
        opened_by=Role.OFFICIAL,
        stage=stage,
        count=count,
    )


def opened() -> OpenCityRecord:
    """Return the message with which one begins for which a case waits."""
    return OpenCityRecord(
        case=a_case("record-1", parent_id="visit-1"),
        record=some_cards(),
        deadline=a_deadline(),
        parent_kind="visit",
    )
