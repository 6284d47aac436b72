"""What contracts promise: what has to be in it, what keeps it, what stays shut until then."""

from datetime import date

import pytest

from domain.actions import form_of, forms_now
from domain.booking.booking_rules import BookingChannel
from domain.case import CaseKind
from domain.errors import FieldMissing, WrongStage
from domain.obligations.holding import held_back
from domain.obligations.obligation import Obligation, Stage, VersionState
from domain.obligations.obligation_errors import NotLiveYet, SectionsMissing
from domain.obligations.obligation_forms import narrowed
from domain.obligations.terms import Counts, Nature, ObligationTerms
from domain.parties import Role, Standing
from tests.contracts.cities import at, city, due
from tests.obligations_at_hand import a_promise

SIGNED = date(2022, 5, 20)
MONDAY = at("2022-05-30", "10:00")


def plan(*sections: int) -> Obligation:
    """Return Chiba's work plan with a draft that holds some sections."""
    value = a_promise("chiba", "work_plan", counted_from=SIGNED)
    return value.save("P-001", sections, MONDAY, provisional=False)


def manual(*, approved: bool, begins: date | None = date(2022, 6, 8)) -> Obligation:
    """Return Chiba's manual, submitted, and approved if it is to be."""
    value = a_promise("chiba", "manual_qa", counted_from=begins)
    value = value.save("M-001", (), MONDAY, provisional=False).submit(MONDAY, late=False)
    return value.approve(MONDAY, late=False) if approved else value


@pytest.mark.req("CHIBA-64")
def test_chibas_work_plan_is_due_fourteen_days_after_the_contract() -> None:
    """
    Signed on 20 May, due on 3 June; eight sections, and the city approves.
    """
    terms = plan().terms

    assert "2022-06-03" == due("chiba", str(terms.due), "2022-05-20").due_day.isoformat()
    assert (8, True) == (len(terms.sections), terms.approval)
    assert all(terms.sections)


@pytest.mark.req("CHIBA-64")
@pytest.mark.parametrize("missing", range(1, 9))
def test_a_plan_that_lacks_a_section_cannot_be_submitted(missing: int) -> None:
    """
    The refusal names it; with all eight it goes to the city.
    """
    whole = tuple(range(1, 9))
    value = plan(*(place for place in whole if place != missing))

    with pytest.raises(SectionsMissing, match=value.terms.sections[missing - 1]):
        value.submit(MONDAY, late=False)

    assert Stage.OWED is value.stage
    assert Stage.SUBMITTED is plan(*whole).submit(MONDAY, late=False).stage


@pytest.mark.req("CHIBA-64")
def test_a_changed_plan_is_approved_likewise_and_the_old_one_is_kept() -> None:
    """
    Until the new one is approved the old one is the one to work by.
    """
    first = plan(*range(1, 9)).submit(MONDAY, late=False).approve(MONDAY, late=False)
    second = first.save("P-002", tuple(range(1, 9)), MONDAY, provisional=False)
    second = second.submit(MONDAY, late=False)
    returned = second.send_back(MONDAY)
    third = returned.save("P-003", tuple(range(1, 9)), MONDAY, provisional=False)
    third = third.submit(MONDAY, late=True).approve(MONDAY, late=True)

    assert (Stage.SUBMITTED, "P-001") == (second.stage, _in_force(second))
    assert (Stage.IN_FORCE, "P-001") == (returned.stage, _in_force(returned))
    assert (Stage.IN_FORCE, "P-003") == (third.stage, _in_force(third))
    assert ["P-001", "P-002", "P-003"] == [version.reference for version in third.versions]
    assert [VersionState.APPROVED, VersionState.RETURNED, VersionState.APPROVED] == [
        version.state for version in third.versions
    ]
    assert not third.late, "the promise was kept by the first"


def test_what_was_submitted_is_written_over_no_more() -> None:
    """
    A draft is; a version that is with the city waits for the city.
    """
    draft = plan(1).save("P-001b", (1, 2), MONDAY, provisional=False)
    submitted = plan(*range(1, 9)).submit(MONDAY, late=False)

    assert ["P-001b"] == [version.reference for version in draft.versions]
    with pytest.raises(WrongStage):
        submitted.save("P-002", (), MONDAY, provisional=False)
    assert Standing.OFFERED is submitted.standing


@pytest.mark.req("CHIBA-65")
def test_chibas_manual_is_counted_back_from_the_day_bookings_begin() -> None:
    """
    They begin on 8 June, so it is approved by 1 June; submitting it keeps no promise.
    """
    terms = manual(approved=False).terms
    found = due("chiba", str(terms.due), "2022-06-08")

    assert (Counts.APPROVAL, "予約開始日") == (terms.counts, terms.agreed_day)
    assert "2022-06-01" == found.due_day.isoformat()
    assert (False, True) == (manual(approved=False).kept, manual(approved=True).kept)


@pytest.mark.req("CHIBA-65")
@pytest.mark.parametrize(
    ("value", "today", "opens"),
    [
        (manual(approved=False), date(2022, 6, 8), False),
        (manual(approved=True), date(2022, 6, 7), False),
        (manual(approved=True), date(2022, 6, 8), True),
        (manual(approved=True, begins=None), date(2022, 6, 8), False),
    ],
)
def test_bookings_begin_once_it_is_approved_and_their_day_has_come(
    value: Obligation, today: date, opens: bool
) -> None:
    """
    Not sooner than was agreed on, and not without approval.
    """
    chiba = city("chiba")
    held = held_back(chiba, [value.terms.code] if value.lifted_on(today) else [])

    assert opens is value.lifted_on(today)
    for channel in (BookingChannel.WEB, BookingChannel.PHONE):
        assert opens is (held.booking(chiba, channel) is None)
    assert None is held.booking(chiba, BookingChannel.WINDOW)


@pytest.mark.req("CHIBA-77")
def test_chibas_final_report_is_kept_by_a_provisional_version_and_re_issued() -> None:
    """
    Provisional on 31 March, final after the last daily report of 3 April; both are kept.
    """
    value = a_promise("chiba", "final_report", counted_from=SIGNED)
    found = due("chiba", str(value.terms.due), "2022-05-20")
    last_day, after = at("2023-03-31", "17:00"), at("2023-04-04", "10:00")

    first = value.save("暫定版", (1, 2, 3, 4), last_day, provisional=True)
    first = first.submit(last_day, late=found.is_late(last_day))
    final = first.save("確定版", (1, 2, 3, 4), after, provisional=False)
    final = final.submit(after, late=found.is_late(after))

    assert ("2023-03-31", True) == (found.due_day.isoformat(), found.rule.contractual)
    assert (Stage.PROVISIONAL, True, False) == (first.stage, first.kept, first.closed)
    assert (Stage.MET, False) == (final.stage, final.late)
    assert [("暫定版", True), ("確定版", False)] == [
        (version.reference, version.provisional) for version in final.versions
    ]
    assert "令和5年3月31日" in value.terms.conflict
    assert "委託業務完了後" in value.terms.conflict


@pytest.mark.req("AGEO-18")
def test_before_the_signal_only_what_needs_no_booth_can_be_chosen() -> None:
    """
    What is done at the desk or by telephone as well goes on there.
    """
    ageo = city("ageo")
    held = held_back(ageo, [])
    chosen = [each.code for each in ageo.procedures if held.allows(each)]
    booth_only = [each.code for each in ageo.procedures if each.channels == ("online_booth",)]

    assert ["application_online"] == booth_only
    assert [each.code for each in ageo.procedures if each.code not in booth_only] == chosen
    with pytest.raises(NotLiveYet, match="全ての業務の開始"):
        held.require_channel("online_booth")
    held.require_channel("support_desk")
    assert all(held_back(ageo, ["go_live"]).allows(each) for each in ageo.procedures)


@pytest.mark.req("AGEO-18")
def test_ageos_milestone_is_the_second_morning() -> None:
    """
    By 8:30 of 2 April 2026, and by nobody's guess.
    """
    terms = a_promise("ageo", "go_live").terms
    found = due("ageo", str(terms.due), "2026-04-01")

    assert (Nature.MILESTONE, "2026-04-02 08:30") == (
        terms.nature,
        f"{found.due_at:%Y-%m-%d %H:%M}",
    )
    assert found.rule.contractual


def test_a_checklist_is_kept_by_evidence_for_every_item_and_nothing_less() -> None:
    """
    Each says who saw what, and when.
    """
    value = a_promise("ageo", "toll_free_handover")
    with pytest.raises(FieldMissing):
        value.show(1, "  ", MONDAY, Role.SITE_MANAGER, late=False)
    for item in (1, 3):
        value = value.show(item, f"記録{item}", MONDAY, Role.SITE_MANAGER, late=False)
    before = value.closed
    with pytest.raises(WrongStage):
        value.show(3, "もう一度", MONDAY, Role.SITE_MANAGER, late=False)
    value = value.show(2, "記録2", MONDAY, Role.OPERATIONS_MANAGER, late=False)

    assert (False, True, Stage.MET) == (before, value.closed, value.stage)
    assert [1, 3, 2] == [each.item for each in value.evidence]


def test_a_form_asks_only_what_this_promise_needs() -> None:
    """
    Sections where there are some, a provisional version where one counts.
    """
    plan_form = narrowed(form_of(CaseKind.OBLIGATION, "save_version"), plan(1))
    final = a_promise("chiba", "final_report")
    final_form = narrowed(form_of(CaseKind.OBLIGATION, "save_version"), final)

    assert ["reference", "sections"] == [field.name for field in plan_form.fields]
    assert 8 == len(plan_form.fields[1].choices)
    assert "provisional" in {field.name for field in final_form.fields}
    seen = forms_now(CaseKind.OBLIGATION, manual(approved=False), None, Role.OFFICIAL)
    assert ["承認する", "差し戻す", "予約開始日を変える"] == [form.label for form in seen]


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": ""},
        {"counts": Counts.APPROVAL},
        {"nature": Nature.CHECKLIST},
        {"nature": Nature.MILESTONE, "approval": True},
        {"nature": Nature.MILESTONE, "sections": ("目的",)},
        {"provisional": True, "approval": True},
    ],
)
def test_terms_that_contradict_themselves_are_refused(wrong: dict[str, object]) -> None:
    """
    A contract file with them is not loaded.
    """
    with pytest.raises(ValueError, match=r"[a-z]"):
        ObligationTerms(**({"code": "x", "label": "約束"} | wrong))  # type: ignore[arg-type]


def _in_force(value: Obligation) -> str:
    assert value.in_force is not None
    return value.in_force.reference


PUBLICITY = (
    "publicity_place_and_hours",
    "publicity_notice_to_residents",
    "publicity_leaflet",
    "publicity_website",
)


@pytest.mark.parametrize("code", PUBLICITY)
def test_what_the_public_reads_is_drafted_checked_and_then_published(code: str) -> None:
    """
    Nothing is published that the city has not checked; a new version is checked anew.
    """
    draft = a_promise("yokosuka", code, counted_from=SIGNED)
    draft = draft.save("R-1", (), MONDAY, provisional=False)
    asked = draft.submit(MONDAY, late=False)
    checked = asked.approve(MONDAY, late=False)
    public = checked.show(0, "市のページ", MONDAY, Role.SITE_MANAGER, late=False)
    second = public.save("R-2", (), MONDAY, provisional=False).submit(MONDAY, late=False)

    for early in (draft, asked, public, second):
        with pytest.raises(WrongStage):
            early.show(0, "市のページ", MONDAY, Role.SITE_MANAGER, late=False)
    assert (Stage.IN_FORCE, Role.OPERATIONS_MANAGER) == (checked.stage, checked.owner)
    assert (Stage.PUBLISHED, None, MONDAY) == (
        public.stage,
        public.owner,
        public.versions[0].published_at,
    )
    assert [(1, "市のページ")] == [(each.item, each.words) for each in public.evidence]
    assert Stage.PUBLISHED is second.send_back(MONDAY).stage
    again = second.approve(MONDAY, late=False)
    assert (Stage.IN_FORCE, None) == (again.stage, again.versions[1].published_at)
    form = narrowed(form_of(CaseKind.OBLIGATION, "record_evidence"), checked)
    assert ["evidence"] == [field.name for field in form.fields]
