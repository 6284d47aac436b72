"""How each kind of case is counted: once, and never as done where it was sent on."""

import pytest

from domain.calls.inquiry import Nature
from domain.case import CaseKind
from domain.catalogue.counts import Line, Tally, by, tally

VISIT, PROCEDURE = CaseKind.VISIT, CaseKind.PROCEDURE
APPLICATION, NOTE = CaseKind.APPLICATION, CaseKind.INQUIRY


@pytest.mark.parametrize(
    ("kind", "stage", "more", "counted"),
    [
        (VISIT, "serving", {}, Tally(visits=2)),
        (VISIT, "done", {"result": "served"}, Tally(visits=2, served=2)),
        (VISIT, "done", {"result": "referred"}, Tally(visits=2, referred=2)),
        (VISIT, "done", {"result": "handed_over"}, Tally(visits=2, handed_over=2)),
        (VISIT, "left", {"result": "left"}, Tally(visits=2, left=2)),
        (VISIT, "serving", {"outcome": "refer"}, Tally(visits=2, referred=2)),
        (
            VISIT,
            "done",
            {"outcome": "refer", "result": "referred"},
            Tally(visits=2, referred=2),
        ),
        (PROCEDURE, "serve", {}, Tally(procedures=2)),
        (PROCEDURE, "done", {}, Tally(procedures=2, done=2)),
        (PROCEDURE, "withdrawn", {}, Tally(procedures=2)),
        (APPLICATION, "photo", {}, Tally(procedures=2)),
        (APPLICATION, "waiting", {}, Tally(procedures=2, done=2)),
        (APPLICATION, "defective", {}, Tally(procedures=2, done=2)),
        (APPLICATION, "withdrawn", {}, Tally(procedures=2)),
        (NOTE, "answered", {}, Tally(questions=2)),
        (NOTE, "answered", {"nature": Nature.GUIDANCE}, Tally(guidance=2)),
        (NOTE, "answered", {"nature": Nature.CONSULTATION}, Tally(consultations=2)),
        (NOTE, "referred", {"nature": Nature.GUIDANCE}, Tally(guidance=2, referred=2)),
        (NOTE, "call_back", {}, Tally(questions=2)),
    ],
)
def test_each_case_is_counted_as_what_became_of_it(
    kind: CaseKind, stage: str, more: dict[str, Nature], counted: Tally
) -> None:
    """
    Two cases that are alike in everything.
    """
    line = Line(kind=kind, code="x", stage=stage, number=2, **more)  # type: ignore[arg-type]

    assert counted == tally([line])
    assert 2 == counted.cases
    assert counted.done + counted.served + counted.referred <= 2


def test_sections_add_up_to_the_whole() -> None:
    """
    However the lines are put together, none is lost.
    """
    lines = [
        Line(kind=kind, code=code, stage="done", number=number, place=place)
        for number, (kind, code, place) in enumerate(
            [
                (VISIT, "a", "desk"),
                (PROCEDURE, "a", "desk"),
                (NOTE, "b", ""),
                (VISIT, "b", "x"),
            ],
            1,
        )
    ]
    whole = tally(lines)

    for section in (by(lines, lambda each: each.code), by(lines, lambda each: each.place)):
        summed = Tally()
        for part in section.values():
            summed = summed.plus(part)
        assert whole == summed
    assert 10 == whole.cases
