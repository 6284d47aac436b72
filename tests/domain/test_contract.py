"""A contract answers for its term, its places, its facts, and never invents one."""

from dataclasses import replace
from datetime import date

import pytest
from pydantic import TypeAdapter

from domain.booking.booking_errors import UnknownLine
from domain.booking.booking_rules import BookingLine, BookingMode
from domain.calendars.calendar import Calendar
from domain.calendars.hours import Closure
from domain.contract import Contract, Fact, calendar_of, calendar_of_channel, deadline, due_rule
from domain.contract_parts import (
    Channel,
    ChannelKind,
    Duty,
    DutyRow,
    Procedure,
    Site,
    SiteKind,
    Term,
)
from domain.errors import (
    CalendarNotKnown,
    ContractDateMissing,
    ExtensionNotLater,
    FieldMissing,
    OutsideTerm,
    UnknownCalendar,
    UnknownDueRule,
)
from tests.domain.calendars import HOLIDAY_DATA, city_hall
from tests.domain.due_rules import rule

UNPINNED = Calendar(name="bare", label="", openings=()).holidays
AD_HOC = Site(
    id="mall",
    label="商業施設",
    kind=SiteKind.AD_HOC,
    valid_from=date(2026, 8, 1),
    valid_to=date(2026, 8, 2),
    agreement="協議 第3号",
)


def contract(**more: object) -> Contract:
    """Return a small contract whose first day is not yet known."""
    given: dict[str, object] = {
        "slug": "sample",
        "municipality": "見本市",
        "municipality_en": "Sample",
        "title": "窓口業務",
        "effective_from": date(2026, 4, 1),
        "term": Term(start=None, end=date(2027, 3, 31)),
        "holidays": HOLIDAY_DATA,
        "sites": (Site(id="hall", label="本庁舎"),),
        "channels": (
            Channel(id="desk", label="窓口", kind=ChannelKind.COUNTER, calendar="counter"),
            Channel(id="help", label="支援", kind=ChannelKind.DESK, calendar="counter"),
        ),
        "calendars": (replace(city_hall(), holidays=UNPINNED),),
        "due_rules": (rule(),),
        "facts": (
            Fact(path="parameters.call_centre.seats", value=6, clause="§5"),
            Fact(path="parameters.call_centre.answer_rate_min", value=0.9, clause="§5"),
            Fact(path="parameters.booth.attended", value=False, clause="§5"),
            Fact(path="parameters.kpi.target_value", value=None, unset=True, clause="§6"),
            Fact(path="parameters.consent.documents", value=("規約", "方針"), clause="§8"),
            Fact(
                path="parameters.desk.terminal_owner",
                value="city",
                assumed=True,
                question="Q-1",
            ),
        ),
        "silent": ("parameters.legal.retention",),
    }
    return Contract(**(given | more))  # type: ignore[arg-type]


@pytest.mark.req("OTA-01")
def test_a_contract_that_begins_on_its_contract_date_needs_that_date() -> None:
    """The date is not in the specification, so nobody may guess it."""
    with pytest.raises(ContractDateMissing):
        contract().activated()

    assert date(2026, 4, 6) == contract().activated(date(2026, 4, 6)).term.start


def test_a_stated_first_day_is_not_overwritten_at_activation() -> None:
    """The contract's own date wins over what somebody types."""
    stated = contract(term=Term(start=date(2026, 4, 1), end=date(2027, 3, 31)))

    assert date(2026, 4, 1) == stated.activated(date(2026, 5, 1)).term.start


@pytest.mark.parametrize(
    ("day", "inside"),
    [("2026-04-05", False), ("2026-04-06", True), ("2027-03-31", True), ("2027-04-01", False)],
)
def test_new_work_is_refused_outside_the_term(day: str, inside: bool) -> None:
    """Both ends of the term belong to it."""
    running = contract().activated(date(2026, 4, 6))

    assert inside == running.term.covers(date.fromisoformat(day))
    if not inside:
        with pytest.raises(OutsideTerm):
            running.require_in_term(date.fromisoformat(day))


def test_before_activation_no_day_is_in_the_term() -> None:
    """An unset first day must not mean "always"."""
    with pytest.raises(OutsideTerm):
        contract().require_in_term(date(2026, 8, 1))


def ending_with_the_term() -> Contract:
    """Return a contract of three calendars: to its last day, to an earlier, without end."""
    last = date(2027, 3, 31)
    plain = replace(city_hall(), holidays=UNPINNED)
    return contract(
        calendars=(
            replace(plain, name="centre", valid_to=last),
            replace(plain, name="summer", valid_to=date(2026, 8, 31)),
            replace(plain, name="counter"),
        ),
        facts=(
            Fact(path="term.end", value="2027-03-31", clause="§3"),
            Fact(path="calendars.centre.valid_to", value="2027-03-31", clause="§3"),
            Fact(path="calendars.summer.valid_to", value="2026-08-31", clause="§3"),
            Fact(path="due.final_report.on", value="2027-03-31", clause="§9"),
        ),
    ).activated(date(2026, 4, 1))


def test_an_amendment_prolongs_the_term_and_what_ends_with_it() -> None:
    """A place that was to close in summer still does."""
    longer = ending_with_the_term().extended(date(2027, 9, 30), "変更契約 第1号")
    ends = {calendar.name: calendar.valid_to for calendar in longer.calendars}

    longer.require_in_term(date(2027, 9, 30))
    with pytest.raises(OutsideTerm):
        longer.require_in_term(date(2027, 10, 1))
    assert {
        "centre": date(2027, 9, 30),
        "summer": date(2026, 8, 31),
        "counter": None,
    } == ends
    assert calendar_of(longer, "centre").is_open_on(date(2027, 9, 30))
    assert not calendar_of(ending_with_the_term(), "centre").is_open_on(date(2027, 9, 30))


def test_a_prolonged_value_names_its_amendment() -> None:
    """Who reads the new day sees where it comes from, and the day it replaced."""
    longer = ending_with_the_term().extended(date(2027, 9, 30), "変更契約 第1号")
    said = {fact.path: (fact.value, fact.note) for fact in longer.facts}
    note = "「変更契約 第1号」により2027年3月31日（水）から延長"

    assert {
        "term.end": ("2027-09-30", note),
        "calendars.centre.valid_to": ("2027-09-30", note),
        "calendars.summer.valid_to": ("2026-08-31", ""),
        "due.final_report.on": ("2027-03-31", ""),
    } == said


@pytest.mark.parametrize("day", ["2027-03-30", "2027-03-31"])
def test_an_amendment_makes_no_term_shorter(day: str) -> None:
    """Ending a contract early is not a matter of one date."""
    with pytest.raises(ExtensionNotLater):
        ending_with_the_term().extended(date.fromisoformat(day), "変更契約 第1号")


def test_nobody_prolongs_a_term_without_an_amendment() -> None:
    """A blank is no reference."""
    with pytest.raises(FieldMissing):
        ending_with_the_term().extended(date(2027, 9, 30), "　")


def test_a_term_reaches_no_further_than_the_holidays_known() -> None:
    """A later day would be counted as open though nobody knows."""
    known = HOLIDAY_DATA.last
    longer = ending_with_the_term().extended(known, "変更契約 第1号")

    assert known == longer.term.end
    with pytest.raises(CalendarNotKnown):
        ending_with_the_term().extended(date(known.year + 1, 1, 1), "変更契約 第1号")


@pytest.mark.req("OTA-03")
def test_a_place_can_be_added_for_its_days() -> None:
    """Afterwards it takes no visitors and is still known."""
    wider = contract().with_site(AD_HOC)
    on = {day: [site.id for site in wider.sites_on(date(2026, 8, day))] for day in (1, 2, 3)}

    assert {1: ["hall", "mall"], 2: ["hall", "mall"], 3: ["hall"]} == on
    assert AD_HOC in wider.sites


def test_an_added_place_names_its_days_and_its_agreement() -> None:
    """A place nobody agreed to is no place of the contract."""
    with pytest.raises(ValueError, match="agreement"):
        replace(AD_HOC, agreement=" ")
    with pytest.raises(ValueError, match="agreement"):
        replace(AD_HOC, valid_to=None)


def test_a_place_left_open_takes_nobody_until_it_is_settled() -> None:
    """「市が指定する場所」 is a promise of a place, not a place."""
    site = Site(id="other", label="その他指定場所", kind=SiteKind.OPEN)

    assert not site.takes_visitors_on(date(2026, 8, 1))


def test_channels_that_share_a_calendar_share_its_closures() -> None:
    """One object, so a storm cannot close one of them only."""
    storm = Closure(day=date(2026, 7, 6), cause="暴風警報")

    for channel in ("desk", "help"):
        assert not calendar_of_channel(contract(), channel, [storm]).is_open_on(storm.day)
    assert calendar_of(contract(), "counter").is_open_on(storm.day)


def test_a_deadline_is_counted_on_the_rules_own_calendar() -> None:
    """With the contract's holidays and the closures of the day."""
    storm = Closure(day=date(2026, 7, 17), cause="暴風警報")
    found = deadline(contract(), "handover", date(2026, 7, 6), [storm])

    assert "2026-07-16" == f"{found.target_at:%Y-%m-%d}"  # type: ignore[union-attr]
    assert due_rule(contract(), "handover") == found.rule


def test_what_a_contract_does_not_have_is_refused_by_name() -> None:
    """A page asked for a calendar of another city."""
    with pytest.raises(UnknownCalendar):
        calendar_of(contract(), "moon")
    with pytest.raises(UnknownDueRule):
        deadline(contract(), "moon", date(2026, 7, 6))


def test_facts_keep_their_type_and_unset_is_not_zero() -> None:
    """A rate of 0.0 would be a promise; an unset one is a question."""
    sample = contract()

    assert 6 == sample.integer("call_centre.seats")
    assert 0.9 == sample.number("call_centre.answer_rate_min")
    assert sample.flag("booth.attended") is False
    assert ("規約", "方針") == sample.texts("consent.documents")
    assert "city" == sample.text("desk.terminal_owner")
    assert sample.number("kpi.target_value") is None
    assert sample.text("legal.retention") is None
    assert sample.number("booth.attended") is None


def test_a_parameter_no_contract_knows_is_a_bug() -> None:
    """A typing mistake in the program must not read as "the city is silent"."""
    with pytest.raises(ValueError, match="no contract knows"):
        contract().fact("call_centre.seets")


def test_a_fact_is_either_set_or_unset() -> None:
    """An assumed value that is not there would be the worst of both."""
    with pytest.raises(ValueError, match="exclude"):
        Fact(path="x", value=None)
    with pytest.raises(ValueError, match="assumed"):
        Fact(path="x", value=None, unset=True, assumed=True)


def test_open_questions_and_warnings_name_what_is_not_settled() -> None:
    """What is asked of the city, and what is still empty."""
    assert ("Q-1",) == contract().open_questions
    assert ("が定まっていません（§6）",) == contract().warnings


def test_a_line_of_bookings_is_looked_up_by_its_name() -> None:
    """A page asked for a line of another city."""
    walk_in = BookingLine(id="delivery", label="交付受付", mode=BookingMode.WALK_IN)
    sample = contract(bookings=(walk_in,))

    assert walk_in == sample.booking("delivery")
    for lines in ((walk_in,), ()):
        with pytest.raises(UnknownLine):
            contract(bookings=lines).booking("moon")


def test_a_line_whose_keeper_is_not_settled_is_warned_of() -> None:
    """It cannot be booked, and somebody should ask why."""
    unsettled = BookingLine(
        id="delivery", label="交付受付", mode=BookingMode.UNSET, clause="§6"
    )
    said = "交付受付の予約をどこで管理するかが定まっていません（§6）"

    assert said in contract(bookings=(unsettled,)).warnings
    assert said not in contract().warnings


def test_duties_and_procedures_are_looked_up_by_their_own_names() -> None:
    """The mark of the table is the city's word for the duty."""
    row = DutyRow(mark="ウ", text="任意代理人受取", duty=Duty.CITY)
    delivery = Procedure(code="card_delivery", label="カード交付", duty=Duty.PROVIDER)
    sample = contract(duties=(row,), procedures=(delivery,))

    assert Duty.CITY is sample.duty("ウ")
    assert sample.duty("エ") is None
    assert delivery == sample.procedure("card_delivery")
    assert sample.procedure("reissue") is None
    assert ["委", "市", "委/市"] == [duty.ja for duty in Duty]


def test_what_may_not_be_entrusted_is_the_citys() -> None:
    """A non-delegable procedure of the provider is a contradiction."""
    with pytest.raises(ValueError, match="may not be entrusted"):
        Procedure(code="decide", label="決定", duty=Duty.PROVIDER, delegable=False)


def test_a_contract_survives_the_wire() -> None:
    """A case carries the rules it began with by value."""
    adapter = TypeAdapter(Contract)
    sample = contract().with_site(AD_HOC)

    assert sample == adapter.validate_json(adapter.dump_json(sample))
