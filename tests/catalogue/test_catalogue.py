"""What can be chosen on a day, and which group a case belongs to."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from contracts.loader import load
from domain.booking.booking_errors import FormRefused
from domain.calls.inquiry import CATEGORY_TEXT, Category, Channel, Inquiry, Nature, Outcome
from domain.catalogue.catalogue import (
    OfferKind,
    Switch,
    catalogue,
    group_of_inquiry,
    group_of_procedure,
    groups_of,
)
from domain.contract import Contract
from domain.errors import FieldMissing
from domain.parties import Role
from domain.procedures.procedure_errors import NotOffered
from domain.procedures.procedure_parts import Group
from tests.contracts.cities import SLUGS

DAY = date(2026, 10, 1)
P, C = OfferKind.PROCEDURE, OfferKind.CATEGORY


def a_switch(on: bool, from_day: date, code: str = "public_money_account") -> Switch:
    """Return an agreement about a procedure of Ageo."""
    return Switch(kind=P, code=code, on=on, from_day=from_day, agreement="協議 第3号")


def ageo() -> Contract:
    """Return the contract with the portal's procedures."""
    return load("ageo").contract


@pytest.mark.parametrize(
    ("switches", "days_later", "on"),
    [
        ([], 0, True),
        ([(False, 0)], -1, True),
        ([(False, 0)], 0, False),
        ([(False, 0)], 400, False),
        ([(False, 0), (True, 10)], 9, False),
        ([(False, 0), (True, 10)], 10, True),
        # Two agreements for one day: what was entered last holds.
        ([(False, 0), (True, 0)], 0, True),
        ([(True, 0), (False, 0)], 0, False),
        # An agreement for a later day is entered before one for an earlier day.
        ([(False, 10), (True, 5)], 7, True),
        ([(False, 10), (True, 5)], 10, False),
    ],
)
def test_a_switch_holds_from_its_day_until_the_next_one(
    switches: list[tuple[bool, int]], days_later: int, on: bool
) -> None:
    """
    Nothing changes before the day that was agreed.
    """
    entered = [a_switch(each, DAY + timedelta(days=n)) for each, n in switches]
    found = catalogue(ageo(), entered, DAY + timedelta(days=days_later))

    assert on is found.entry(P, "public_money_account").on
    assert on is any("public_money_account" == e.code for e in found.selectable(P))
    assert found.entry(P, "insurance_registration").on


def test_what_is_switched_off_is_refused_with_its_agreement() -> None:
    """
    Whoever stands at the window can say since when, and by which agreement.
    """
    found = catalogue(ageo(), [a_switch(False, DAY)], DAY)

    with pytest.raises(NotOffered, match=r"10月1日.*協議 第3号"):
        found.require(P, "public_money_account")
    with pytest.raises(FieldMissing):
        found.require(P, "moon")
    assert "公金受取口座登録" == found.entry(P, "public_money_account").label


def test_a_profile_says_itself_from_when_until_when_something_is_done() -> None:
    """
    Without a switch the contract's own days hold, and a switch wins over them.
    """
    rows = tuple(
        replace(row, valid_from=DAY, valid_to=DAY + timedelta(days=1), agreement="協議")
        if "portal_support" == row.code
        else row
        for row in ageo().procedures
    )
    contract = replace(ageo(), procedures=rows)
    again = a_switch(True, DAY + timedelta(days=2), "portal_support")

    def on(days: int, *switches: Switch) -> bool:
        found = catalogue(contract, switches, DAY + timedelta(days=days))
        return found.entry(P, "portal_support").on

    assert [False, True, True, False] == [on(days) for days in (-1, 0, 1, 2)]
    assert on(2, again)


def test_an_agreement_has_a_reference() -> None:
    """
    Nobody switches by word of mouth.
    """
    with pytest.raises(ValueError, match="reference"):
        replace(a_switch(True, DAY), agreement=" ")


@pytest.mark.parametrize("slug", SLUGS)
def test_every_procedure_has_a_group_or_is_asked_for_it(slug: str) -> None:
    """
    What is neither would be missing in every month's groups.
    """
    contract = load(slug).contract
    said = {fact.path for fact in contract.facts if fact.path.endswith(".group")}

    assert {f"procedures.{n}.group" for n in range(len(contract.procedures))} == said
    assert groups_of(contract)


def test_urasoe_has_two_groups_and_every_case_belongs_to_one() -> None:
    """
    The portal and applications: what belongs to neither by itself has to be said.
    """
    urasoe = load("urasoe").contract

    assert (Group.APPLICATION, Group.PORTAL) == groups_of(urasoe)
    assert Group.PORTAL is group_of_procedure(urasoe, "public_money_account", None)
    assert Group.APPLICATION is group_of_procedure(urasoe, "reissue", None)
    assert Group.PORTAL is group_of_procedure(urasoe, "guidance", Group.PORTAL)
    assert Group.APPLICATION is group_of_inquiry(urasoe, Group.APPLICATION)
    for code, named in (
        ("guidance", None),
        ("guidance", Group.OTHER),
        ("reissue", Group.PORTAL),
    ):
        with pytest.raises(FormRefused):
            group_of_procedure(urasoe, code, named)
    with pytest.raises(FormRefused):
        group_of_inquiry(urasoe, None)


@pytest.mark.parametrize("slug", ["ageo", "ota", "chiba", "yokosuka"])
def test_elsewhere_a_note_belongs_to_other(slug: str) -> None:
    """
    General guidance is counted under "other" where the contract has it.
    """
    assert Group.OTHER is group_of_inquiry(load(slug).contract, None)


def test_a_profile_from_before_there_were_groups_asks_for_none() -> None:
    """
    Running cases keep the version they began with.
    """
    rows = tuple(replace(row, group=None) for row in ageo().procedures)
    old = replace(ageo(), procedures=rows)

    assert None is group_of_procedure(old, "guidance", None)
    assert None is group_of_inquiry(old, None)


def test_every_subject_is_on_every_channel_and_can_be_switched() -> None:
    """
    Booth, desk and telephone choose from one list.
    """
    found = catalogue(ageo(), [replace(a_switch(False, DAY, "system"), kind=C)], DAY)

    assert [*CATEGORY_TEXT] == [e.code for e in found.entries if e.kind is C]
    assert "system" not in {e.code for e in found.selectable(C)}


def test_what_is_the_citys_is_never_answered_here() -> None:
    """
    A note about the city's window is a referral, whatever is sent.
    """
    note = Inquiry(
        case_id="1",
        category=Category.CITY_WINDOW,
        channel=Channel.COUNTER,
        received_by=Role.SUPPORT_STAFF,
        nature=Nature.GUIDANCE,
    )

    assert "市の窓口" == note.close(Outcome.REFERRED, "市の窓口").destination
    with pytest.raises(FieldMissing):
        note.close(Outcome.ANSWERED)
