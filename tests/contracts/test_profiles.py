"""What the five contracts say, compared with the specifications' own arithmetic."""

import pytest

from contracts.loader import load
from domain.calendars.hours import Intake
from domain.contract import Contract
from domain.contract_parts import ChannelKind, Duty, SiteKind
from tests.contracts.cities import SLUGS, calendar, city


def numbers(contract: Contract, path: str) -> list[int]:
    """Return a list of numbers among the parameters."""
    value = contract.fact(path).value
    assert isinstance(value, tuple)
    return [int(item) for item in value]


def whole(contract: Contract, path: str) -> int:
    """Return a whole number that the contract states."""
    value = contract.integer(path)
    assert value is not None, path
    return value


@pytest.mark.req("AGEO-40")
def test_ageos_expected_calls_add_up() -> None:
    """Twelve months of inquiries and reservations give the year, the peaks the peak."""
    ageo = city("ageo")
    calls = {
        key: whole(ageo, f"volumes.calls_{key}")
        for key in (
            "inquiry_month_avg",
            "inquiry_month_max",
            "inquiry_year",
            "reservation_month_avg",
            "reservation_month_max",
            "reservation_year",
            "month_avg",
            "month_max",
            "year",
        )
    }

    assert calls["inquiry_month_avg"] * 12 == calls["inquiry_year"] == 15600
    assert calls["reservation_month_avg"] * 12 == calls["reservation_year"] == 24000
    assert calls["inquiry_year"] + calls["reservation_year"] == calls["year"] == 39600
    assert calls["inquiry_month_avg"] + calls["reservation_month_avg"] == calls["month_avg"]
    assert calls["inquiry_month_max"] + calls["reservation_month_max"] == calls["month_max"]
    assert 3600 == calls["month_max"]


@pytest.mark.req("OTA-23")
@pytest.mark.parametrize(("year", "total"), [("r5", 19000), ("r6", 26000)])
def test_otas_reference_years_add_up(year: str, total: int) -> None:
    """Notices and application-time visits are all the cards of a year."""
    ota = city("ota")
    parts = [whole(ota, f"volumes.{part}_{year}") for part in ("notices", "application_visit")]

    assert total == sum(parts) == whole(ota, f"volumes.cards_{year}")


@pytest.mark.req("CHIBA-31")
def test_chibas_expected_calls_are_195_days_of_260() -> None:
    """195 is neither of the open-day counts; the stated total is kept as stated."""
    chiba = city("chiba")
    a_day = sum(
        whole(chiba, f"volumes.calls_{kind}_per_day") for kind in ("booking", "change", "other")
    )

    assert 260 == a_day
    assert a_day * 39 * 5 == whole(chiba, "volumes.calls_total") == 50700


@pytest.mark.req("YOKOSUKA-48")
def test_yokosukas_cards_of_the_city_add_up() -> None:
    """Eight months."""
    yokosuka = city("yokosuka")
    months = numbers(yokosuka, "volumes.cards_city")

    assert len(yokosuka.texts("volumes.months")) == len(months) == 8
    assert sum(months) == whole(yokosuka, "volumes.cards_city_total") == 34063


@pytest.mark.req("YOKOSUKA-50")
def test_yokosukas_certificates_of_the_city_add_up() -> None:
    """Eight months."""
    yokosuka = city("yokosuka")
    months = numbers(yokosuka, "volumes.certificates_city")

    assert sum(months) == whole(yokosuka, "volumes.certificates_city_total") == 33166


@pytest.mark.req("YOKOSUKA-51")
def test_yokosukas_certificates_of_the_centre_are_a_tenth_cut_month_by_month() -> None:
    """Stored as given: computing them again would give 3,316."""
    yokosuka = city("yokosuka")
    whole_city = numbers(yokosuka, "volumes.certificates_city")
    centre = numbers(yokosuka, "volumes.certificates_centre")

    assert centre == [month // 10 for month in whole_city]
    assert sum(centre) == whole(yokosuka, "volumes.certificates_centre_total") == 3313
    assert 3316 == sum(whole_city) // 10


@pytest.mark.parametrize(
    ("slug", "stated"),
    [
        (
            "ageo",
            {
                "booth.count": 4,
                "booth.wheelchair_min": 1,
                "desk.staff_min": 2,
                "call_centre.seats": 6,
                "queue.waiting_threshold": 4,
                "staffing.booth_min": 1,
                "staffing.call_centre_min": 1,
                "staffing.support_desk_min_always": 2,
                "volumes.online_per_month": 1000,
                "volumes.online_per_year": 12000,
            },
        ),
        (
            "urasoe",
            {
                "booth.count": 2,
                "desk.staff_min": 1,
                "equipment.inspection_per_week": 1,
                "billing.full_closure_counts": 0,
                "billing.partial_closure_counts": 1,
            },
        ),
        (
            "ota",
            {
                "call_centre.lines_min": 2,
                "venues.days_per_month_planned": 2,
                "staffing.responsible_person_min": 1,
                "back_office.returned_mail_attempts": 3,
            },
        ),
        (
            "chiba",
            {
                "venues.sessions_total_min": 474,
                "venues.days_per_week": 4,
                "venues.places_per_day_desirable": 3,
                "venues.capacity_per_session": 100,
                "novelty.budget_jpy": 30_000_000,
                "billing.instalments": 10,
                "staffing.city_staff_positions": 4,
                "equipment.lent_application_terminal": 3,
                "equipment.lent_wifi_router": 2,
                "equipment.lent_photo_screen": 2,
                "equipment.lent_ring_light": 1,
            },
        ),
        (
            "yokosuka",
            {
                "kpi.security_incidents": 0,
                "volumes.cards_new_per_year": 20000,
            },
        ),
    ],
)
def test_the_figures_of_each_specification_stand_in_its_profile(
    slug: str, stated: dict[str, int]
) -> None:
    """A figure changed by a slip of the hand would change what a city is promised."""
    contract = city(slug)

    assert stated == {path: contract.integer(path) for path in stated}


@pytest.mark.req("YOKOSUKA-02")
def test_yokosuka_has_one_site() -> None:
    """The centre and nothing else."""
    sites = city("yokosuka").sites

    assert [("産業交流プラザ", SiteKind.FIXED)] == [(site.label, site.kind) for site in sites]


def test_yokosukas_duty_table_has_its_twenty_rows() -> None:
    """委 six, 市 twelve, both two, as printed in §7."""
    yokosuka = city("yokosuka")
    by_duty = {
        duty: "".join(row.mark for row in yokosuka.duties if row.duty is duty) for duty in Duty
    }

    assert {
        Duty.PROVIDER: "アイエカクサ",
        Duty.CITY: "ウオキコシスセソタチツテ",
        Duty.SHARED: "ケト",
    } == by_duty
    assert tuple("イウエオカキクケコ") == yokosuka.duties[0].covers


def test_ageo_has_three_channels() -> None:
    """Booths, a desk and a call centre, two of them on one calendar."""
    kinds = [(channel.kind, channel.calendar) for channel in city("ageo").channels]

    assert [
        (ChannelKind.BOOTH, "counter"),
        (ChannelKind.DESK, "counter"),
        (ChannelKind.PHONE, "call_centre"),
    ] == kinds


def test_otas_other_card_processing_has_a_code_each() -> None:
    """Thirteen kinds that the clause names, and its "etc."; what it forbids is the city's."""
    ota = city("ota")
    other = [entry for entry in ota.procedures if entry.clause == "§6(1)④"]
    provided = [entry.code for entry in other if entry.duty is Duty.PROVIDER]
    reserved = [entry.code for entry in ota.procedures if not entry.delegable]

    assert 14 == len(provided) == len(set(provided)) == len({each.label for each in other})
    assert ["issue_decision"] == reserved
    assert all(entry.legal_basis for entry in ota.procedures)


def test_express_issue_is_the_providers_in_ota_and_the_citys_in_yokosuka() -> None:
    """The same request, two contracts, two answers."""
    support = city("ota").procedure("application_support")
    express = city("yokosuka").procedure("express_issue")

    assert support is not None
    assert "express" in support.types
    assert Duty.PROVIDER is support.duty
    assert express is not None
    assert Duty.CITY is express.duty


def test_chibas_table_of_deliverables_is_complete() -> None:
    """Ten lines in the order of the table; those without a date have none."""
    deliverables = city("chiba").deliverables

    assert [
        "work_plan",
        "privacy_officer_and_training_plan",
        "offsite_work_request",
        "minutes",
        "site_proposal",
        "manual_qa",
        "reservation_list",
        "daily_report",
        "monthly_report",
        "final_report",
    ] == [entry.id for entry in deliverables]
    assert 8 == len(deliverables[0].contents)


def test_otas_lists_are_mapped_by_the_contract() -> None:
    """The headers belong to the city, the fields to the product."""
    lists = {each.id: each for each in city("ota").lists}
    issue = {column.field: column for column in lists["issue_list"].columns}
    words = {(w.field, w.word): w.meaning for w in lists["issue_list"].words}

    assert {"issue_list", "resident", "card_face"} == set(lists)
    assert ("照会番号",) == issue["inquiry_number"].headers
    assert issue["inquiry_number"].required
    assert not issue["name_kana"].required
    assert "visit_at_application" == words["receipt", "申請時来庁"]
    assert {"転出", "国外転出"} == {
        w.word for w in lists["resident"].words if w.meaning == "moved_out"
    }


def test_otas_notice_says_only_what_the_specification_or_an_assumption_says() -> None:
    """No address, no telephone and no pick-up deadline are known."""
    notice = city("ota").notice

    assert notice is not None
    assert notice.pickup_days is None
    assert (None, None, None) == (
        notice.texts.telephone,
        notice.texts.office_address,
        notice.texts.booking_url,
    )
    assert ("太田市役所本庁舎 1階 市民課",) == notice.texts.pickup_place


@pytest.mark.parametrize("slug", SLUGS)
def test_no_contract_states_how_long_data_is_kept(slug: str) -> None:
    """An invented retention period would be unlawful."""
    assert city(slug).text("legal.retention") is None
    assert any("保存期間" in warning for warning in city(slug).warnings)


@pytest.mark.parametrize(
    ("slug", "rate"), [("ageo", 0.9), ("chiba", 0.85), ("ota", None), ("yokosuka", None)]
)
def test_the_answer_rate_is_what_the_clause_says_or_nothing(
    slug: str, rate: float | None
) -> None:
    """A default would turn one city's promise into another's."""
    assert rate == city(slug).number("call_centre.answer_rate_min")


def test_urasoe_is_silent_where_others_speak() -> None:
    """No telephone, no reservation, no queue threshold, no volumes."""
    silent = city("urasoe").silent

    for path in (
        "call_centre.seats",
        "reservation.after_confirmation",
        "queue.waiting_threshold",
        "volumes.online_per_year",
    ):
        assert f"parameters.{path}" in silent


@pytest.mark.parametrize(
    ("slug", "name", "intake"),
    [
        ("urasoe", "counter", Intake.WHOLE_MINUTE),
        ("ageo", "counter", Intake.EXACT),
        ("ageo", "call_centre", Intake.BEFORE),
    ],
)
def test_how_the_last_moment_is_read_is_data(slug: str, name: str, intake: Intake) -> None:
    """Each reading is an assumption a city can change."""
    openings = calendar(slug, name).openings

    assert {intake} == {opening.hours.intake for opening in openings}


@pytest.mark.parametrize("slug", SLUGS)
def test_holidays_reach_from_before_the_term_to_two_years_after(slug: str) -> None:
    """Reports of March and complaints of the year after still find open days."""
    contract = load(slug).contract
    first = contract.term.start or contract.term.start_planned or contract.term.end

    assert contract.holidays.first.year < first.year
    assert contract.term.end.year + 2 == contract.holidays.last.year
