"""Wherever people take cards and notices, what came in is always somewhere."""

import random
from collections import Counter
from typing import Any

import pytest
from sqlalchemy import text

from domain.lots.card import Step
from domain.lots.custody import Holder, ItemKind, Movement, where_things_are
from domain.lots.matching import MatchResult
from domain.parties import Role
from tests.fakes import ScriptedNotices
from tests.lots import work
from tests.stack import Stack

STEPS = 70
FAULTS = {
    MatchResult.NAME_VARIANT: 1,
    MatchResult.MOVED_OUT: 1,
    MatchResult.CARD_MISSING: 1,
    MatchResult.CARD_UNEXPECTED: 1,
}
ROLES = (Role.CLERK, Role.SITE_MANAGER, Role.OFFICIAL)


def filled(form: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """Fill a form as a person would: a choice where there is one, else something short."""
    body: dict[str, Any] = {"reason": "数え直した"} if form["reason"] == "required" else {}
    for field in form["fields"]:
        if field["choices"]:
            body[field["name"]] = chance.choice(field["choices"])["value"]
        elif field["required"]:
            body[field["name"]] = 1 if field["kind"] == "count" else "T-01"
    return body


async def wander(
    stack: Stack, lot_id: str, cards: list[str], chance: random.Random
) -> Counter[int]:
    """Take random steps that the interface offers; return the answers' statuses."""
    answers: Counter[int] = Counter()
    for _ in range(STEPS):
        person = stack.as_(chance.choice(ROLES))
        card = chance.choice(cards)
        offered = (await person.case(card))["actions"]
        forms = [form for form in offered if form["action"] in set(Step)]
        if not forms:
            continue
        form = chance.choice(forms)
        answer = await person.act(card, form["action"], **filled(form, chance))
        answers[answer.status_code] += 1
        if chance.random() < 0.15:
            answer = await stack.as_(Role.CLERK).act(lot_id, "hand_over")
            answers[answer.status_code] += 1
            await work.settled(stack, lot_id)
    return answers


def record_of(stack: Stack, lot_id: str) -> tuple[dict[str, str], dict[str, Holder]]:
    """Return where the record says things are, and where their movements lead to."""
    items = text("SELECT item_id, holder FROM custody_item WHERE lot_id = :lot")
    moves = text(
        "SELECT m.item_id, i.kind, m.source, m.target FROM custody_movement m"
        " JOIN custody_item i USING (municipality, item_id)"
        " WHERE i.lot_id = :lot ORDER BY m.item_id, m.event_seq"
    )
    with stack.engine.begin() as connection:
        connection.execute(text("SELECT set_config('app.municipality', 'ota', true)"))
        there = {row.item_id: row.holder for row in connection.execute(items, {"lot": lot_id})}
        movements = [
            Movement(
                item_id=row.item_id,
                kind=ItemKind(row.kind),
                source=Holder(row.source),
                target=Holder(row.target),
            )
            for row in connection.execute(moves, {"lot": lot_id})
        ]
    return there, where_things_are(movements)


@pytest.mark.req("OTA-16", "OTA-22")
@pytest.mark.parametrize("seed", [1, 2])
async def test_after_any_walk_cards_and_notices_add_up(stack: Stack, seed: int) -> None:
    """
    Each card is at one place, the same in its case, in the record and by its movements.
    """
    chance = random.Random(seed)
    lot_id = (await work.take_over(stack, work.small_lot(6, seed=seed, faults=FAULTS)))[
        "case_id"
    ]
    cards = [card["case_id"] for card in await work.cards_of(stack, lot_id)]
    real = stack.implementations()
    async with stack.staffed(*real[:2], ScriptedNotices()):
        answers = await wander(stack, lot_id, cards, chance)
        await work.settled(stack, lot_id)
    after = await work.cards_of(stack, lot_id)
    there, led = record_of(stack, lot_id)

    assert answers[200] > STEPS / 3
    assert set(answers) <= {200, 409}, answers
    assert {item: str(holder) for item, holder in led.items()} == there
    for card in after:
        state, case_id = card["state"], card["case_id"]
        at = there.get(f"{case_id}/card/1", "outside")
        assert state["card_at"] == at
        valid = "notice_made" in state["stages"]
        notices = {n: there[f"{case_id}/notice/{n}"] for n in range(1, state["notices"] + 1)}
        assert {
            n: at if valid and n == state["notices"] else "outside" for n in notices
        } == notices
    came = [c for c in after if c["state"]["card_at"] != "outside"]
    discarded = [c for c in after if c["stage"] == "discarded"]
    missing = [c for c in after if c["state"]["result"] == "card_missing"]
    assert len(after) - len(came) <= len(missing)
    assert all(c["state"]["result"] == "card_missing" for c in discarded)
