"""What goes to an official in the moment in which a visitor is received.

Here: the hand-off that a decision of the contract's table asks for. Not here: the table
(``domain.procedures.eligibility``), receiving (``api.counter.visits``).
"""

from api.access.door import Person
from api.deps import Desk, deadline_for, new_case_id
from api.single_cases import Offer
from domain.contract import Contract
from domain.handoff import DUE_RULE, Level, account, offered
from domain.procedures.eligibility import QUESTION_TEXT, Answers, Outcome, Verdict


def offer_of(
    desk: Desk,
    person: Person,
    contract: Contract,
    code: str,
    answers: Answers,
    verdict: Verdict,
) -> Offer | None:
    """Return the hand-off that the decision asks for, with what the official has to know."""
    procedure = contract.procedure(code)
    if verdict.outcome is not Outcome.HAND_OFF or procedure is None:
        return None
    now = desk.clock()
    said = [f"{QUESTION_TEXT[q]} {'はい' if yes else 'いいえ'}" for q, yes in answers.items()]
    why = f"市の職員が行う手続のため（仕様書 {verdict.clause}）"
    about = "、".join([f"来庁者の手続：{procedure.label}", *said])
    return Offer(
        handoff=offered(
            new_case_id(now, 1),
            level=Level.CITY,
            section=verdict.rule.destination if verdict.rule else "",
            by=person.role,
            at=now,
        ),
        told=account(why, about),
        deadline=deadline_for(desk, person.municipality, contract, DUE_RULE, now),
    )
