"""Today's code must still follow yesterday's histories.

A file in ``histories/`` is a promise to cases that were running when it was recorded. Add
one per path worth keeping (``make histories`` records those that are missing); never edit
or re-record an old one to make this test pass: gate the change with ``workflow.patched``.
"""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio import workflow
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer
from temporalio.workflow import NondeterminismError

from tests.builders import CLERK, a_deadline, a_lot, a_reservation, today
from tests.stack import eventually
from tests.workflows import samples
from tests.workflows.office import Course, Office
from tests.workflows.scenarios import SCENARIOS
from worker import SANDBOX, WORKFLOWS
from workflows.card import CardWorkflow
from workflows.messages import CardSettled, CaseView, OpenCard

HISTORIES = Path(__file__).parent / "histories"
FILES = sorted(HISTORIES.glob("*.json"))
PAYLOADS = Path(__file__).parent / "payloads"
LONG = 60
"""Events after which the lot that is recorded goes on in a new run."""


def load(path: Path) -> WorkflowHistory:
    """Return a recorded history."""
    return WorkflowHistory.from_json(path.stem, path.read_text())


def replayer(*workflows: type) -> Replayer:
    """Return what replays as the worker would."""
    return Replayer(
        workflows=workflows, workflow_runner=SANDBOX, data_converter=pydantic_data_converter
    )


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
async def test_recorded_histories_replay(path: Path) -> None:
    """
    No recorded case would get stuck on this code.
    """
    await replayer(*WORKFLOWS).replay_workflow(load(path))


def test_there_is_something_to_replay_of_every_workflow() -> None:
    """
    An empty folder would make the test above pass for the wrong reason.
    """
    recorded = {_type_of(json.loads(path.read_text())) for path in FILES}

    assert {w.__temporal_workflow_definition.name for w in WORKFLOWS} == recorded  # type: ignore[attr-defined]


def test_the_histories_tell_nothing_of_where_they_were_recorded() -> None:
    """
    They are published with the product; machines and folders are nobody's business.
    """
    texts = "".join(path.read_text() for path in FILES)

    assert "stackTrace" not in texts
    assert {"recorded"} == set(re.findall(r'"identity": "([^"]*)"', texts))
    assert [] == re.findall(r'"\d+@[^"]*"', texts)


@workflow.defn(name="Card", sandboxed=False)
class _Reworded(CardWorkflow):
    """A harmless edit: the same commands in other words."""

    @workflow.init
    def __init__(self, start: OpenCard) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: OpenCard) -> CaseView:
        return await super().run(start)


@workflow.defn(name="Card", sandboxed=False)
class _Impatient(CardWorkflow):
    """A careless edit: an extra timer before everything else."""

    @workflow.init
    def __init__(self, start: OpenCard) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: OpenCard) -> CaseView:
        await workflow.sleep(timedelta(seconds=1))
        return await super().run(start)


async def test_a_careless_edit_would_be_caught_and_a_harmless_one_not() -> None:
    """
    The control: without this, the replay above might be unable to fail.
    """
    history = load(HISTORIES / "card-received.json")

    await replayer(_Reworded).replay_workflow(history)
    with pytest.raises(NondeterminismError):
        await replayer(_Impatient).replay_workflow(history)


@pytest.mark.recorder
@pytest.mark.parametrize("name", sorted(SCENARIOS))
async def test_record(office: Office, name: str) -> None:
    """
    Record what is missing; runs only with ``--record-histories``.
    """
    for file, course in (await SCENARIOS[name](office)).items():
        keep(file, await course.handle.fetch_history())


@pytest.mark.recorder
async def test_record_a_lot_that_goes_on(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Both runs of a lot whose history grew long; the server would say so after thousands.
    """

    _let_histories_be_long(monkeypatch)
    office.lots.ready = ("card-1",)
    lot = await office.lot(a_lot(cards=2), a_deadline(today() - timedelta(days=20)))
    await lot.act("seal", CLERK, key="key-1")
    await office.record.until("lot-1", "batch_finished")
    first = (await lot.handle.describe()).run_id
    for _ in range(LONG):
        await lot.signal("card_settled", CardSettled(card_id="card-1"))

    await _goes_on(lot, first)
    await lot.act("seal", CLERK, key="key-1")
    await lot.signal("card_settled", CardSettled(card_id="card-2"))
    await lot.ended()
    client = office.skipper.client
    before = client.get_workflow_handle(lot.handle.id, run_id=first)
    keep("lot-long-first-run", await before.fetch_history())
    keep("lot-long-second-run", await lot.handle.fetch_history())


@pytest.mark.recorder
async def test_record_a_reservation_that_goes_on(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Both runs of a reservation that was asked about again and again, until it is missed.
    """
    _let_histories_be_long(monkeypatch)
    held = a_reservation()
    course = await office.reservation(held)
    value = held.confirm(course.now)
    await office.claimed(course, value, "reservation_confirmed")
    await office.record.until(held.case_id, "message_sent")
    first = (await course.handle.describe()).run_id
    for _ in range(LONG):
        await course.handle.signal("catch_up")
    await _goes_on(course, first)
    await course.reach(value.place.ends_at)
    await course.ended()
    client = office.skipper.client
    before = client.get_workflow_handle(course.handle.id, run_id=first)
    keep("reservation-long-first-run", await before.fetch_history())
    keep("reservation-long-second-run", await course.handle.fetch_history())


@pytest.mark.recorder
def test_record_payloads() -> None:
    """
    Write one message of each type that has none yet.
    """
    for name, text in samples.written().items():
        path = PAYLOADS / f"{name}.json"
        if not path.exists():
            path.write_text(text)


def keep(file: str, history: WorkflowHistory) -> None:
    """Write a history that is not there yet, without traces of this machine."""
    path = HISTORIES / f"{file}.json"
    if path.exists():
        return
    recorded = json.loads(history.to_json())
    if "workflowExecutionContinuedAsNewEventAttributes" in recorded["events"][-1]:
        _say_that_it_is_long(recorded["events"])
    path.write_text(json.dumps(_cleaned(recorded), ensure_ascii=False) + "\n")


def _let_histories_be_long(monkeypatch: pytest.MonkeyPatch) -> None:
    def soon(info: workflow.Info) -> bool:
        return info.get_current_history_length() > LONG

    monkeypatch.setattr(workflow.Info, "is_continue_as_new_suggested", soon)


async def _goes_on(course: Course, first: str | None) -> None:
    async def run() -> str | None:
        return (await course.handle.describe()).run_id

    await eventually(run, lambda found: found != first)


def _type_of(recorded: dict[str, Any]) -> str:
    started = recorded["events"][0]["workflowExecutionStartedEventAttributes"]
    return str(started["workflowType"]["name"])


def _say_that_it_is_long(events: list[dict[str, Any]]) -> None:
    """Note where a server would say it, since here the test did."""
    started = "workflowTaskStartedEventAttributes"
    last = [each for each in events if started in each][-1]
    last[started]["suggestContinueAsNew"] = True


def _cleaned(found: Any) -> Any:
    if isinstance(found, list):
        return [_cleaned(each) for each in found]
    if isinstance(found, str):
        # Process and machine, as they stand in the names of a worker's own queues.
        return re.sub(r"^\d+@.*", "recorded", found)
    if not isinstance(found, dict):
        return found
    kept = {name: _cleaned(each) for name, each in found.items() if name != "stackTrace"}
    return kept | ({"identity": "recorded"} if "identity" in kept else {})
