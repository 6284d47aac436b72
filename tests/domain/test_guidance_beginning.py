"""What is asked before a procedure or an application begins, as answers call for it."""

from dataclasses import replace

from contracts.loader import load
from domain.guidance.beginning import Beginning, application, beginning, plannable
from domain.procedures.eligibility import EligibilityRule, Outcome, Question

ASKING = EligibilityRule(
    when={Question.RESIDENT: False},
    outcome=Outcome.REFER,
    procedures=("card_delivery",),
    destination="住所地の窓口",
)
WARNING = EligibilityRule(
    when={Question.LICENCE_ON_CARD: True},
    outcome=Outcome.SERVE,
    advice="免許証の記録は消えます。",
)


def asked(*rules: EligibilityRule, **given: str) -> Beginning:
    """Return what Yokosuka would ask if these were its rules."""
    contract = replace(load("yokosuka").contract, eligibility=rules)
    return beginning(contract, plannable(contract), given, booked="booked" in given)


def names(found: Beginning) -> list[str]:
    return [field.name for field in found.form.fields]


def test_a_procedure_begins_after_what_the_contract_has_to_know() -> None:
    """
    One question calls for the next; nothing is asked that decides nothing.
    """
    first = {"procedure": "card_delivery"}
    mine = first | {"receiver": "self"}
    needed = {"procedure", "receiver", "reservation"}

    assert ["procedure"] == names(asked(ASKING))
    assert ["procedure", "receiver"] == names(asked(ASKING, **first))
    assert {"resident"} == set(names(asked(ASKING, **mine))) - needed
    assert needed == set(names(asked(**mine)))
    assert ["procedure", "receiver"] == names(asked(**mine, booked="yes"))


def test_whoever_is_sent_on_hears_where_to_before_anything_begins() -> None:
    """
    The row of the contract says so; an answer that fits goes on.
    """
    mine = {"procedure": "card_delivery", "receiver": "self"}

    assert ASKING == asked(ASKING, **mine, resident="no").referred
    assert asked(ASKING, **mine, resident="yes").referred is None
    assert asked(ASKING, **mine).referred is None


def test_what_has_to_be_told_is_ticked_as_told() -> None:
    """
    A warning that is only on the page was not given to anybody.
    """
    mine = {"procedure": "card_delivery", "receiver": "self", "booked": "yes"}
    warned = asked(WARNING, **mine, licence_on_card="yes").form.fields[-1]

    assert ("advice", WARNING.advice, True) == (warned.name, warned.label, warned.required)
    assert "advice" not in names(asked(WARNING, **mine, licence_on_card="no"))


def test_an_application_asks_how_for_what_and_whom_to_call() -> None:
    """
    Only the ways that are open; whoever is called if it comes back has to be reachable.
    """
    lines = load("ota").contract.applications
    first = application(lines, {}, followed_up=True)
    online = {"variant": "online"}
    called, uncalled = (application(lines, online, followed_up=each) for each in (True, False))

    assert ["variant"] == [field.name for field in first.fields]
    assert {str(line.variant) for line in lines} == {v for v, _ in first.fields[0].choices}
    assert ["variant", "applied_for", "kana", "phone", "reachable"] == [
        field.name for field in called.fields
    ]
    assert [True, True, False] == [field.required for field in called.fields[2:]]
    assert [False] * 3 == [field.required for field in uncalled.fields[2:]]
