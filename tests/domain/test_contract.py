"""A contract answers for its term, its places, its facts, and never invents one."""

from dataclasses import replace
from datetime import date

import pytest
from pydantic import TypeAdapter

from domain.calendar import Calendar
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
    ContractDateMissing,
    OutsideTerm,
    UnknownCalendar,
    UnknownDueRule,
)
from domain.hours import Closure
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
