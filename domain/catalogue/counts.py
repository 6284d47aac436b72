"""What a month came to: cases counted by group, procedure, subject, place and residence.

Belongs here: how a case is counted, and sums. Does not belong here: which cases a month has
(``store.counts``), names for people (``api.counts``).

A visit is counted with what somebody came for, a procedure with what was done, a note with
what was asked. A case that was sent on is a referral and never something done here. Sources:
Ageo specification §5(2)②(イ), §5(4)②; Urasoe §1, §2, §8(2)ウ; Ota §6(5)②.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, replace

from domain.applications.application_parts import Stage as ApplicationStage
from domain.calls.inquiry import Nature
from domain.calls.inquiry import Stage as InquiryStage
from domain.case import CaseKind
from domain.procedures.eligibility import Outcome
from domain.procedures.procedure_parts import Group
from domain.procedures.procedure_parts import Stage as ProcedureStage
from domain.procedures.visit import Result

COUNTED = (CaseKind.VISIT, CaseKind.PROCEDURE, CaseKind.APPLICATION, CaseKind.INQUIRY)
"""The cases in which somebody was attended to."""


_APPLIED = frozenset(
    {
        ApplicationStage.WAITING,
        ApplicationStage.HANDED_TO_RESIDENT,
        ApplicationStage.DEFECTIVE,
        ApplicationStage.CARD_ARRIVED,
    }
)
"""Where an application is once its part at the window was carried through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Cases that are alike in everything that is counted, and how many they are."""

    kind: CaseKind
    code: str
    """Of the procedure; of a note its subject."""

    stage: str
    number: int
    group: Group | None = None
    place: str = ""
    resident: bool | None = None
    """``None``: nobody had to ask."""

    nature: Nature | None = None
    outcome: str = ""
    """What the table of the contract decided about a visit."""

    result: str = ""
    """How a visit ended."""

    @property
    def referred(self) -> bool:
        """Say whether somebody was told where it is done."""
        if self.kind is CaseKind.INQUIRY:
            return self.stage == InquiryStage.REFERRED
        return self.outcome == Outcome.REFER or self.result == Result.REFERRED


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many of what."""

    visits: int = 0
    served: int = 0
    """Visits that ended with what they came for."""

    handed_over: int = 0
    left: int = 0
    procedures: int = 0
    """Procedures and applications begun, each of them a case of its own."""

    done: int = 0
    """Those that were carried through; of an application, its part at the window."""

    guidance: int = 0
    questions: int = 0
    consultations: int = 0
    referred: int = 0
    """Visits and notes that ended with where to go instead."""

    @property
    def notes(self) -> int:
        """Guidance, questions and consultations together."""
        return self.guidance + self.questions + self.consultations

    @property
    def cases(self) -> int:
        """Every case once."""
        return self.visits + self.procedures + self.notes

    def plus(self, other: "Tally") -> "Tally":
        """Return both together."""
        names = [each.name for each in fields(self)]
        return replace(self, **{n: getattr(self, n) + getattr(other, n) for n in names})


def tally(lines: Iterable[Line]) -> Tally:
    """Return the sum of lines."""
    found = Tally()
    for line in lines:
        found = found.plus(_of(line))
    return found


def by(lines: Iterable[Line], key: Callable[[Line], str]) -> dict[str, Tally]:
    """Return the sums of lines that have the same key."""
    found: dict[str, Tally] = {}
    for line in lines:
        name = key(line)
        found[name] = found.get(name, Tally()).plus(_of(line))
    return found


def _of(line: Line) -> Tally:
    number = line.number
    sent_on = number if line.referred else 0
    match line.kind:
        case CaseKind.VISIT:
            return Tally(
                visits=number,
                served=number if line.result == Result.SERVED else 0,
                handed_over=number if line.result == Result.HANDED_OVER else 0,
                left=number if line.result == Result.LEFT else 0,
                referred=sent_on,
            )
        case CaseKind.PROCEDURE:
            done = line.stage == ProcedureStage.DONE
            return Tally(procedures=number, done=number if done else 0)
        case CaseKind.APPLICATION:
            done = line.stage in _APPLIED
            return Tally(procedures=number, done=number if done else 0)
    nature = line.nature or Nature.QUESTION
    return Tally(
        guidance=number if nature is Nature.GUIDANCE else 0,
        questions=number if nature is Nature.QUESTION else 0,
        consultations=number if nature is Nature.CONSULTATION else 0,
        referred=sent_on,
    )
