"""The list of an operating day: which days owe one, until when, what can be done with it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from domain.calendars.hours import Closure
from domain.errors import WrongStage
from domain.parties import Role, Standing
from domain.sending.daily_report import Asked as Wants
from domain.sending.daily_report import Count, Figures, Part, ReportTerms, Way
from domain.sending.list_sending import (
    DUE_RULE,
    ListFile,
    ListSending,
    Means,
    Stage,
    Step,
    begin,
    day_ends,
    work_of,
)
from tests.contracts.cities import at, city, due

DAY = date(2022, 10, 8)
NOON = datetime(2022, 10, 11, 3, 0, tzinfo=UTC)
FILE = ListFile(
    document_id="d-1",
    sha256="0" * 64,
    rows=2,
    people=3,
    size_bytes=1000,
    as_of=NOON,
    printed=True,
)


def work(
    day: date, closures: Mapping[str, list[Closure]] | None = None, *, venue: bool
) -> tuple[bool, bool]:
    """Return whether the telephone of Chiba and a venue are open on a day."""
    found = work_of(city("chiba"), day, venue_open=venue, closures=closures or {})
    assert found.any is (found.phone or found.venue)
    return found.phone, found.venue


@pytest.mark.req("CHIBA-29")
@pytest.mark.parametrize(
    ("operating_day", "due_at"),
    [
        ("2022-10-08", "2022-10-11 15:00"),  # a Saturday; the Monday is a holiday
        ("2022-10-11", "2022-10-12 15:00"),  # a Tuesday
        ("2022-10-14", "2022-10-17 15:00"),  # a Friday
        ("2022-12-28", "2023-01-04 15:00"),  # over the new year
    ],
)
def test_a_list_is_due_at_three_on_the_next_business_day(
    operating_day: str, due_at: str
) -> None:
    """
    Not the venue's next day: the city has to be at work to receive it.
    """
    assert due_at == f"{due('chiba', DUE_RULE, operating_day).due_at:%Y-%m-%d %H:%M}"


@pytest.mark.req("CHIBA-29")
def test_a_list_sent_at_three_is_in_time_and_a_second_later_is_late() -> None:
    """
    Both alarms and reports ask the same deadline.
    """
    deadline = due("chiba", DUE_RULE, "2022-10-08")

    assert not deadline.is_late(at("2022-10-11", "15:00:00"))
    assert deadline.is_late(at("2022-10-11", "15:00:01"))


@pytest.mark.parametrize(
    ("day", "venue", "open_for"),
    [
        ("2022-10-07", False, (True, False)),
        ("2022-10-07", True, (True, True)),
        ("2022-10-08", False, (False, False)),
        ("2022-10-08", True, (False, True)),
        ("2022-10-10", False, (False, False)),
        ("2022-10-10", True, (False, True)),
        ("2022-12-30", True, (False, False)),
    ],
)
def test_days_on_which_somebody_works_owe_a_list(
    day: str, venue: bool, open_for: tuple[bool, bool]
) -> None:
    """
    The telephone on weekdays, venues on any day; the site that never closes makes no day.
    """
    assert open_for == work(date.fromisoformat(day), venue=venue)


def test_a_day_is_over_at_midnight_in_tokyo() -> None:
    """
    Until then the booking site is open, and its numbers are not those of the day.
    """
    assert at("2022-10-09", "00:00") == day_ends(DAY)


def test_a_closure_can_take_a_day_of_work_away() -> None:
    """
    Nobody worked, so there is nothing to send.
    """
    storm = Closure(day=DAY, cause="台風")

    assert (False, False) == work(DAY, {"venue": [storm]}, venue=True)


def test_only_a_contract_with_the_rule_owes_a_list() -> None:
    """
    The rule is data of the contract.
    """
    owing = {
        slug
        for slug in ("ageo", "chiba", "ota", "urasoe", "yokosuka")
        if DUE_RULE in {rule.id for rule in city(slug).due_rules}
    }

    assert {"chiba"} == owing


def test_a_list_is_on_its_way_at_once_where_the_recipient_is_known() -> None:
    """
    Otherwise somebody has to see to it first.
    """
    known, unknown = (begin("case-1", DAY, by_itself=each) for each in (True, False))

    assert (Stage.SENDING, 1) == (known.stage, known.orders)
    assert (Stage.TO_SEND, 0) == (unknown.stage, unknown.orders)
    assert (Role.CLERK, Standing.WITH_PROVIDER) == (unknown.owner, unknown.standing)


STAGES = {
    "to_send": ListSending(case_id="case-1", day=DAY),
    "with_file": ListSending(case_id="case-1", day=DAY).made(FILE),
    "sending": begin("case-1", DAY, by_itself=True),
    "sending_with_file": begin("case-1", DAY, by_itself=True).made(FILE),
    "sent": begin("case-1", DAY, by_itself=True).mailed(FILE, NOON, late=False),
}
SEND, MAKE, HAND = Step


@pytest.mark.parametrize(
    ("stage", "possible"),
    [
        ("to_send", {SEND, MAKE}),
        ("with_file", {SEND, MAKE, HAND}),
        ("sending", {MAKE}),
        ("sending_with_file", {MAKE, HAND}),
        ("sent", set()),
    ],
)
def test_each_stage_has_its_steps_and_refuses_the_others(
    stage: str, possible: set[Step]
) -> None:
    """
    What is offered is what is possible, and nothing else.
    """
    value = STAGES[stage]
    take: dict[Step, Callable[[], ListSending]] = {
        SEND: value.order,
        MAKE: lambda: value.made(FILE),
        HAND: lambda: value.delivered(Means.MEDIUM, NOON, late=True),
    }

    assert possible == set(value.steps())
    for step, attempt in take.items():
        if step in possible:
            attempt()
        else:
            with pytest.raises(WrongStage):
                attempt()


def test_a_mail_that_was_refused_can_be_ordered_again() -> None:
    """
    With the trouble beside it until then.
    """
    refused = STAGES["sending"].not_mailed("recipient_refused")
    again = refused.order()

    assert (Stage.TO_SEND, "recipient_refused") == (refused.stage, refused.trouble)
    assert (True, False, None) == (
        again.is_being_sent(2),
        again.is_being_sent(1),
        again.trouble,
    )


def test_what_was_handed_over_is_the_file_that_was_made_last() -> None:
    """
    Who looks later finds its digest, and whether it was late.
    """
    sent = STAGES["with_file"].delivered(Means.SYSTEM, NOON, late=True)

    assert (True, FILE, Means.SYSTEM, True) == (sent.closed, sent.file, sent.means, sent.late)
    assert (None, Standing.CLOSED, ()) == (sent.owner, sent.standing, sent.steps())


CALLS = Figures(counts=(Count(asked=Wants.OTHER, way=Way.PHONE, number=3),))


@pytest.mark.parametrize(
    ("terms", "parts"),
    [
        (None, (Part.LIST,)),
        (ReportTerms(since=DAY, venue=False), (Part.LIST, Part.INQUIRIES)),
        (ReportTerms(since=DAY, venue=True), (Part.LIST, Part.INQUIRIES, Part.VISITORS)),
    ],
)
def test_a_day_has_as_many_parts_as_the_clause_asks_for(
    terms: ReportTerms | None, parts: tuple[Part, ...]
) -> None:
    """
    Two without a venue, three with one; the list alone where no report is owed.
    """
    assert parts == begin("case-1", DAY, by_itself=True, terms=terms).parts


def test_a_correction_is_the_next_version_and_waits_for_somebody() -> None:
    """
    It knows what was sent before; what was not sent is mended instead.
    """
    terms = ReportTerms(since=DAY, venue=False)
    open_yet = begin("case-1", DAY, by_itself=True, terms=terms)
    sent = open_yet.mailed(replace(FILE, figures=CALLS), NOON, late=False)

    again = sent.corrected("case-2", venue=True)

    assert ("case-2", DAY, 2, Stage.TO_SEND) == (
        again.case_id,
        again.day,
        again.version,
        again.stage,
    )
    assert again.terms == ReportTerms(since=DAY, venue=True, version=2, before=CALLS)
    for refused in (open_yet, STAGES["sent"]):
        with pytest.raises(WrongStage):
            refused.corrected("case-2", venue=True)
