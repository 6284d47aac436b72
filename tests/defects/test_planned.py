"""What the course asks of the world: calendars with their closures, and real bookings."""

from datetime import datetime, timedelta

from activities.defects import PlannedDefects
from domain.calendars.hours import TOKYO
from domain.case import CaseRef
from domain.defects.defect_parts import RetakeState, Stage
from domain.parties import Role
from tests.bookings import venue
from tests.stack import Stack
from workflows.defect_messages import LookAtRetake, PlanTry

FRIDAY = datetime(2022, 7, 22, 16, 30, tzinfo=TOKYO)


def a_case(stack: Stack) -> CaseRef:
    """Return a follow-up of Chiba under its contract of today."""
    return CaseRef(
        case_id="defect-1",
        municipality=venue.CITY,
        contract=venue.CITY,
        contract_version=stack.book.current(venue.CITY).version,
        opened_on=FRIDAY.date().replace(day=1),
    )


async def test_what_is_due_follows_the_stage_and_the_days_that_are_open(stack: Stack) -> None:
    """
    Chiba calls on working days; one that was closed on the day is left out.
    """
    venue.prepare(stack)
    closed = {"calendar": "call_centre", "day": "2022-07-25", "cause": "停電"}
    entered = await stack.as_(Role.SITE_MANAGER, venue.CITY).post(
        f"/api/v1/contracts/{venue.CITY}/closures", json=closed
    )
    port, case = PlannedDefects(stack.engine, stack.book), a_case(stack)

    def planned(stage: Stage) -> tuple[str | None, str | None, str | None]:
        found = port.plan_try(PlanTry(case=case, stage=stage, tries=1, now=FRIDAY))
        due = found.deadline.due_at if found.deadline else None
        moments = (found.next_try, found.waits_until, due)
        return tuple(f"{each:%m-%dT%H:%M}" if each else None for each in moments)  # type: ignore[return-value]

    assert entered.status_code in {200, 201}, entered.text
    assert {
        Stage.CONTACTING: ("07-26T16:00", None, "07-26T18:00"),
        Stage.AWAITING: ("07-29T10:00", None, "07-29T12:00"),
        Stage.LETTER_DUE: (None, None, "07-27T23:59"),
        Stage.LETTER_SENT: (None, "08-05T23:59", None),
        Stage.UNREACHABLE: (None, None, "07-27T23:59"),
    } == {
        stage: planned(stage)
        for stage in (
            Stage.CONTACTING,
            Stage.AWAITING,
            Stage.LETTER_DUE,
            Stage.LETTER_SENT,
            Stage.UNREACHABLE,
        )
    }


async def test_a_visit_is_found_by_its_number_as_it_stands(stack: Stack) -> None:
    """
    By its id as well; one that is cancelled is gone, and another case is no reservation.
    """
    venue.prepare(stack)
    booked = await venue.book(stack)
    number, reservation = booked["case_number"], booked["reservation_id"]
    port, case = PlannedDefects(stack.engine, stack.book), a_case(stack)

    def look(wanted: str) -> tuple[str, RetakeState] | None:
        found = port.look_at_retake(LookAtRetake(case=case, reservation=wanted))
        return (found.number, found.state) if found else None

    ahead = [look(number), look(number.lower()), look(reservation)]
    times = port.look_at_retake(LookAtRetake(case=case, reservation=number))
    await venue.step(stack, booked, "cancel")

    assert [(number, RetakeState.AHEAD)] * 3 == ahead
    assert times is not None
    assert timedelta(hours=1) == times.ends_at - times.starts_at
    assert venue.at(13) == times.starts_at.astimezone(TOKYO).isoformat()
    assert (number, RetakeState.GONE) == look(number)
    assert None is look("CHIBA-R22-999999-9")
