"""What becomes of each kind of incident, and what has to come before its end."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from domain.errors import FieldMissing, WrongStage
from domain.incidents.errors import CityNotTold, HandOverMissing, WrittenReportMissing
from domain.incidents.incident import Incident
from domain.incidents.kinds import (
    ENDED,
    FOR_THE_CITY,
    STAGE_TEXT,
    WAYS,
    IncidentKind,
    Stage,
    Step,
)
from domain.parties import Action, Role
from tests.builders import at, today
from tests.incidents_at_hand import an_incident

NOW = at(today(), "11:00")
TOLD: dict[str, Any] = {
    "means": "phone",
    "for_city": "no",
    "substitute": "予備の1台",
    "document": "報告書 第1号",
    "revision": "運用マニュアル 第3版",
    "link": "https://files.example/manual-3",
    "section": "市民課",
    "outcome": "solved",
}
REPORTED = [("report_to_city", "reported"), ("settle_incident", "settled")]


def taken(value: Incident, *steps: Step, **more: Any) -> Incident:
    for step in steps:
        value = value.take(step, TOLD | more, now=NOW)
    return value


@pytest.mark.parametrize(
    ("kind", "way"),
    [
        (
            IncidentKind.FAULT,
            [
                ("take_out_of_service", "out_of_service"),
                ("assign_substitute", "substituted"),
                ("return_to_service", "back_in_service"),
            ],
        ),
        *((kind, REPORTED) for kind in sorted(FOR_THE_CITY)),
        (IncidentKind.VACANCY, [("fill_vacancy", "filled")]),
        (IncidentKind.CONSULTATION, [("record_consultation", "consulted")]),
        (IncidentKind.CHANGE_NOTICE, [("link_revision", "revised")]),
    ],
)
def test_each_kind_has_its_own_way_and_end(
    kind: IncidentKind, way: Sequence[tuple[str, str]]
) -> None:
    """
    The first step on offer is the ordinary one; at the end nothing is left to be done.
    """
    value = an_incident(kind)
    stages = [value.stage]
    for step, stage in way:
        assert step == value.steps()[0]
        value = taken(value, Step(step))
        assert stage == value.stage
        stages.append(value.stage)

    assert WAYS[kind] == tuple(stages)
    assert (True, (), None) == (value.closed, value.steps(), value.owner)


def test_every_step_is_an_action_and_every_stage_has_a_word() -> None:
    """
    A step nobody may take, or a stage without a word, would be found by a user.
    """
    assert {str(step) for step in Step} <= set(Action)
    assert set(Stage) == set(STAGE_TEXT)
    assert {stage for way in WAYS.values() for stage in way} | {Stage.WITHDRAWN} == set(Stage)


@pytest.mark.parametrize("kind", [k for k in IncidentKind if k is not IncidentKind.FAULT])
def test_a_step_of_another_kind_is_refused(kind: IncidentKind) -> None:
    """
    A complaint cannot be taken out of service.
    """
    with pytest.raises(WrongStage):
        taken(an_incident(kind), Step.TAKE_OUT_OF_SERVICE)


@pytest.mark.parametrize("kind", sorted(FOR_THE_CITY))
def test_what_the_city_has_to_hear_of_neither_ends_nor_is_withdrawn_before(
    kind: IncidentKind,
) -> None:
    """
    Also when it was a mistake: then that is what the city hears.
    """
    value = an_incident(kind)

    with pytest.raises(CityNotTold):
        taken(value, Step.SETTLE_INCIDENT)
    with pytest.raises(WrongStage):
        taken(value, Step.WITHDRAW_INCIDENT)
    assert taken(value, Step.REPORT_TO_CITY, Step.SETTLE_INCIDENT).closed
    assert NOW == taken(value, Step.REPORT_TO_CITY).reported_at


def test_what_is_the_citys_to_deal_with_ends_after_it_was_handed_over() -> None:
    """
    The first hand-over counts; a second one changes nothing.
    """
    value = taken(an_incident(IncidentKind.TROUBLE), Step.REPORT_TO_CITY, for_city="yes")

    with pytest.raises(HandOverMissing):
        taken(value, Step.SETTLE_INCIDENT)
    given = value.handed_over(NOW).handed_over(NOW + timedelta(hours=1))
    assert NOW == given.handed_over_at
    assert taken(given, Step.SETTLE_INCIDENT).closed


@pytest.mark.parametrize("kind", [IncidentKind.COMPLAINT, IncidentKind.TROUBLE])
def test_a_serious_matter_ends_after_its_written_report(kind: IncidentKind) -> None:
    """
    Where the contract wants it, whether it was serious at once or became so.
    """
    at_once = an_incident(kind, serious=True, written_if_serious=True)
    later = taken(an_incident(kind, written_if_serious=True), Step.MARK_SERIOUS)

    for value in (at_once, later):
        told = taken(value, Step.REPORT_TO_CITY)
        with pytest.raises(WrittenReportMissing):
            taken(told, Step.SETTLE_INCIDENT)
        assert Step.SUBMIT_WRITTEN_REPORT == told.steps()[0]
        assert taken(told, Step.SUBMIT_WRITTEN_REPORT, Step.SETTLE_INCIDENT).closed
    plain = an_incident(kind, serious=True)
    assert taken(plain, Step.REPORT_TO_CITY, Step.SETTLE_INCIDENT).closed


@pytest.mark.parametrize(
    ("kind", "more", "wanted"),
    [
        (IncidentKind.TROUBLE, {"serious": True, "consults": True}, True),
        (IncidentKind.VACANCY, {"consults": True}, True),
        (IncidentKind.TROUBLE, {"consults": True}, False),
        (IncidentKind.TROUBLE, {"serious": True}, False),
        (IncidentKind.VACANCY, {}, False),
        (IncidentKind.CHANGE_NOTICE, {"serious": True, "consults": True}, False),
    ],
)
def test_a_serious_matter_or_a_vacancy_is_consulted_on_once(
    kind: IncidentKind, more: dict[str, Any], wanted: bool
) -> None:
    """
    Where the contract asks for it, and not a second time.
    """
    value = an_incident(kind, **more)

    assert wanted == value.to_be_consulted
    assert not value.with_consultation("incident-2").to_be_consulted


def test_a_fault_may_be_mended_without_a_substitute_or_be_none() -> None:
    """
    Once the thing is out of service, only its return ends it.
    """
    out = taken(an_incident(IncidentKind.FAULT), Step.TAKE_OUT_OF_SERVICE)

    assert taken(out, Step.RETURN_TO_SERVICE).closed
    with pytest.raises(WrongStage):
        taken(out, Step.WITHDRAW_INCIDENT)
    none = taken(an_incident(IncidentKind.FAULT), Step.WITHDRAW_INCIDENT)
    assert (Stage.WITHDRAWN, True) == (none.stage, none.stage in ENDED)


@pytest.mark.parametrize(
    "link", ["https://files.example/m3", "http://intra/m3", r"\\server\share\manual"]
)
def test_a_change_ends_with_where_the_revised_manual_is(link: str) -> None:
    """
    An address on the web or a folder in the office.
    """
    done = taken(an_incident(IncidentKind.CHANGE_NOTICE), Step.LINK_REVISION, link=link)

    assert (link, Stage.REVISED) == (done.link, done.stage)


@pytest.mark.parametrize(
    "link", ["", "棚の上", "javascript:alert(1)", "https://", "https://a b"]
)
def test_what_is_no_address_is_no_link(link: str) -> None:
    """
    Nobody could find the version, and a page must not offer it.
    """
    with pytest.raises(FieldMissing):
        taken(an_incident(IncidentKind.CHANGE_NOTICE), Step.LINK_REVISION, link=link)


def test_what_the_city_reports_it_has_heard_of() -> None:
    """
    What remains is dealing with it; a fault stays with whoever can see to it.
    """
    theirs = an_incident(by=Role.OFFICIAL)

    assert (Stage.REPORTED, at(today(), "10:00")) == (theirs.stage, theirs.reported_at)
    owners = [
        an_incident(kind, by).owner
        for kind, by in (
            (IncidentKind.FAULT, Role.OPERATOR),
            (IncidentKind.FAULT, Role.OFFICIAL),
            (IncidentKind.COMPLAINT, Role.OPERATOR),
        )
    ]
    assert [Role.OPERATOR, Role.SITE_MANAGER, Role.SITE_MANAGER] == owners
