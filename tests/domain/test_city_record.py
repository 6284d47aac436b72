"""The city's own records: every step from every stage, and whose it is."""

from datetime import date

import pytest

from domain.citywork.city_record import BEGINS, ENDS, CityRecord, Stage, Step, What
from domain.citywork.citywork_errors import CardsUnaccounted
from domain.errors import CountDiffers, WrongStage
from domain.parties import Action, Party, Role, Standing, allowed

DAY = date(2026, 11, 27)
FIELDS = {"count": 5, "amount_jpy": 800, "delivered": 0, "missing": 0}
WAYS = {
    What.FEE: (Step.RECORD_PAYMENT,),
    What.REGISTER: (Step.CLOSE_REGISTER,),
    What.DOCUMENTS: (Step.COUNT_DOCUMENTS, Step.APPROVE_DOCUMENTS),
    What.LETTER: (Step.RECORD_REPLY,),
    What.CARDS: (Step.RECEIVE_CARDS, Step.RETURN_CARDS, Step.ACCOUNT_CARDS),
}


def begun(what: What, **more: object) -> CityRecord:
    given = {"case_id": "record-1", "day": DAY, "opened_by": Role.OPERATOR, "count": 5}
    return CityRecord(what=what, stage=BEGINS[what][0], **(given | more))  # type: ignore[arg-type]


def walked(value: CityRecord, *steps: Step) -> CityRecord:
    for step in steps:
        value = value.take(step, FIELDS, DAY)
    return value


@pytest.mark.parametrize("what", What)
def test_each_record_goes_its_way_and_knows_no_other_step(what: What) -> None:
    """
    One way for each, and void from everywhere; the next step alone is possible.
    """
    value = begun(what)
    for step in WAYS[what]:
        assert step is value.steps()[0]
        assert Stage.VOID is walked(value, Step.VOID_RECORD).stage
        for other in set(Step) - set(value.steps()):
            with pytest.raises(WrongStage):
                walked(value, other)
        value = walked(value, step)

    assert value.closed
    assert value.stage in ENDS
    assert ((), None, Standing.CLOSED) == (value.steps(), value.owner, value.standing)


@pytest.mark.parametrize("what", What)
def test_each_step_is_the_duty_of_the_party_with_which_it_stands(what: What) -> None:
    """
    Whoever is of the other party is refused by the table of duties.
    """
    value = begun(what)
    for step in WAYS[what]:
        action = Action(step)
        may = {role.party for role in Role if allowed(role, action, value.standing)}
        assert {value.party} == may
        value = walked(value, step)


def test_papers_go_back_to_the_provider_and_come_again() -> None:
    """
    From the count as from the decision.
    """
    for steps in ((), (Step.COUNT_DOCUMENTS,)):
        back = walked(begun(What.DOCUMENTS), *steps, Step.SEND_BACK_DOCUMENTS)
        assert (Party.PROVIDER, Role.OPERATOR) == (back.party, back.owner)
        again = back.take(Step.RESUBMIT_DOCUMENTS, {"count": 4}, DAY)
        assert (Stage.SUBMITTED, 4) == (again.stage, again.count)


@pytest.mark.parametrize(
    ("what", "step"),
    [(What.DOCUMENTS, Step.COUNT_DOCUMENTS), (What.CARDS, Step.RECEIVE_CARDS)],
)
def test_what_is_counted_is_what_was_handed_over(what: What, step: Step) -> None:
    """
    Otherwise somebody counts again.
    """
    with pytest.raises(CountDiffers):
        begun(what).take(step, {"count": 4}, DAY)


@pytest.mark.parametrize(
    ("delivered", "missing", "adds_up"),
    [(3, 0, True), (2, 1, True), (2, 0, False), (4, 0, False)],
)
def test_every_card_is_delivered_returned_or_explained(
    delivered: int, missing: int, adds_up: bool
) -> None:
    """
    Five were brought, two came back.
    """
    value = walked(begun(What.CARDS), Step.RECEIVE_CARDS)
    value = value.take(Step.RETURN_CARDS, {"count": 2}, DAY)
    fields = {"delivered": delivered, "missing": missing}
    if adds_up:
        assert Stage.ACCOUNTED is value.take(Step.ACCOUNT_CARDS, fields, DAY).stage
        return
    with pytest.raises(CardsUnaccounted):
        value.take(Step.ACCOUNT_CARDS, fields, DAY)
