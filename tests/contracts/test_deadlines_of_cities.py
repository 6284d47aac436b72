"""The due rules of the five cities, with the dates a reader of the clauses would find."""

from datetime import date, datetime, timedelta

import pytest
from pydantic import TypeAdapter

from domain.calendars.hours import TOKYO
from domain.contract import deadline
from domain.deadlines.deadline import Deadline, Flag, Meaning, Urgency
from domain.deadlines.due_rules import Missing, NotComputable, Unit
from domain.deadlines.due_words import explain
from domain.parties import Party, Role
from tests.contracts.cities import SLUGS, at, calendar, city, due, due_and_target

_EVENT = datetime(2026, 7, 6, 10, 0, tzinfo=TOKYO)


@pytest.mark.req("OTA-20")
@pytest.mark.parametrize(
    ("delivered", "due_at", "target"),
    [
        ("2026-12-17", "2026-12-31", "2026-12-28"),
        ("2026-04-22", "2026-05-06", "2026-05-01"),
        ("2026-06-01", "2026-06-15", "2026-06-15"),
    ],
)
def test_ota_notices_are_due_two_weeks_after_delivery(
    delivered: str, due_at: str, target: str
) -> None:
    """The day after delivery is day one; a closed due day moves the target only."""
    assert (f"{due_at} 23:59:59", target) == due_and_target("ota", "notice_handover", delivered)


@pytest.mark.req("OTA-20")
def test_ota_notices_not_handed_over_warn_then_breach() -> None:
    """Warning days before the target, the breach at midnight, then up the ladder."""
    lot = due("ota", "notice_handover", "2026-12-17")
    heard = [(f"{alarm.at:%Y-%m-%d %H:%M}", alarm.meaning, alarm.role) for alarm in lot.alarms]

    assert [
        ("2026-12-21 08:30", Meaning.WARN, None),
        ("2026-12-24 08:30", Meaning.WARN, None),
        ("2026-12-28 08:30", Meaning.WARN, None),
        ("2026-12-28 17:15", Meaning.TARGET_PASSED, None),
        ("2026-12-28 17:15", Meaning.ESCALATE, Role.SITE_MANAGER),
        ("2027-01-01 00:00", Meaning.BREACH, None),
        ("2027-01-04 08:30", Meaning.ESCALATE, Role.OPERATIONS_MANAGER),
        ("2027-01-05 08:30", Meaning.ESCALATE, Role.OFFICIAL),
    ] == heard


def test_ota_notices_explain_their_date() -> None:
    """The sentence that stands on the screen beside the date."""
    assert (
        "納品日 7月6日の翌日を1日目として14日目。市役所の閉庁日のため目標は7月17日（金）"
    ) == explain(due("ota", "notice_handover", "2026-07-06"))


@pytest.mark.req("OTA-63")
@pytest.mark.parametrize(
    ("last_day", "due_at", "flagged"),
    [("2027-03-31", "2027-04-30 23:59:59", False), ("2027-03-30", "2027-04-29 23:59:59", True)],
)
def test_ota_completion_report_is_due_thirty_days_after_the_last_day(
    last_day: str, due_at: str, flagged: bool
) -> None:
    """It outlives the term; on a holiday the missing roll rule is flagged, not invented."""
    report = due("ota", "completion_report", last_day)

    assert due_at == f"{report.due_at:%Y-%m-%d %H:%M:%S}"
    assert flagged == (Flag.CLOSED_DAY in report.flags)
    assert Flag.AFTER_TERM in report.flags


@pytest.mark.req("AGEO-65")
def test_ageo_setup_cost_is_paid_within_thirty_days_of_the_invoice() -> None:
    """A duty of the city, counted from the receipt of the invoice."""
    payment = due("ageo", "setup_payment", "2026-05-08")

    assert date(2026, 6, 7) == payment.due_day
    assert Party.CITY is payment.rule.owed_by
    assert Urgency.BREACHED is payment.urgency(at("2026-06-08", "00:00"))


def test_ageo_is_fully_live_on_its_second_morning() -> None:
    """A breach exists from the first second after half past eight."""
    live = due("ageo", "go_live", "2026-04-01")

    assert at("2026-04-02", "08:30") == live.due_at
    assert live.is_late(at("2026-04-02", "08:30:01"))


@pytest.mark.parametrize(
    ("week", "last"),
    [
        ("2025-07-01", "2025-07-04"),
        ("2025-07-08", "2025-07-13"),
        ("2025-07-15", "2025-07-19"),
        ("2026-01-19", "2026-01-23"),
    ],
)
def test_urasoe_inspects_by_each_weeks_last_open_day(week: str, last: str) -> None:
    """A week ends on its open Sunday or Saturday where it has one."""
    inspection = due("urasoe", "weekly_inspection", week)

    assert date.fromisoformat(last) == inspection.due_day


def test_urasoe_owes_no_inspection_in_a_week_without_open_days() -> None:
    """From 2025-12-29 to 2026-01-04 nothing is open."""
    found = deadline(city("urasoe"), "weekly_inspection", date(2025, 12, 31))

    assert isinstance(found, NotComputable)


@pytest.mark.req("CHIBA-29")
@pytest.mark.parametrize("rule_id", ["reservation_list", "daily_report"])
def test_chiba_lists_are_due_at_three_on_the_next_business_day(rule_id: str) -> None:
    """A Saturday before a holiday Monday is reported on Tuesday."""
    assert ("2022-10-11 15:00:00", "2022-10-11") == due_and_target(
        "chiba", rule_id, "2022-10-08"
    )


@pytest.mark.req("CHIBA-49")
def test_chiba_forms_reach_the_city_by_the_next_business_day() -> None:
    """Overdue forms reach the operations manager when the doors open again."""
    forms = due("chiba", "forms_delivery", "2022-07-15")
    last = forms.alarms[-1]

    assert date(2022, 7, 19) == forms.due_day
    assert (Meaning.ESCALATE, Role.OPERATIONS_MANAGER, at("2022-07-20", "08:30")) == (
        last.meaning,
        last.role,
        last.at,
    )


def test_chiba_work_plan_and_manual_are_counted_forwards_and_backwards() -> None:
    """Fourteen days after the contract, seven days before booking starts."""
    assert date(2022, 6, 3) == due("chiba", "work_plan", "2022-05-20").due_day
    assert date(2022, 6, 1) == due("chiba", "manual_approval", "2022-06-08").due_day


@pytest.mark.req("CHIBA-68")
@pytest.mark.parametrize(
    ("month", "due_at", "target"),
    [
        ("2022-08-31", "2022-09-10 23:59:59", "2022-09-09"),
        ("2022-09-30", "2022-10-10 23:59:59", "2022-10-07"),
        ("2022-07-31", "2022-08-10 23:59:59", "2022-08-10"),
        ("2023-03-31", "2023-04-10 23:59:59", "2023-04-10"),
    ],
)
def test_chiba_monthly_report_aims_early_where_the_tenth_is_closed(
    month: str, due_at: str, target: str
) -> None:
    """No roll rule is stated: the tenth stays due and the closed day is flagged."""
    report = due("chiba", "monthly_report", month)

    assert (due_at, target) == due_and_target("chiba", "monthly_report", month)
    assert (due_at[:10] != target) == (Flag.CLOSED_DAY in report.flags)


def test_chiba_march_reports_are_due_after_the_term() -> None:
    """The scheduler must not stop on the last day of the contract."""
    assert Flag.AFTER_TERM in due("chiba", "daily_report", "2023-03-31").flags
    assert date(2023, 4, 3) == due("chiba", "daily_report", "2023-03-31").due_day


@pytest.mark.req("YOKOSUKA-61")
@pytest.mark.parametrize(
    ("meeting", "expected"), [("2026-09-15", "2026-09-21"), ("2026-12-28", "2027-01-08")]
)
def test_yokosuka_minutes_are_due_on_the_third_open_day(meeting: str, expected: str) -> None:
    """Open days are the centre's, weekends included."""
    assert date.fromisoformat(expected) == due("yokosuka", "minutes", meeting).due_day


def test_yokosuka_minutes_on_the_other_calendar_would_be_earlier() -> None:
    """The alternative reading is a calendar of the contract too."""
    hall = calendar("yokosuka", "city_hall")

    assert date(2026, 9, 18) == hall.nth_open_day_after(date(2026, 9, 15), 3)


@pytest.mark.req("YOKOSUKA-66")
@pytest.mark.parametrize("rule_id", ["monthly_plan_and_result", "staff_development_report"])
@pytest.mark.parametrize(
    ("month", "expected", "after_term"),
    [
        ("2026-07-31", "2026-08-03", False),
        ("2026-08-31", "2026-09-05", False),
        ("2026-12-31", "2027-01-08", False),
        ("2027-03-31", "2027-04-04", True),
    ],
)
def test_yokosuka_monthly_reports_are_due_on_the_third_open_day_of_the_next_month(
    rule_id: str, month: str, expected: str, after_term: bool
) -> None:
    """The last of them falls after the term and says so."""
    report = due("yokosuka", rule_id, month)

    assert date.fromisoformat(expected) == report.due_day
    assert after_term == (Flag.AFTER_TERM in report.flags)


@pytest.mark.req("YOKOSUKA-66")
@pytest.mark.parametrize("month", [date(2026, 5, 31), date(2026, 6, 30)])
def test_yokosuka_months_before_the_opening_have_no_due_date(month: date) -> None:
    """A value that says why, where a crash would stop every other report too."""
    found = deadline(city("yokosuka"), "monthly_plan_and_result", month)

    assert isinstance(found, NotComputable)
    assert Missing.NO_OPEN_DAY is found.reason


@pytest.mark.req("YOKOSUKA-67")
@pytest.mark.parametrize("rule_id", ["annual_report", "manual_revised"])
def test_yokosuka_year_end_documents_aim_at_the_last_open_day(rule_id: str) -> None:
    """2027-03-31 is a Wednesday: due, and closed."""
    assert ("2027-03-31 23:59:59", "2027-03-30") == due_and_target(
        "yokosuka", rule_id, "2026-05-11"
    )


@pytest.mark.req("YOKOSUKA-68")
def test_yokosuka_service_levels_are_verified_by_the_third_open_day() -> None:
    """The draft is promised promptly and has no date; the report counts like the others."""
    draft = deadline(city("yokosuka"), "sla_indicator_draft", date(2026, 5, 11))

    assert isinstance(draft, NotComputable)
    assert date(2026, 9, 5) == due("yokosuka", "sla_verification_report", "2026-08-31").due_day


@pytest.mark.parametrize("slug", SLUGS)
def test_every_due_rule_gives_a_small_value_that_travels(slug: str) -> None:
    """Each rides in a workflow message, with its sentence, or says that it has no date."""
    adapter: TypeAdapter[Deadline | NotComputable] = TypeAdapter(Deadline | NotComputable)
    contract = city(slug)
    for rule in contract.due_rules:
        day = contract.term.end - timedelta(days=60)
        found = deadline(contract, rule.id, datetime.combine(day, _EVENT.timetz()))
        sent = adapter.dump_json(found)

        assert len(sent) < 1500, rule.id
        assert found == adapter.validate_json(sent)
        assert explain(found)
        assert isinstance(found, Deadline) or rule.unit is Unit.NOT_SET


@pytest.mark.parametrize("slug", SLUGS)
def test_what_a_clause_calls_prompt_is_no_contractual_date(slug: str) -> None:
    """Our length must never be shown to a city as its own."""
    for rule in city(slug).due_rules:
        ours = rule.due_type in {"promptly", "not_stated"}

        assert ours != rule.contractual, rule.id
        assert not (ours and rule.unit is not Unit.NOT_SET and not rule.assumed), rule.id
