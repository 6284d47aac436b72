"""Procedures at a window: whose each step is, in every cell, and what may follow what."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from contracts.loader import load
from domain import parties
from domain.contract_parts import Duty, StepParty
from domain.errors import FieldMissing, WrongStage
from domain.parties import Action, Party, Role, Standing
from domain.procedures.procedure import Procedure
from domain.procedures.procedure_errors import (
    CheckedByOther,
    CheckedBySelf,
    PartyUndecided,
    ProcedureNotHere,
)
from domain.procedures.procedure_parts import STEP_OF, Receiver, Step, StepKind
from domain.procedures.procedure_plan import PlannedStep, plans_of
from tests.builders import OFFICIAL, OPERATOR, OTHER_OFFICIAL
from tests.procedures_at_hand import PAPERS, a_procedure, decided, papers, walked

# p provider, c city, s either, - no such step
STEPS = "documents identity pin serve print receipt check"
TABLE = """
yokosuka card_delivery             self,legal_representative        p - p p - p c
yokosuka card_delivery             proxy                            p - c c - c -
yokosuka certificate_issue_renewal self,legal_representative        p - p p - p c
yokosuka certificate_issue_renewal proxy                            p - c c - c -
yokosuka pin_initialise_change     self,legal_representative        p - p p - p c
yokosuka pin_initialise_change     proxy                            p - c c - c -
yokosuka loss_abolition_return     self,legal_representative,proxy  p - - p - p c
yokosuka printed_items_change      self,legal_representative,proxy  p - - s s s c
yokosuka face_authentication_card  self,legal_representative,proxy  p - - c - c -
yokosuka application_form          self,legal_representative,proxy  - - - c - - -
yokosuka express_issue             self,legal_representative,proxy  - - - c - c -
yokosuka other                     self,legal_representative,proxy  s - - s - s c
chiba    delivery_reception        self,legal_representative,proxy  p c p p - p -
ota      card_delivery             self,legal_representative,proxy  p - p p - p -
ota      certificate_issue         self,legal_representative,proxy  p - p p - p -
ota      certificate_renewal       self,legal_representative,proxy  p - p p - p -
ota      printed_items_change      self,legal_representative,proxy  p - - p p p -
ota      pin_initialise            self,legal_representative,proxy  p - p p - p -
ota      pin_change                self,legal_representative,proxy  p - p p - p -
ota      suspension_release        self,legal_representative,proxy  p - - p - p -
ota      abolition                 self,legal_representative,proxy  p - - p - p -
ota      lapse                     self,legal_representative,proxy  p - - p - p -
ota      collection                self,legal_representative,proxy  p - - p - p -
ota      withdraw_application      self,legal_representative,proxy  p - - p - p -
ota      withdraw_issue            self,legal_representative,proxy  p - - p - p -
ota      notification_card_return  self,legal_representative,proxy  p - - p - p -
ota      number_notice_delivery    self,legal_representative,proxy  p - - p - p -
ota      other_card_work           self,legal_representative,proxy  p - - p - p -
ota      issue_decision            self,legal_representative,proxy  - - - c - - -
"""
LETTERS = {"p": Duty.PROVIDER, "c": Duty.CITY, "s": Duty.SHARED}
AT_WINDOW = {Role.OPERATOR, Role.SUPPORT_STAFF, Role.CLERK, Role.SITE_MANAGER}

Row = tuple[str, str, Receiver, StepKind, Duty | None]


def rows() -> Iterator[Row]:
    for line in TABLE.strip().splitlines():
        city, code, receivers, *letters = line.split()
        for receiver in receivers.split(","):
            for kind, letter in zip(STEPS.split(), letters, strict=True):
                yield city, code, Receiver(receiver), StepKind(kind), LETTERS.get(letter)


def doers(party: Party) -> set[Role]:
    return AT_WINDOW if party is Party.PROVIDER else {Role.OFFICIAL}


def test_the_table_names_every_procedure_that_has_steps() -> None:
    """
    A procedure that somebody plans later has to be decided on here.
    """
    planned = {
        (city, plan.procedure if plan.receiver is Receiver.SELF else code)
        for city in ("ageo", "chiba", "ota", "urasoe", "yokosuka")
        for code in [p.code for p in load(city).contract.procedures if p.steps]
        for plan in plans_of(load(city).contract, code)[:1]
    }

    assert planned == {(city, code) for city, code, _, _, _ in rows()}


@pytest.mark.parametrize(("city", "code", "receiver", "kind", "duty"), list(rows()))
def test_each_step_is_its_partys_and_nobody_elses(
    city: str, code: str, receiver: Receiver, kind: StepKind, duty: Duty | None
) -> None:
    """
    Procedure by receiver by step by role: at any time, not only when the step is due.
    """
    value = a_procedure(code, receiver, city=city)
    planned = value.plan.step(kind)
    assert duty == (planned.duty if planned else None)
    if planned is None:
        return
    assert planned.clause
    action = Action(STEP_OF[kind])
    if duty is not Duty.SHARED:
        party = Party.CITY if duty is Duty.CITY else Party.PROVIDER
        standing = value.standing_for(action)
        assert doers(party) == {r for r in Role if parties.allowed(r, action, standing)}
        return
    for party in Party:
        chosen = decided(walked(value, kind, party), party)
        standing = chosen.standing_for(action)
        assert doers(party) == {r for r in Role if parties.allowed(r, action, standing)}


@pytest.mark.parametrize(("city", "code", "receiver", "kind", "duty"), list(rows()))
def test_the_case_stands_with_whoever_does_the_next_step(
    city: str, code: str, receiver: Receiver, kind: StepKind, duty: Duty | None
) -> None:
    """
    Lists and inboxes show a case where somebody can go on with it.
    """
    if duty is None:
        return
    value = decided(walked(a_procedure(code, receiver, city=city), kind))

    citys = duty is Duty.CITY
    assert str(kind) == str(value.stage)
    assert (Standing.WITH_CITY if citys else Standing.WITH_PROVIDER) == value.standing
    assert (Role.OFFICIAL if citys else Role.OPERATOR) == value.owner
    done = walked(value)
    assert ("done", None, ()) == (done.stage, done.owner, done.steps())


def test_what_may_not_be_entrusted_is_planned_for_the_city_alone() -> None:
    """
    The step says so, and on what it rests; a plan that says otherwise cannot be made.
    """
    (plan, *_) = plans_of(load("ota").contract, "issue_decision")
    (step,) = plan.steps

    assert (False, Duty.CITY, "総行マ第20号（2024-03-05）") == (
        step.delegable,
        step.duty,
        step.basis,
    )
    with pytest.raises(ValueError, match="entrusted"):
        PlannedStep(kind=StepKind.SERVE, duty=Duty.PROVIDER, clause="§1", delegable=False)


def test_another_receiver_is_planned_anew_and_goes_to_the_other_party() -> None:
    """
    Who turns out to be a proxy shows other papers, and the city goes on after them.
    """
    value = walked(a_procedure(), StepKind.SERVE)

    proxy = value.take(Step.CHANGE_RECEIVER, OPERATOR, {"receiver": "proxy"})
    taken_in = proxy.take(Step.TAKE_IN_DOCUMENTS, OPERATOR, papers(proxy))
    back = taken_in.take(Step.CHANGE_RECEIVER, OFFICIAL, {"receiver": "self"})

    assert ("documents", "card_delivery_proxy") == (proxy.stage, proxy.plan.procedure)
    assert (Standing.WITH_PROVIDER, Standing.WITH_CITY) == (proxy.standing, taken_in.standing)
    assert (Standing.WITH_PROVIDER, "card_delivery") == (back.standing, back.plan.procedure)


def test_the_receiver_cannot_change_once_it_was_done() -> None:
    """
    The card is out of the house; and nobody becomes what they are.
    """
    delivered = walked(a_procedure(), StepKind.RECEIPT)

    with pytest.raises(WrongStage):
        delivered.take(Step.CHANGE_RECEIVER, OPERATOR, {"receiver": "proxy"})
    with pytest.raises(WrongStage):
        a_procedure().take(Step.CHANGE_RECEIVER, OPERATOR, {"receiver": "self"})
    assert Step.CHANGE_RECEIVER not in delivered.steps()


def test_what_either_may_do_waits_for_the_decision() -> None:
    """
    Not for any party: until it is named, nobody can go on.
    """
    waiting = walked(a_procedure("printed_items_change"), StepKind.SERVE)
    assert waiting.undecided

    for doer in (OPERATOR, OFFICIAL):
        with pytest.raises(PartyUndecided):
            waiting.take(Step.CARRY_OUT, doer, {})
    with pytest.raises(WrongStage):
        a_procedure().take(Step.DECIDE_PARTY, OPERATOR, {"party": "city"})
    assert Step.CARRY_OUT not in waiting.steps()


def test_printing_is_decided_by_itself() -> None:
    """
    The one reading of the row is that the provider changes and the city prints.
    """
    value = walked(a_procedure("printed_items_change"), StepKind.SERVE)
    changed = decided(value).take(Step.CARRY_OUT, OPERATOR, {})

    printing = decided(changed, Party.CITY)

    assert (True, Standing.WITH_CITY) == (changed.undecided, printing.standing)
    assert Party.PROVIDER is printing.party_of(StepKind.SERVE)


@pytest.mark.req("YOKOSUKA-36")
def test_a_profile_that_divides_the_row_needs_no_code() -> None:
    """
    Changing is the provider's and printing the city's, once the contract says so.
    """
    contract = load("yokosuka").contract
    row = contract.procedure("printed_items_change")
    assert row is not None
    split = tuple(
        StepParty(step=kind, duty=duty, clause="変更協議")
        for kind, duty in (
            (StepKind.SERVE, Duty.PROVIDER),
            (StepKind.PRINT, Duty.CITY),
            (StepKind.RECEIPT, Duty.PROVIDER),
        )
    )
    others = tuple(p for p in contract.procedures if p.code != row.code)
    settled = replace(contract, procedures=(*others, replace(row, assigned=split)))

    plans = plans_of(settled, row.code)
    value = Procedure(case_id="p", receiver=Receiver.SELF, plans=plans, opened_by=Role.OPERATOR)

    printing = walked(value, StepKind.PRINT)
    assert (False, Standing.WITH_CITY) == (printing.undecided, printing.standing)
    assert "変更協議" == plans[0].steps[1].clause
    assert "done" == walked(value).stage


def test_what_the_city_did_itself_it_need_not_check() -> None:
    """
    The check is of the entrusted work.
    """
    citys = walked(a_procedure("other"), party=Party.CITY)
    ours = walked(a_procedure("other"), StepKind.CHECK)

    assert ("done", "check") == (citys.stage, ours.stage)
    assert StepKind.CHECK not in {each.kind for each in citys.done}


def test_a_check_that_fails_sends_it_back_to_be_done_again() -> None:
    """
    From the step that is named, or from the work itself.
    """
    checked = walked(a_procedure(), StepKind.CHECK)

    work = checked.take(Step.FAIL_CHECK, OFFICIAL, {})
    papers_again = checked.take(Step.FAIL_CHECK, OFFICIAL, {"back_to": "documents"})

    assert ("serve", "documents") == (work.stage, papers_again.stage)
    assert (Standing.WITH_PROVIDER, 1) == (work.standing, work.sent_back)
    assert "check" == walked(work, StepKind.CHECK).stage
    with pytest.raises(FieldMissing):
        checked.take(Step.FAIL_CHECK, OFFICIAL, {"back_to": "identity"})


def test_nobody_checks_what_they_did() -> None:
    """
    Where the row is divided, an official may have done a part of it.
    """
    value = walked(a_procedure("printed_items_change"), StepKind.SERVE)
    changed = decided(value).take(Step.CARRY_OUT, OPERATOR, {})
    printed = decided(changed, Party.CITY).take(Step.PRINT_ON_CARD, OFFICIAL, {})
    checked = walked(printed, StepKind.CHECK)

    with pytest.raises(CheckedBySelf):
        checked.take(Step.PASS_CHECK, OFFICIAL, {})
    assert "done" == checked.take(Step.PASS_CHECK, OTHER_OFFICIAL, {}).stage


def test_who_checks_second_is_told_that_it_was_checked() -> None:
    """
    And not that it is none of their business.
    """
    done = walked(a_procedure(), StepKind.CHECK).take(Step.PASS_CHECK, OFFICIAL, {})

    assert Standing.WITH_CITY is done.standing_for(Action.PASS_CHECK)
    for step in (Step.PASS_CHECK, Step.FAIL_CHECK):
        with pytest.raises(CheckedByOther):
            done.take(step, OTHER_OFFICIAL, {})
    with pytest.raises(WrongStage):
        done.take(Step.PASS_CHECK, OFFICIAL, {})


@pytest.mark.parametrize("step", list(Step))
def test_nothing_is_done_with_what_was_given_up(step: Step) -> None:
    """
    Its end is an end.
    """
    ended = a_procedure().take(Step.END_PROCEDURE, OPERATOR, {})

    with pytest.raises(WrongStage):
        ended.take(step, OFFICIAL, {"party": "city", "receiver": "proxy"})
    assert (True, "withdrawn", ()) == (ended.closed, ended.stage, ended.steps())


def test_steps_come_in_the_order_of_the_plan() -> None:
    """
    Nobody gets a card before somebody looked at their papers.
    """
    for step in (Step.RECORD_PIN_SET, Step.CARRY_OUT, Step.RECORD_RECEIPT):
        with pytest.raises(WrongStage):
            a_procedure().take(step, OPERATOR, {})
    with pytest.raises(WrongStage):
        a_procedure().take(Step.PASS_CHECK, OFFICIAL, {})


def test_a_city_that_plans_nothing_opens_no_procedure() -> None:
    """
    Ageo's desk guides people; what it does is no case of its own.
    """
    with pytest.raises(ProcedureNotHere):
        plans_of(load("ageo").contract, "portal_support")
    for_self = tuple(p for p in a_procedure().plans if p.receiver is Receiver.SELF)
    with pytest.raises(ProcedureNotHere):
        Procedure(case_id="p", receiver=Receiver.PROXY, plans=for_self, opened_by=Role.OPERATOR)


def test_the_papers_at_hand_suffice_for_everybody() -> None:
    """
    The control of all the walks above.
    """
    assert set(PAPERS) == set(Receiver)
