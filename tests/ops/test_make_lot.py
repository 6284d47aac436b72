"""Synthetic lots: the same seed, the same bytes; nobody real; as bad as asked for."""

import json
from collections import Counter
from pathlib import Path

import pytest

from domain.lots.matching import MatchResult
from domain.writing.privacy import scan_text
from ops.make_lot import LotPlan, main, make_lot, spread


def test_the_same_plan_gives_the_same_bytes() -> None:
    """A fault found with a seed has to be found again with it."""
    plan = LotPlan(rows=50, seed=4, faults=spread(50, 0.4), rough=True, unreadable=2)
    assert make_lot(plan) == make_lot(plan)
    assert make_lot(plan) != make_lot(LotPlan(rows=50, seed=5, faults=spread(50, 0.4)))


def test_a_lot_is_as_bad_as_planned() -> None:
    """A benchmark that plants nothing measures the easy half."""
    plan = LotPlan(rows=90, faults=spread(90, 0.2))
    counts = Counter(make_lot(plan).expected.values())
    assert {kind: counts[kind] for kind in plan.faults} == dict(plan.faults)
    assert counts.total() == 90 + plan.faults[MatchResult.CARD_UNEXPECTED]


def test_a_lot_holds_nothing_that_looks_like_a_forbidden_number() -> None:
    """An invented twelve-digit number may be somebody's."""
    lot = make_lot(LotPlan(rows=300, encoding="utf-8", rough=True))
    assert [scan_text(content.decode()) for content in lot.files.values()] == [(), (), ()]


def test_a_plan_that_cannot_be_met_is_refused() -> None:
    """More faults than cards would quietly plant fewer."""
    with pytest.raises(ValueError, match="more faults"):
        LotPlan(rows=1, faults={MatchResult.DECEASED: 2})


def test_the_command_writes_lists_and_their_answer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The folder can be handed in as it is."""
    main([str(tmp_path / "lot"), "--rows", "20", "--seed", "3", "--badness", "0.5"])
    answer = json.loads((tmp_path / "lot" / "expected.json").read_text(encoding="utf-8"))
    assert answer["delivered"] == "2026-06-01"
    assert len(answer["rows"]) == 21
    assert sorted(path.name for path in (tmp_path / "lot").iterdir()) == [
        "card_face.csv",
        "expected.json",
        "issue_list.csv",
        "resident.csv",
    ]
    assert "21 numbers, 10 faults" in capsys.readouterr().out
