"""Whether a photo will likely come back, and why: from measurements to findings.

Here: one finding per problem with its place on the picture, the verdict, what an exception
excuses, and until when a photo may lie here. Pure: the same measurements give the same
findings. Not here: numbers (``photo_limits``), sentences (``photo_words``), measuring.
"""

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Final

from domain.calendars.hours import local
from domain.parties import Role
from domain.photos import photo_limits as limits
from domain.photos.photo import Box, Colours, Face, Measurements, PhotoFile, Point
from domain.photos.photo_limits import Limit
from domain.photos.photo_words import PROBLEM_TEXT, REASON_OF, PhotoReason, Problem, Verdict


class Severity(StrEnum):
    """How sure the machine is that a photo comes back for it."""

    LOOK_HERE = "look_here"
    LIKELY_REFUSED = "likely_refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One problem of a photo, with the place to look at."""

    problem: Problem
    severity: Severity
    box: Box | None = None
    """``None``: the whole picture or the file."""

    line: tuple[Point, Point] | None = None
    excused: bool = False
    """An exception was reported that may excuse it."""

    @property
    def reason(self) -> PhotoReason:
        """Which of the reasons of defects it would come back for."""
        return REASON_OF[self.problem]

    @property
    def message(self) -> str:
        """What to do, in one plain sentence."""
        return PROBLEM_TEXT[self.problem]


class Exemption(StrEnum):
    """Circumstances in which the ordinary rules of pose and headwear do not hold."""

    RELIGIOUS_HEADWEAR = "religious_headwear"
    MEDICAL_HEADWEAR = "medical_headwear"
    EYES = "eyes"
    BANDAGE = "bandage"
    POSTURE = "posture"


EXEMPTION_TEXT: Final[Mapping[Exemption, str]] = {
    Exemption.RELIGIOUS_HEADWEAR: "宗教上の理由で頭を覆う（顔の輪郭が分かること）",
    Exemption.MEDICAL_HEADWEAR: "医療用の帽子・かつら",
    Exemption.EYES: "眼帯・サングラスが必要、目が開かない、正面を見られない",
    Exemption.BANDAGE: "けがなどの包帯",
    Exemption.POSTURE: "座れない・寝たきり・車椅子や管が写る",
}

EXCUSES: Final[Mapping[Exemption, Set[Problem]]] = {
    Exemption.RELIGIOUS_HEADWEAR: frozenset({Problem.FACE_SMALL, Problem.SIDE_LIGHT}),
    Exemption.MEDICAL_HEADWEAR: frozenset({Problem.FACE_SMALL}),
    Exemption.EYES: frozenset({Problem.EYES_COVERED, Problem.SIDEWAYS}),
    Exemption.BANDAGE: frozenset({Problem.EYES_COVERED, Problem.SIDE_LIGHT}),
    Exemption.POSTURE: frozenset(
        {Problem.TILTED, Problem.SIDEWAYS, Problem.UNEVEN, Problem.SIDES_DIFFER}
    ),
}
"""What may be accepted with a reported reason. A photo that is too dark or cannot be trimmed
still comes back, so neither stands here. Source: national FAQ on photos of the application.
"""


class ReportedBy(StrEnum):
    """How the place that examines hears of an exemption. Source: national FAQ."""

    APPLICANT_PHONE = "applicant_phone"
    FORM = "form"
    CITY_HELP_DESK = "city_help_desk"


REPORT_TEXT: Final[Mapping[ReportedBy, str]] = {
    ReportedBy.APPLICANT_PHONE: (
        "オンライン申請：本人が 0120-95-0178 に電話し、理由と申請書IDを伝える"
    ),
    ReportedBy.FORM: "郵送：申請書のおもての氏名欄に、理由を具体的に書く",
    ReportedBy.CITY_HELP_DESK: (
        "市の窓口：市職員がJ-LISのヘルプデスクに電話し、理由と申請書IDを伝える"
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoException:
    """An exemption of one application: a kind, never a diagnosis or a faith in words."""

    exemption: Exemption
    reported: ReportedBy
    reported_at: datetime
    by: Role
    """Whose word it is that it was reported."""

    def __post_init__(self) -> None:
        """Refuse what cannot be: a moment without a zone, a report of the wrong party."""
        local(self.reported_at)
        if self.reported is ReportedBy.CITY_HELP_DESK and self.by is not Role.OFFICIAL:
            raise ValueError("only an official telephones the help desk for a city")


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What the rules make of a photo."""

    findings: tuple[Finding, ...]

    @property
    def against(self) -> tuple[Problem, ...]:
        """For what it likely comes back."""
        sure = Severity.LIKELY_REFUSED
        return tuple(each.problem for each in self.findings if each.severity is sure)

    @property
    def verdict(self) -> Verdict:
        """The worst of all findings; what is excused is looked at by a person."""
        if any(each.severity is Severity.LIKELY_REFUSED for each in self.findings):
            return Verdict.LIKELY_REFUSED
        return Verdict.LOOK_HERE if self.findings else Verdict.LIKELY_FINE


HARD: Final[Set[Problem]] = frozenset(
    problem for problem, reason in REASON_OF.items() if reason is PhotoReason.UNREADABLE_FILE
)
"""What the national site checks by itself: size, pixels and format of the file. Nobody's
opinion changes it."""


def may_overrule(problems: Iterable[Problem]) -> bool:
    """Say whether a person may call good what likely comes back for these problems."""
    return HARD.isdisjoint(problems)


def judge(measured: Measurements, exemption: Exemption | None = None) -> Judged:
    """Return what is likely wrong with a photo, what is worst first."""
    found = [_weighed(each, exemption) for each in _findings(measured)]
    return Judged(findings=tuple(sorted(found, key=_weight)))


def suggested_crop(measured: Measurements) -> Box | None:
    """Return the 45:35 part of the picture that the guide sizes ask for.

    ``None`` where there is no face, or where the picture ends too near to it: such a photo
    cannot be trimmed and has to be taken again.
    """
    face, file = measured.face, measured.file
    if face is None or measured.turn_deg:
        return None
    height = face.box.height * limits.HEAD_OF_FACE / limits.HEAD_SHARE
    top = face.box.bottom - height * (limits.HEAD_SHARE + limits.ABOVE_SHARE)
    # Heights count in shares of the height, widths in those of the width.
    to_width = file.height_px / file.width_px / limits.ASPECT
    middle = face.between_eyes.x
    widest = 2 * min(middle, 1 - middle)
    height = min(height, 1.0, widest / to_width)
    if height * limits.FACE_LARGE.look < face.box.height:
        return None
    top = min(max(0.0, top), 1 - height)
    width = height * to_width
    return Box(left=max(0.0, middle - width / 2), top=top, width=width, height=height)


def delete_by(taken_at: datetime, submitted_at: datetime | None) -> datetime:
    """Return when a photo has to be gone: at submission, or when its day ends in Tokyo."""
    day = local(taken_at)
    midnight = datetime.combine(day.date() + timedelta(days=1), time(), day.tzinfo)
    return midnight if submitted_at is None else min(local(submitted_at), midnight)


def _weighed(finding: Finding, exemption: Exemption | None) -> Finding:
    if exemption is None or finding.problem not in EXCUSES[exemption]:
        return finding
    return replace(finding, severity=Severity.LOOK_HERE, excused=True)


def _weight(finding: Finding) -> bool:
    return finding.severity is Severity.LOOK_HERE


def _findings(measured: Measurements) -> Iterator[Finding]:
    yield from _of_file(measured.file)
    if measured.turn_deg:
        # Sizes and places mean nothing until it stands upright.
        yield _sure(Problem.TURNED)
        return
    if measured.face is None:
        yield _sure(Problem.NO_FACE)
    for other in measured.other_faces:
        yield _sure(Problem.SEVERAL_FACES, box=other)
    yield from _over(Problem.BLOCKY, limits.BLOCKY, measured.blockiness)
    yield from _over(Problem.DARK, limits.DARK, measured.brightness)
    if measured.face is not None:
        yield from _of_place(measured.face)
        yield from _of_pose(measured.face)
        yield from _of_light(measured.face, measured.file)
    yield from _of_background(measured)


def _of_file(file: PhotoFile) -> Iterator[Finding]:
    sides = (file.width_px, file.height_px)
    wrong = {
        Problem.FILE_SMALL: file.size_bytes < limits.LEAST_BYTES,
        Problem.FILE_LARGE: file.size_bytes > limits.MOST_BYTES,
        Problem.FEW_PIXELS: min(sides) < limits.LEAST_SIDE_PX,
        Problem.MANY_PIXELS: max(sides) > limits.MOST_SIDE_PX,
        Problem.PRINT_COLOURS: file.colours is Colours.CMYK,
    }
    yield from (_sure(problem) for problem, holds in wrong.items() if holds)
    off = abs(file.aspect / limits.ASPECT - 1)
    yield from _over(Problem.ASPECT, limits.ASPECT_OFF, off)


def _of_place(face: Face) -> Iterator[Finding]:
    box, eyes = face.box, face.between_eyes
    yield from _over(Problem.FACE_SMALL, limits.FACE_SMALL, box.height, box=box)
    yield from _over(Problem.FACE_LARGE, limits.FACE_LARGE, box.height, box=box)
    middle = (Point(x=0.5, y=0.0), Point(x=0.5, y=1.0))
    off = abs(eyes.x - 0.5)
    yield from _over(Problem.OFF_CENTRE, limits.OFF_CENTRE, off, box=box, line=middle)
    above = box.bottom - box.height * limits.HEAD_OF_FACE
    yield from _over(Problem.TOO_HIGH, limits.HEAD_CUT, above, box=box)
    yield from _over(Problem.TOO_LOW, limits.EYES_LOW, eyes.y, box=box)


def _of_pose(face: Face) -> Iterator[Finding]:
    eyes = (face.right_eye, face.left_eye)
    yield from _over(Problem.TILTED, limits.TILT_DEG, abs(face.tilt_deg), line=eyes)
    yield from _over(Problem.SIDEWAYS, limits.TURN, abs(face.turn_ratio), box=face.box)
    yield from _over(Problem.EYES_COVERED, limits.EYES_COVERED, face.eye_contrast, line=eyes)


def _of_light(face: Face, file: PhotoFile) -> Iterator[Finding]:
    box = face.box
    yield from _over(Problem.BLURRED, limits.BLURRED, face.sharpness, box=box)
    yield from _over(Problem.FACE_DARK, limits.FACE_DARK, face.light, box=box)
    yield from _over(Problem.BURNT, limits.BURNT, face.burnt_ratio, box=box)
    yield from _over(Problem.SIDE_LIGHT, limits.SIDE_LIGHT, face.side_light, box=box)
    grey = 0.0 if file.colours is Colours.GREY else face.saturation
    yield from _over(Problem.GREY, limits.GREY, grey)


def _of_background(measured: Measurements) -> Iterator[Finding]:
    behind = measured.background
    if behind is None:
        return
    corners = Box(left=0.0, top=0.0, width=1.0, height=0.35)
    yield from _over(Problem.UNEVEN, limits.UNEVEN, behind.unevenness, box=corners)
    differ = behind.left_right
    yield from _over(Problem.SIDES_DIFFER, limits.SIDES_DIFFER, differ, box=corners)


_LOWER: Final = frozenset(
    {
        Problem.FACE_SMALL,
        Problem.TOO_HIGH,
        Problem.BLURRED,
        Problem.DARK,
        Problem.FACE_DARK,
        Problem.EYES_COVERED,
        Problem.GREY,
    }
)
"""Where less is worse."""


def _over(
    problem: Problem,
    limit: Limit,
    value: float,
    *,
    box: Box | None = None,
    line: tuple[Point, Point] | None = None,
) -> Iterator[Finding]:
    sign = -1 if problem in _LOWER else 1
    if sign * value <= sign * limit.look:
        return
    sure = limit.refused is not None and sign * value > sign * limit.refused
    severity = Severity.LIKELY_REFUSED if sure else Severity.LOOK_HERE
    yield Finding(problem=problem, severity=severity, box=box, line=line)


def _sure(problem: Problem, *, box: Box | None = None) -> Finding:
    return Finding(problem=problem, severity=Severity.LIKELY_REFUSED, box=box)
