"""The decision table: what decides, what must be asked first, and that nothing is guessed."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.loader import load
from domain.procedures.eligibility import (
    EligibilityRule,
    Outcome,
    Question,
    Unanswered,
    Verdict,
    judge,
    questions,
)

R, C, F, A, P, L = (
    Question.RESIDENT,
    Question.CERTIFICATE_VALID,
    Question.CODED_FORM,
    Question.REISSUE,
    Question.PAPER,
    Question.LICENCE_ON_CARD,
)

CASES = [
    # Urasoe §7: judged by group; a first-time applicant has no certificate by nature
    ("urasoe", "application_online", {A: False, P: False, F: True, L: False, R: True}, "serve"),
    ("urasoe", "application_online", {A: False, P: False, F: False}, "refer"),
    ("urasoe", "application_online", {A: True}, "refer"),
    ("urasoe", "application_online", {A: False, P: True}, "refer"),
    (
        "urasoe",
        "application_online",
        {A: False, P: False, F: True, L: False, R: False},
        "serve_after_others",
    ),
    ("urasoe", "portal_support", {C: False}, "refer"),
    ("urasoe", "portal_support", {C: True, R: True}, "serve"),
    ("urasoe", "portal_support", {C: True, R: False}, "serve_after_others"),
    ("urasoe", "insurance_registration", {C: False}, "refer"),
    ("urasoe", "public_money_account", {C: True, R: False}, "serve_after_others"),
    ("urasoe", "reissue", {}, "refer"),
    ("urasoe", "paper_application", {}, "refer"),
    ("ageo", "city_window_guidance", {}, "refer"),
    ("ageo", "application_online", {}, "serve"),
    ("ageo", "postal_application_assist", {L: True}, "serve"),
    ("chiba", "reissue", {}, "refer"),
    ("chiba", "application_reception", {L: False}, "serve"),
    ("ota", "application_support", {L: True}, "serve"),
    ("yokosuka", "card_delivery", {}, "serve"),
    ("yokosuka", "card_delivery_proxy", {}, "hand_off"),
    ("yokosuka", "certificate_issue_renewal_proxy", {}, "hand_off"),
    ("yokosuka", "face_authentication_card", {}, "hand_off"),
    ("yokosuka", "express_issue", {}, "hand_off"),
    ("yokosuka", "loss_abolition_return", {}, "serve"),
]


@pytest.mark.parametrize(("city", "procedure", "known", "outcome"), CASES)
def test_each_city_serves_or_sends_on_as_its_contract_says(
    city: str, procedure: str, known: dict[Question, bool], outcome: str
) -> None:
    """
    The first row that fits decides, and who is sent on is told where.
    """
    verdict = judge(load(city).contract.eligibility, procedure, known)

    assert isinstance(verdict, Verdict)
    assert outcome == verdict.outcome
    if verdict.outcome is Outcome.REFER:
        assert verdict.rule is not None
        assert verdict.rule.destination
        assert verdict.clause


def test_an_answer_that_would_decide_is_asked_for_and_not_guessed() -> None:
    """
    Nobody is sent away, or served, because nobody asked.
    """
    rules = load("urasoe").contract.eligibility

    assert Unanswered(question=A) == judge(rules, "application_online", {})
    assert Unanswered(question=F) == judge(rules, "application_online", {A: False, P: False})
    assert Unanswered(question=C) == judge(rules, "portal_support", {R: True})


def test_the_holder_of_a_licence_on_the_card_is_warned_and_served() -> None:
    """
    Renewing at a window loses the licence; who was told decides for themselves.
    """
    verdict = judge(load("ota").contract.eligibility, "application_support", {L: True})

    assert isinstance(verdict, Verdict)
    assert Outcome.SERVE is verdict.outcome
    assert "マイナ免許証" in "".join(verdict.advice)


@pytest.mark.parametrize("city", ["ageo", "urasoe", "ota", "chiba", "yokosuka"])
def test_every_cell_of_every_table_is_decided(city: str) -> None:
    """
    With all answers known there is an answer for every procedure of the catalogue.
    """
    contract = load(city).contract
    for procedure in contract.procedures:
        asked = questions(contract.eligibility, procedure.code)
        for values in itertools.product((False, True), repeat=len(asked)):
            known = dict(zip(asked, values, strict=True))
            assert isinstance(judge(contract.eligibility, procedure.code, known), Verdict)


@given(st.dictionaries(st.sampled_from(list(Question)), st.booleans()))
def test_more_answers_never_change_what_was_decided(known: dict[Question, bool]) -> None:
    """
    A decision stands whatever else comes to be known; only what is open may be settled.
    """
    rules = load("urasoe").contract.eligibility
    before = judge(rules, "application_online", known)
    if isinstance(before, Unanswered):
        return
    for question in set(Question) - set(known):
        for value in (False, True):
            after = judge(rules, "application_online", {**known, question: value})
            assert after == before


def test_a_row_that_sends_people_on_must_say_where() -> None:
    """
    A referral without a destination helps nobody.
    """
    with pytest.raises(ValueError, match="where"):
        EligibilityRule(when={}, outcome=Outcome.REFER)
