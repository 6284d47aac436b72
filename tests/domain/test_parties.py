"""The whole table of duties, cell by cell, and what no entry of it can change."""

from collections.abc import Iterator

import pytest

from domain import handoff, parties
from domain.applications import application_parts
from domain.booking import venue_case
from domain.calls import external_entry, inquiry
from domain.errors import NotYourDuty
from domain.lots import card, lot, returned_mail
from domain.obligations import obligation
from domain.parties import NON_DELEGABLE, Action, Duty, Party, Role, Standing
from domain.procedures import procedure_parts, visit

# p with the provider, o offered, c with the city, x closed, - never
COLUMNS = (
    "operator support_staff call_agent clerk site_manager operations_manager official auditor"
)
TABLE = """
see_case                pocx pocx pocx pocx pocx pocx pocx pocx
see_person              poc  poc  poc  poc  pocx -    pocx pocx
see_calendar            pocx pocx pocx pocx pocx pocx pocx pocx
see_access_log          -    -    -    -    -    -    pocx pocx
read_audit              -    -    -    -    pocx pocx pocx pocx
replay                  -    -    -    -    -    -    pocx pocx
upload_lot              -    -    -    p    p    -    -    -
settle_discrepancy      -    -    -    -    p    -    poc  -
decide_mismatch         -    -    -    p    p    -    -    -
record_pre_issue_setup  -    -    -    p    p    -    -    -
make_notice             -    -    -    p    p    -    -    -
seal                    -    -    -    p    p    -    -    -
update_destination      -    -    -    p    p    -    -    -
prepare_dispatch        -    -    -    p    p    -    -    -
hand_over               -    -    -    p    p    -    -    -
take_back               -    -    -    po   po   -    -    -
acknowledge_receipt     -    -    -    -    -    -    oc   -
refuse_receipt          -    -    -    -    -    -    oc   -
register_returned_mail  -    -    -    p    p    -    -    -
record_contact_attempt  -    -    p    p    p    -    c    -
resend                  -    -    -    p    p    -    -    -
keep_item               -    -    -    p    p    -    -    -
hand_item_to_official   -    -    -    p    p    -    -    -
offer_handoff           p    p    p    p    p    -    -    -
accept_handoff          -    -    -    -    -    -    oc   -
return_handoff          -    -    -    -    -    -    oc   -
complete_handoff        -    -    -    -    -    -    oc   -
withdraw_handoff        po   po   po   po   po   -    -    -
escalate                p    p    p    p    p    -    -    -
take_on                 -    -    -    -    p    p    -    -
settle                  -    -    -    -    p    p    -    -
give_back               -    -    -    -    p    p    -    -
pass_on                 -    -    -    -    p    p    -    -
transfer_call           p    p    p    p    p    -    -    -
report_fee_due          p    p    -    p    p    -    p    -
record_payment          -    -    -    -    -    -    c    -
open_register           -    -    -    -    -    -    c    -
close_register          -    -    -    -    -    -    c    -
submit_documents        p    p    -    p    p    -    -    -
count_documents         -    -    -    -    -    -    c    -
approve_documents       -    -    -    -    -    -    c    -
send_back_documents     -    -    -    -    -    -    c    -
resubmit_documents      p    p    -    p    p    -    -    -
send_letter             -    -    -    -    -    -    poc  -
record_reply            -    -    -    -    -    -    c    -
bring_cards             -    -    -    -    -    -    c    -
receive_cards           p    p    -    p    p    -    -    -
return_cards            p    p    -    p    p    -    -    -
account_cards           -    -    -    -    -    -    c    -
void_record             -    -    -    -    -    -    poc  -
receive_visitor         p    p    -    p    p    -    -    -
see_queue               pocx pocx -    pocx pocx pocx -    -
issue_ticket            p    p    -    p    p    -    -    -
call_next               p    p    -    p    p    -    -    -
recall_ticket           p    p    -    p    p    -    -    -
serve_ticket            p    p    -    p    p    -    -    -
end_ticket              p    p    -    p    p    -    -    -
move_ticket             p    p    -    p    p    -    -    -
prefer_ticket           p    p    -    p    p    -    -    -
close_line              p    p    -    p    p    -    -    -
close_visit             p    p    -    p    p    -    -    -
wrap_up_visit           p    p    -    p    p    -    -    -
take_charge             p    p    -    p    p    -    p    -
add_procedure           p    p    -    p    p    -    -    -
take_in_documents       p    p    -    p    p    -    c    -
confirm_identity        p    p    -    p    p    -    c    -
record_pin_set          p    p    -    p    p    -    c    -
carry_out               p    p    -    p    p    -    c    -
print_on_card           p    p    -    p    p    -    c    -
record_receipt          p    p    -    p    p    -    c    -
pass_check              -    -    -    -    -    -    c    -
fail_check              -    -    -    -    -    -    c    -
decide_party            p    p    -    p    p    -    pc   -
change_receiver         p    p    -    p    p    -    c    -
end_procedure           p    p    -    p    p    -    c    -
add_application         p    p    -    p    p    -    p    -
record_consent          p    p    -    p    p    -    -    -
read_form_id            p    p    -    p    p    -    c    -
enter_survey            p    p    -    p    p    -    -    -
accept_photo            p    p    -    p    p    -    c    -
override_photo          -    -    -    -    p    -    -    -
print_photo             p    p    -    p    p    -    c    -
paste_photo             p    p    -    p    p    -    c    -
record_submission       p    p    -    p    p    -    c    -
receive_form            p    p    -    p    p    -    c    -
hand_to_resident        p    p    -    p    p    -    c    -
report_defect           p    p    p    p    p    -    pc   -
record_card_arrival     p    p    p    p    p    -    pc   -
withdraw_application    p    p    p    p    p    -    c    -
take_over_application   -    -    -    -    -    -    poc  -
check_in                p    p    p    p    p    -    -    -
check_photo             p    p    -    p    p    -    -    -
follow_guide            pocx pocx -    pocx pocx -    pocx -
register_documents      -    -    -    p    p    -    -    -
acknowledge_documents   -    -    -    -    -    -    oc   -
suspend_deadline        -    -    -    -    p    -    poc  -
resume_deadline         -    -    -    -    p    -    poc  -
extend_deadline         -    -    -    -    p    -    poc  -
report_incident         p    p    p    p    p    p    p    -
take_out_of_service     p    p    p    p    p    p    -    -
assign_substitute       p    p    p    p    p    p    -    -
return_to_service       p    p    p    p    p    p    -    -
report_to_city          -    -    -    -    p    p    -    -
submit_written_report   -    -    -    -    p    p    -    -
settle_incident         -    -    -    -    p    p    -    -
mark_serious            -    -    -    -    p    p    -    -
fill_vacancy            -    -    -    -    p    p    -    -
record_consultation     -    -    -    -    p    p    p    -
link_revision           -    -    -    -    p    p    -    -
answer_question         -    -    -    -    -    -    c    -
adopt_answer            -    -    -    p    p    p    -    -
keep_answer             -    -    -    -    p    p    -    -
see_knowledge           pocx pocx pocx pocx pocx pocx pocx pocx
write_article           -    -    -    pocx pocx pocx -    -
record_meeting          -    -    -    -    pocx pocx pocx -
withdraw_incident       -    -    -    -    p    p    -    -
add_closure             -    -    -    -    pocx -    pocx -
add_site                -    -    -    -    pocx pocx pocx -
propose_place           -    -    -    -    pocx pocx -    -
approve_place           -    -    -    -    -    -    pocx -
register_network        -    -    -    -    pocx pocx -    -
keep_core_ids           -    -    -    -    pocx pocx -    -
list_for_disposal       -    -    -    -    pocx pocx pocx -
approve_disposal        -    -    -    -    -    -    pocx -
hold_case               -    -    -    -    -    -    pocx pocx
activate_contract       -    -    -    -    -    pocx -    -
make_reservation        p    p    p    p    p    -    c    -
change_reservation      p    p    p    p    p    -    c    -
cancel_reservation      p    p    p    p    p    -    c    -
record_guidance         p    p    p    p    p    -    c    -
record_external_entry   p    p    p    p    p    -    c    -
request_entry           p    p    p    p    p    -    -    -
withdraw_entry          p    p    p    p    p    -    -    -
check_entry             p    p    p    p    p    -    -    -
send_back_entry         p    p    p    p    p    -    -    -
record_inquiry          p    p    p    p    p    -    -    -
close_inquiry           p    p    p    p    p    -    -    -
link_retake             p    p    p    p    p    -    -    -
record_resubmission     p    p    p    p    p    -    -    -
record_giving_up        p    p    p    p    p    -    -    -
switch_catalogue        -    -    -    -    pocx pocx -    -
write_roster            -    -    -    -    pocx pocx -    -
see_inquiries           pocx pocx pocx pocx pocx pocx pocx pocx
record_arrival          pc   pc   pc   pc   pc   -    pc   -
record_no_show          pc   pc   pc   pc   pc   -    pc   -
see_reservations        pocx pocx pocx pocx pocx -    pocx pocx
plan_venue_day          -    -    -    -    pocx pocx pocx -
name_venue              -    -    -    -    p    p    -    -
propose_venue           -    -    -    -    p    p    -    -
agree_venue             -    -    -    -    -    -    o    -
prepare_venue           -    -    -    -    p    p    -    -
open_venue              -    -    -    -    p    p    -    -
close_venue             -    -    -    -    p    p    -    -
withdraw_venue          -    -    -    -    po   po   o    -
arrange_day             -    -    -    -    p    p    -    -
start_day               p    p    -    p    p    p    -    -
end_day                 p    p    -    p    p    p    -    -
write_guidance          -    -    -    -    pocx pocx pocx -
send_list               -    -    -    p    p    -    -    -
make_list_file          -    -    -    p    p    -    -    -
record_list_delivery    -    -    -    p    p    -    -    -
set_list_recipient      -    -    -    -    pocx pocx -    -
save_version            -    -    -    p    p    p    -    -
submit_version          -    -    -    -    p    p    -    -
approve_version         -    -    -    -    -    -    oc   -
return_version          -    -    -    -    -    -    oc   -
record_evidence         -    -    -    -    p    p    -    -
agree_day               -    -    -    -    poc  poc  poc  -
end_obligation          -    -    -    -    p    p    -    -
"""
LETTERS = {
    "p": Standing.WITH_PROVIDER,
    "o": Standing.OFFERED,
    "c": Standing.WITH_CITY,
    "x": Standing.CLOSED,
}


def cells() -> Iterator[tuple[Action, Role, str]]:
    roles = [Role(word) for word in COLUMNS.split()]
    for line in TABLE.strip().splitlines():
        action, *letters = line.split()
        yield from ((Action(action), *cell) for cell in zip(roles, letters, strict=True))


def test_the_table_has_a_line_for_every_action_and_a_column_for_every_role() -> None:
    """
    A new action or role has to be decided on before it can be used.
    """
    assert set(Action) == {action for action, _, _ in cells()}
    assert set(Role) == {role for _, role, _ in cells()}
    assert len(Action) * len(Role) == len(list(cells()))


@pytest.mark.parametrize(("action", "role", "letters"), list(cells()))
def test_every_cell_says_what_was_decided(action: Action, role: Role, letters: str) -> None:
    """
    The table above is the decision; the code has to agree at every standing of a case.
    """
    decided = {LETTERS[letter] for letter in letters.replace("-", "")}

    assert decided == {s for s in Standing if parties.allowed(role, action, s)}
    assert bool(decided) == parties.allowed(role, action)
    assert bool(decided) == (role in parties.who_may(action))


def give_everything_to_everybody(patch: pytest.MonkeyPatch) -> None:
    careless = Duty(roles=frozenset(Role), standings=frozenset(Standing))
    patch.setattr(parties, "DUTIES", dict.fromkeys(Action, (careless,)))


def provider_roles() -> list[Role]:
    return [role for role in Role if role.party is Party.PROVIDER]


@pytest.mark.req("OTA-08")
@pytest.mark.parametrize("action", sorted(NON_DELEGABLE))
def test_no_entry_can_give_the_city_s_acts_to_the_provider(
    action: Action, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    A mistake in the table must not become an act without authority.
    """
    give_everything_to_everybody(monkeypatch)

    assert [] == [role for role in provider_roles() if parties.allowed(role, action)]
    assert parties.allowed(Role.OFFICIAL, action)


def test_without_the_list_of_city_acts_the_mistake_would_count(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """
    The control: if this fails, the test above proves nothing.
    """
    give_everything_to_everybody(monkeypatch)
    monkeypatch.setattr(parties, "NON_DELEGABLE", frozenset())

    assert all(parties.allowed(role, Action.ACCEPT_HANDOFF) for role in provider_roles())


def test_receiving_and_accepting_are_the_city_s() -> None:
    """
    The list itself is a decision: an act that leaves it must be noticed.
    """
    assert {
        "acknowledge_receipt",
        "refuse_receipt",
        "accept_handoff",
        "return_handoff",
        "complete_handoff",
        "acknowledge_documents",
        "pass_check",
        "fail_check",
        "approve_place",
        "approve_disposal",
        "record_payment",
        "open_register",
        "close_register",
        "count_documents",
        "approve_documents",
        "send_back_documents",
        "send_letter",
        "record_reply",
        "bring_cards",
        "account_cards",
        "void_record",
        "take_over_application",
        "agree_venue",
        "answer_question",
        "approve_version",
        "return_version",
    } == {action.value for action in NON_DELEGABLE}


def test_a_refusal_says_whose_duty_it_is() -> None:
    """
    Who is refused needs to know whom to ask.
    """
    with pytest.raises(NotYourDuty, match="この操作ができるのは市職員です"):
        parties.require(Role.CLERK, Action.ACCEPT_HANDOFF)


def test_a_refusal_says_so_when_it_is_nobody_s_duty_now() -> None:
    """
    On a closed case nobody seals a notice, whoever asks.
    """
    with pytest.raises(NotYourDuty, match="いまは、だれも行えない操作です"):
        parties.require(Role.CLERK, Action.SEAL, Standing.CLOSED)


def test_what_is_allowed_is_not_refused() -> None:
    """
    The other side of the two tests above.
    """
    parties.require(Role.OFFICIAL, Action.ACCEPT_HANDOFF, Standing.OFFERED)


@pytest.mark.parametrize(
    "steps",
    [
        application_parts.Step,
        card.Step,
        external_entry.Step,
        handoff.Step,
        inquiry.Step,
        lot.Step,
        obligation.Step,
        procedure_parts.Step,
        returned_mail.Step,
        venue_case.Step,
        visit.Step,
    ],
)
def test_every_step_of_every_case_is_an_action(
    steps: type[
        application_parts.Step
        | card.Step
        | external_entry.Step
        | handoff.Step
        | inquiry.Step
        | lot.Step
        | obligation.Step
        | procedure_parts.Step
        | returned_mail.Step
        | venue_case.Step
        | visit.Step
    ],
) -> None:
    """
    A step without a line in the table could not be permitted to anybody.
    """
    actions = {action.value for action in Action}

    assert set() == {step.value for step in steps} - actions
