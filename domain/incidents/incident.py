"""A matter that must not be forgotten, from its report to its end.

    fault      FAULTY ─▶ OUT_OF_SERVICE ─▶ SUBSTITUTED ─▶ BACK_IN_SERVICE
                  └─▶ WITHDRAWN  └──────────────────────────────▲
    complaint, trouble, error     NOT_REPORTED ─▶ REPORTED ─▶ SETTLED
    vacancy                       VACANT ─▶ FILLED
    consultation                  TO_CONSULT ─▶ CONSULTED
    change notice                 TO_REVISE ─▶ REVISED
    question to the city          ASKED ─▶ CITY_ANSWERED ─▶ IN_FAQ
                                                   └─▶ SETTLED

What the city has to hear of is never withdrawn unseen: it ends after the report. Belongs
here: what each step does, and what it needs first. Does not belong here: what happened in
words (sealed with the record), clocks (``workflows.incident`` and the contract). Sources:
Ageo specification §5(1)②(ウ), §5(4)①(イ), §5(5)③; Urasoe §11(5); Ota §8(2)①(ウ), §10(2)①②.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from domain.errors import FieldMissing, WrongStage
from domain.incidents.errors import CityNotTold, HandOverMissing, WrittenReportMissing
from domain.incidents.kinds import (
    ENDED,
    FOR_THE_CITY,
    MAY_BE_SERIOUS,
    STAGE_TEXT,
    WAYS,
    IncidentKind,
    Stage,
    Step,
)
from domain.parties import Party, Role, Standing

Fields = Mapping[str, object]

_LINK = re.compile(r"(?:https?://|\\\\)[^\s<>\"']{3,}")
"""An address on the web, or of a folder in the office."""

_AFTER: Mapping[Step, Stage] = {
    Step.TAKE_OUT_OF_SERVICE: Stage.OUT_OF_SERVICE,
    Step.ASSIGN_SUBSTITUTE: Stage.SUBSTITUTED,
    Step.RETURN_TO_SERVICE: Stage.BACK_IN_SERVICE,
    Step.REPORT_TO_CITY: Stage.REPORTED,
    Step.SETTLE_INCIDENT: Stage.SETTLED,
    Step.FILL_VACANCY: Stage.FILLED,
    Step.RECORD_CONSULTATION: Stage.CONSULTED,
    Step.LINK_REVISION: Stage.REVISED,
    Step.ANSWER_QUESTION: Stage.CITY_ANSWERED,
    Step.ADOPT_ANSWER: Stage.IN_FAQ,
    Step.KEEP_ANSWER: Stage.SETTLED,
    Step.WITHDRAW_INCIDENT: Stage.WITHDRAWN,
}

_STEPS: Mapping[Stage, tuple[Step, ...]] = {
    Stage.FAULTY: (Step.TAKE_OUT_OF_SERVICE, Step.WITHDRAW_INCIDENT),
    Stage.OUT_OF_SERVICE: (Step.ASSIGN_SUBSTITUTE, Step.RETURN_TO_SERVICE),
    Stage.SUBSTITUTED: (Step.RETURN_TO_SERVICE,),
    Stage.NOT_REPORTED: (Step.REPORT_TO_CITY,),
    Stage.REPORTED: (Step.SETTLE_INCIDENT,),
    Stage.VACANT: (Step.FILL_VACANCY, Step.WITHDRAW_INCIDENT),
    Stage.TO_CONSULT: (Step.RECORD_CONSULTATION,),
    Stage.TO_REVISE: (Step.LINK_REVISION,),
    Stage.ASKED: (Step.ANSWER_QUESTION,),
    Stage.CITY_ANSWERED: (Step.ADOPT_ANSWER, Step.KEEP_ANSWER),
}

CLOCK_ENDS = frozenset({Step.ASSIGN_SUBSTITUTE, Step.REPORT_TO_CITY, Step.ANSWER_QUESTION})
"""Steps that keep what was promised while the incident goes on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """One value per moment."""

    case_id: str
    kind: IncidentKind
    reported_by: Role
    stage: Stage
    thing: str = ""
    """Which thing of the contract failed, or which day of its roster has nobody; empty for
    what it does not list."""

    thing_label: str = ""

    serious: bool = False
    consults: bool = False
    """Whether the contract wants a serious matter or a vacancy consulted on with the city."""

    written_if_serious: bool = False
    """Whether it wants a serious matter in writing, with what prevents the next one."""

    reported_at: datetime | None = None
    """When the city heard of it."""

    for_city: bool = False
    """Whether what it is about is the city's to deal with."""

    handed_over_at: datetime | None = None
    """When something of it was first handed over to the city."""

    written_report: str = ""
    substitute: str = ""
    revision: str = ""
    """Which version of the manual has the change."""

    link: str = ""
    """Where that version is."""

    consultation: str = ""
    """The case of the consultation that it began."""

    meeting: int = 0
    """Number of the meeting at which it was asked; 0: at none."""

    article: int = 0
    """Number of the article that has the city's answer."""

    @property
    def closed(self) -> bool:
        """Tell whether nothing is left to be done."""
        return self.stage in ENDED

    @property
    def standing(self) -> Standing:
        """Where the incident stands between the parties."""
        if self.closed:
            return Standing.CLOSED
        waits = self.stage is Stage.ASKED
        return Standing.WITH_CITY if waits else Standing.WITH_PROVIDER

    @property
    def owner(self) -> Role | None:
        """The role that has to act next; ``None`` once it is over."""
        if self.closed:
            return None
        if self.stage is Stage.ASKED:
            return Role.OFFICIAL
        at_hand = self.kind is IncidentKind.FAULT and self.reported_by.party is Party.PROVIDER
        return self.reported_by if at_hand else Role.SITE_MANAGER

    @property
    def to_be_consulted(self) -> bool:
        """Tell whether a consultation with the city has to be begun."""
        grave = self.serious or self.kind is IncidentKind.VACANCY
        return self.consults and grave and not self.consultation and not self.closed

    @property
    def to_be_written(self) -> bool:
        """Tell whether the report in writing is still owed."""
        return self.serious and self.written_if_serious and not self.written_report

    def steps(self) -> tuple[Step, ...]:
        """Return what can be done next, the ordinary step first."""
        if self.closed:
            return ()
        possible = [*_STEPS[self.stage]]
        if self.to_be_written:
            possible.insert(0, Step.SUBMIT_WRITTEN_REPORT)
        if self.kind in MAY_BE_SERIOUS and not self.serious:
            possible.append(Step.MARK_SERIOUS)
        return tuple(possible)

    def take(self, step: Step, fields: Fields, *, now: datetime) -> "Incident":
        """Return the incident after a step.

        Raises:
            WrongStage: It is not the time for it.
            FieldMissing: The revised version is not where anybody could find it.
            CityNotTold, HandOverMissing, WrittenReportMissing: Something has to come first.
        """
        if step is Step.SETTLE_INCIDENT:
            self._require_ready()
        if step not in self.steps():
            raise WrongStage(f"いまは「{STAGE_TEXT[self.stage]}」です。")
        match step:
            case Step.MARK_SERIOUS:
                return replace(self, serious=True)
            case Step.SUBMIT_WRITTEN_REPORT:
                return replace(self, written_report=str(fields["document"]))
            case Step.ASSIGN_SUBSTITUTE:
                moved = replace(self, substitute=str(fields["substitute"]))
            case Step.REPORT_TO_CITY:
                for_city = fields["for_city"] == "yes"
                moved = replace(self, reported_at=now, for_city=for_city)
            case Step.LINK_REVISION:
                link = _link(str(fields["link"]))
                moved = replace(self, revision=str(fields["revision"]), link=link)
            case Step.ADOPT_ANSWER:
                moved = replace(self, article=int(str(fields["article"])))
            case _:
                moved = self
        return replace(moved, stage=_AFTER[step])

    def handed_over(self, now: datetime) -> "Incident":
        """Return the incident once something of it is offered to the city."""
        return replace(self, handed_over_at=self.handed_over_at or now)

    def with_consultation(self, case_id: str) -> "Incident":
        """Return the incident with the consultation that it began."""
        return replace(self, consultation=case_id)

    def _require_ready(self) -> None:
        if self.closed or self.kind not in FOR_THE_CITY:
            return
        if self.reported_at is None:
            raise CityNotTold("先に、市へ報告したことを記録してください。")
        if self.to_be_written:
            raise WrittenReportMissing("先に、書面の報告と再発防止策を記録してください。")
        if self.for_city and self.handed_over_at is None:
            raise HandOverMissing("先に「市職員へ引き継ぐ」で引き継いでください。")


def begun(
    case_id: str,
    kind: IncidentKind,
    reported_by: Role,
    *,
    at: datetime,
    thing: str = "",
    thing_label: str = "",
    serious: bool = False,
    consults: bool = False,
    written_if_serious: bool = False,
    meeting: int = 0,
) -> Incident:
    """Return an incident as it begins; what the city itself reports it has heard of."""
    first = WAYS[kind][0]
    told = kind in FOR_THE_CITY and reported_by.party is Party.CITY
    return Incident(
        case_id=case_id,
        kind=kind,
        reported_by=reported_by,
        stage=Stage.REPORTED if told else first,
        thing=thing,
        thing_label=thing_label,
        serious=serious and kind in MAY_BE_SERIOUS,
        consults=consults,
        written_if_serious=written_if_serious,
        reported_at=at if told else None,
        meeting=meeting if kind is IncidentKind.QUESTION else 0,
    )


def _link(text: str) -> str:
    if not _LINK.fullmatch(text.strip()):
        raise FieldMissing(
            "「保管場所」は https:// か \\\\ で始まるアドレスで入力してください。"
        )
    return text.strip()
