"""The whole course of a lot, printing included, against what a year of a city needs.

    python -m bench.year [--quick]

Here: from the upload to the official's receipt of the last card, through HTTP, with every
notice printed. A city of 26,000 cards a year has about 108 on each of its 240 open days; the
bar is the cards of a day five times as busy, in one hour. Source: Ota specification §6(2).
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from bench.figures import Figure
from bench.installation import CITY, Installation
from bench.lot import made_lot, take_over
from bench.running import run_alone
from domain.parties import Role
from store import cases
from store.scope import scope

CARDS_A_YEAR = 26_000
OPEN_DAYS = 240
BUSY = 5
AN_OPEN_DAY = round(CARDS_A_YEAR / OPEN_DAYS)

_MAIL = "mail_to_applicant"
_PICKUP = "pickup_notice"
_TERMINAL = {"terminal": "T-01"}
_PATIENCE_SECONDS = 300.0
_STILL_AT_WORK = {"NothingToDo", "WrongStage"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stage:
    """One step of the lot, and where its cards are afterwards."""

    action: str
    to: str
    route: str | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)


_STAGES: Sequence[_Stage] = (
    _Stage(action="record_pre_issue_setup", to="preset", fields=_TERMINAL),
    _Stage(action="make_notice", to="notice_made"),
    _Stage(action="seal", to="sealed"),
    _Stage(action="update_destination", to="destination_updated", fields=_TERMINAL),
    _Stage(
        action="prepare_dispatch", to="dispatch_ready", fields={"mail_kind": "registered_mail"}
    ),
)


def measure(made: Installation, *, quick: bool = False) -> list[Figure]:
    """Return how fast a lot goes through, and how long each step takes for a card."""
    rows = 24 if quick else 3 * AN_OPEN_DAY
    lot = made_lot(rows, seed=3, badness=0)
    with made.caller(Role.CLERK) as clerk, made.caller(Role.OFFICIAL) as official:
        before, begun = made.cpu(), time.perf_counter()
        lot_id = take_over(clerk, lot)["case_id"]
        steps = {
            stage.action: _timed(_advance, made, clerk, lot_id, stage) for stage in _STAGES
        }
        steps["hand_over"] = _timed(_hand_over, made, clerk, lot_id, rows)
        steps["acknowledge_receipt"] = _timed(_receive, made, official, lot_id, rows)
        took = time.perf_counter() - begun
        after = made.cpu()
    used = sum(after.values()) - sum(before.values())
    return [
        Figure(
            name="year: cards an hour through the whole course",
            value=3600 * rows / took,
            unit="cards/h",
            at_least=BUSY * AN_OPEN_DAY,
        ),
        Figure(name="year: the cards of an open day", value=AN_OPEN_DAY, unit="cards"),
        Figure(
            name="year: an open day's cards take", value=AN_OPEN_DAY * took / rows, unit="s"
        ),
        Figure(name="year: CPU of all processes", value=1000 * used / rows, unit="ms/card"),
        *(
            Figure(name=f"year: {name}", value=1000 * seconds / rows, unit="ms/card")
            for name, seconds in steps.items()
        ),
    ]


def _timed(work: Callable[..., None], *arguments: Any) -> float:
    begun = time.perf_counter()
    work(*arguments)
    return time.perf_counter() - begun


def _advance(made: Installation, clerk: httpx.Client, lot_id: str, stage: _Stage) -> None:
    accepted = _act(clerk, lot_id, stage.action, dict(stage.fields))
    _until(made, lot_id, {stage.to: accepted["accepted"]})


def _hand_over(made: Installation, clerk: httpx.Client, lot_id: str, rows: int) -> None:
    for route in (_PICKUP, _MAIL):
        _act(clerk, lot_id, "hand_over", {"route": route})
    _until(made, lot_id, {"handed_over": rows})


def _receive(made: Installation, official: httpx.Client, lot_id: str, rows: int) -> None:
    slips = official.get(f"/api/v1/cases/{lot_id}/slips").json()["items"]
    assert sum(slip["quantity"] for slip in slips) == rows
    for slip in slips:
        asked = {"slip_id": slip["slip_id"], "count": slip["quantity"]}
        _act(official, lot_id, "acknowledge_receipt", asked)
    _until(made, lot_id, {"done": rows})


def _act(
    caller: httpx.Client, lot_id: str, action: str, asked: dict[str, Any]
) -> dict[str, Any]:
    """Ask for a step, again while the lot still finishes the one before.

    A lot without a card for the step would be asked for ever; a lot of 24 has both routes.
    """
    last = time.monotonic() + _PATIENCE_SECONDS
    while True:
        answer = caller.post(f"/api/v1/cases/{lot_id}/actions/{action}", json=asked)
        body: dict[str, Any] = answer.json()
        if answer.is_success:
            return body
        assert body["code"] in _STILL_AT_WORK, answer.text
        assert time.monotonic() < last, f"{action}: {answer.text}"
        time.sleep(0.05)


def _until(made: Installation, lot_id: str, wanted: Mapping[str, int]) -> None:
    last = time.monotonic() + _PATIENCE_SECONDS
    while True:
        with scope(made.parts.engine, CITY) as connection:
            found = cases.stages_of(connection, CITY, lot_id)
        if all(found.get(stage, 0) == count for stage, count in wanted.items()):
            return
        assert time.monotonic() < last, f"still {found}, not {wanted}"
        time.sleep(0.05)


if __name__ == "__main__":
    run_alone(measure)
