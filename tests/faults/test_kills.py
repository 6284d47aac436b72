"""A lot that loses worker, server, engine and database on its way ends as if nothing was.

One round kills each of the four once; ``FAULT_ROUNDS`` asks for more.
"""

import os
import random
import threading
import time
from datetime import date, datetime

import pytest

from domain.lots.card import Step
from domain.parties import Role
from domain.records.audit import RecordedEvent, breaks
from ops.make_lot import LotPlan, make_lot
from tests.faults.installation import Installation
from tests.ops.waiting import eventually

CARDS = 300
PARTS = ("worker", "server", "temporal", "postgres")
ROUNDS = int(os.environ.get("FAULT_ROUNDS", "1"))
PICKUP, MAIL = {"route": "pickup_notice"}, {"route": "mail_to_applicant"}
TERMINAL = {"terminal": "T-01"}
STEPS: tuple[tuple[str, dict[str, str]], ...] = (
    ("record_pre_issue_setup", TERMINAL),
    ("make_notice", PICKUP),
    ("update_destination", {**MAIL, **TERMINAL}),
    ("prepare_dispatch", {**MAIL, "mail_kind": "registered_mail"}),
    ("seal", PICKUP),
    ("hand_over", {}),
)
ONCE = {
    "card_matched": CARDS,
    "record_pre_issue_setup": CARDS,
    "hand_over": CARDS,
    "acknowledge_receipt": CARDS,
}


class Killer:
    """Kills part after part while something else goes on; each comes back before the next."""

    def __init__(self, installation: Installation, parts: list[str], seed: int) -> None:
        self.killed: list[str] = []
        self._installation = installation
        self._parts = parts
        self._chance = random.Random(seed)
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> "Killer":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.join()

    def _run(self) -> None:
        for part in self._parts:
            time.sleep(self._chance.uniform(0.5, 4))
            dead = self._installation.kill(part)
            self.killed.append(part)
            self._installation.came_back(part, dead)


def take_over(there: Installation, number: int) -> tuple[str, str]:
    """Take a lot over and return its case and when it is due."""
    lot = make_lot(LotPlan(rows=CARDS, seed=100 + number, delivered=date(2026, 11, 1 + number)))
    files = {name: (f"{name}.csv", content) for name, content in lot.files.items()}
    answer = there.ask(Role.CLERK, "POST", "/api/v1/contracts/ota/card-lots", files=files)
    assert 201 == answer.status_code, answer.text
    return answer.json()["case_id"], answer.json()["due_at"]


def work_off(there: Installation, lot: str) -> None:
    """Do every step of the lot, each when the one before has ended, until it is closed."""
    for done, (action, fields) in enumerate(STEPS, 1):
        answer = there.act(Role.CLERK, lot, action, **fields)
        assert 200 == answer.status_code, (action, answer.text)
        wait_for_ends(there, lot, done)
    slips = there.ask(Role.OFFICIAL, "GET", f"/api/v1/cases/{lot}/slips").json()["items"]
    (slip,) = [each["slip_id"] for each in slips if each["settled_at"] is None]
    answer = there.act(Role.OFFICIAL, lot, "acknowledge_receipt", slip_id=slip, count=CARDS)
    assert 200 == answer.status_code, answer.text
    eventually(
        lambda: there.ask(Role.CLERK, "GET", f"/api/v1/cases/{lot}").json()["closed_at"],
        within=150,
    )


def wait_for_ends(there: Installation, lot: str, count: int) -> None:
    def ends() -> bool:
        ended = [e for e in there.timeline(lot) if e["action"] == "batch_finished"]
        assert [] == [e["detail"] for e in ended if e["detail"]["refused"]]
        return len(ended) >= count

    eventually(ends, within=150)


def events_of(there: Installation, lot: str) -> dict[str, list[RecordedEvent]]:
    rows = there.rows(
        "SELECT e.* FROM case_event e JOIN case_file f USING (municipality, case_id)"
        " WHERE %(lot)s IN (f.case_id, f.parent_id) ORDER BY e.case_id, e.seq",
        lot=lot,
    )
    names = RecordedEvent.__dataclass_fields__
    found: dict[str, list[RecordedEvent]] = {}
    for row in rows:
        sealed = row["sealed_reason"]
        row["sealed_reason"] = bytes(sealed).hex() if sealed is not None else None
        event = RecordedEvent(**{name: row[name] for name in names})
        found.setdefault(event.case_id, []).append(event)
    return found


def assert_nothing_lost_and_nothing_twice(there: Installation, lot: str, due: str) -> None:
    cases = there.rows(
        "SELECT case_id, kind, stage, due_at, last_seq, last_hash, state FROM case_file"
        " WHERE %(lot)s IN (case_id, parent_id)",
        lot=lot,
    )
    events = events_of(there, lot)
    cards = {case["case_id"]: case for case in cases if case["kind"] == "card"}
    assert (CARDS, {"done"}) == (len(cards), {case["stage"] for case in cases})
    steps = [event.action for card in cards for event in events[card]]
    assert ONCE == {action: steps.count(action) for action in ONCE}
    for card in cards:
        taken = [event.action for event in events[card] if event.action in set(Step)]
        assert len(set(taken)) == len(taken), taken
    for case in cases:
        broken = breaks(
            events[case["case_id"]], last_seq=case["last_seq"], last_hash=case["last_hash"]
        )
        assert [] == broken
    (moment,) = {case["due_at"] for case in cases}
    assert datetime.fromisoformat(due) == moment
    notified = {
        c for c, case in cards.items() if case["state"]["value"]["route"] == "pickup_notice"
    }
    documents = there.rows(
        "SELECT case_id, count(*) AS notices FROM document WHERE kind = 'issue_notice'"
        " AND case_id = ANY (%(cards)s) GROUP BY case_id",
        cards=list(cards),
    )
    assert dict.fromkeys(notified, 1) == {row["case_id"]: row["notices"] for row in documents}
    things = there.rows(
        "SELECT kind, holder, count(*) AS things FROM custody_item"
        " WHERE lot_id = %(lot)s GROUP BY kind, holder ORDER BY kind",
        lot=lot,
    )
    assert [("card", "city", CARDS), ("notice", "city", len(notified))] == [
        (row["kind"], row["holder"], row["things"]) for row in things
    ]


@pytest.mark.timeout(600)
@pytest.mark.parametrize("number", range(ROUNDS))
def test_a_lot_survives_the_loss_of_every_part(installation: Installation, number: int) -> None:
    """
    No card lost, none twice, no notice twice, chains whole, deadlines where they were.
    """
    chance = random.Random(number)
    parts = [*PARTS]
    chance.shuffle(parts)
    lot, due = take_over(installation, number)

    with Killer(installation, parts, seed=number) as killer:
        work_off(installation, lot)

    assert sorted(PARTS) == sorted(killer.killed)
    assert_nothing_lost_and_nothing_twice(installation, lot, due)
    waiting = "SELECT count(*) AS n FROM outbox WHERE done_at IS NULL"
    eventually(lambda: installation.rows(waiting)[0]["n"] == 0)
