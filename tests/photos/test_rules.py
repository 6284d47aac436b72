"""The rules of photos on invented measurements: each limit at its edge, each excuse."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.parties import Role
from domain.photos import photo_limits as limits
from domain.photos.photo import Background, Box, Colours, Face, Measurements, PhotoFile, Point
from domain.photos.photo_rules import (
    EXCUSES,
    EXEMPTION_TEXT,
    REPORT_TEXT,
    Exemption,
    PhotoException,
    ReportedBy,
    Severity,
    delete_by,
    judge,
    suggested_crop,
)
from domain.photos.photo_words import (
    PROBLEM_TEXT,
    QUESTIONS,
    REASON_OF,
    REASON_TEXT,
    VERDICT_MEANING,
    VERDICT_TEXT,
    PhotoReason,
    Problem,
    Verdict,
)

FILE = PhotoFile(size_bytes=200_000, width_px=1050, height_px=1350)
FACE = Face(
    box=Box(left=0.24, top=0.28, width=0.52, height=0.56),
    right_eye=Point(x=0.38, y=0.48),
    left_eye=Point(x=0.62, y=0.48),
    tilt_deg=0.0,
    turn_ratio=0.0,
    sharpness=90.0,
    light=150.0,
    burnt_ratio=0.0,
    side_light=10.0,
    eye_contrast=150.0,
    saturation=90.0,
)
GOOD = Measurements(
    file=FILE,
    brightness=225.0,
    blockiness=1.0,
    background=Background(unevenness=1.0, left_right=0.5),
    face=FACE,
)


def of_file(**changed: object) -> Measurements:
    return replace(GOOD, file=replace(FILE, **changed))  # type: ignore[arg-type]


def of_face(**changed: object) -> Measurements:
    return replace(GOOD, face=replace(FACE, **changed))  # type: ignore[arg-type]


def found(measured: Measurements) -> dict[Problem, Severity]:
    return {each.problem: each.severity for each in judge(measured).findings}


def test_a_photo_with_nothing_wrong_is_likely_fine_and_no_more() -> None:
    """
    The control; and nobody here decides that a photo is accepted.
    """
    assert Verdict.LIKELY_FINE is judge(GOOD).verdict
    assert {} == found(GOOD)
    assert "おそらく大丈夫" == VERDICT_TEXT[Verdict.LIKELY_FINE]


@pytest.mark.parametrize(
    ("wrong", "right", "problem"),
    [
        (of_file(size_bytes=19_999), of_file(size_bytes=20_000), Problem.FILE_SMALL),
        (of_file(size_bytes=7_000_001), of_file(size_bytes=7_000_000), Problem.FILE_LARGE),
        (
            of_file(width_px=479, height_px=616),
            of_file(width_px=480, height_px=617),
            Problem.FEW_PIXELS,
        ),
        (
            of_file(width_px=4668, height_px=6001),
            of_file(width_px=4667, height_px=6000),
            Problem.MANY_PIXELS,
        ),
        (of_file(colours=Colours.CMYK), GOOD, Problem.PRINT_COLOURS),
    ],
)
def test_the_files_limits_hold_to_the_byte_and_the_pixel(
    wrong: Measurements, right: Measurements, problem: Problem
) -> None:
    """
    JPEG of 20 KB to 7 MB, 480 to 6000 pixels a side, RGB.
    """
    assert {problem: Severity.LIKELY_REFUSED} == found(wrong)
    assert {} == found(right)


AT_LIMIT: dict[Problem, Callable[[float], Measurements]] = {
    Problem.FACE_SMALL: lambda value: of_face(box=replace(FACE.box, height=value)),
    Problem.FACE_LARGE: lambda value: of_face(
        box=Box(left=0.2, top=0.9 - value, width=0.5, height=value)
    ),
    Problem.TILTED: lambda value: of_face(tilt_deg=-value),
    Problem.SIDEWAYS: lambda value: of_face(turn_ratio=-value),
    Problem.BLURRED: lambda value: of_face(sharpness=value),
    Problem.BLOCKY: lambda value: replace(GOOD, blockiness=value),
    Problem.DARK: lambda value: replace(GOOD, brightness=value),
    Problem.FACE_DARK: lambda value: of_face(light=value),
    Problem.BURNT: lambda value: of_face(burnt_ratio=value),
    Problem.SIDE_LIGHT: lambda value: of_face(side_light=value),
    Problem.EYES_COVERED: lambda value: of_face(eye_contrast=value),
    Problem.GREY: lambda value: of_face(saturation=value),
    Problem.UNEVEN: lambda value: replace(
        GOOD, background=Background(unevenness=value, left_right=0.0)
    ),
    Problem.SIDES_DIFFER: lambda value: replace(
        GOOD, background=Background(unevenness=0.0, left_right=value)
    ),
}
LIMITS = {
    Problem.FACE_SMALL: limits.FACE_SMALL,
    Problem.FACE_LARGE: limits.FACE_LARGE,
    Problem.TILTED: limits.TILT_DEG,
    Problem.SIDEWAYS: limits.TURN,
    Problem.BLURRED: limits.BLURRED,
    Problem.BLOCKY: limits.BLOCKY,
    Problem.DARK: limits.DARK,
    Problem.FACE_DARK: limits.FACE_DARK,
    Problem.BURNT: limits.BURNT,
    Problem.SIDE_LIGHT: limits.SIDE_LIGHT,
    Problem.EYES_COVERED: limits.EYES_COVERED,
    Problem.GREY: limits.GREY,
    Problem.UNEVEN: limits.UNEVEN,
    Problem.SIDES_DIFFER: limits.SIDES_DIFFER,
}
LOWER = {
    Problem.FACE_SMALL,
    Problem.BLURRED,
    Problem.DARK,
    Problem.FACE_DARK,
    Problem.EYES_COVERED,
    Problem.GREY,
}


@pytest.mark.parametrize("problem", AT_LIMIT)
def test_a_limit_is_reached_and_then_passed(problem: Problem) -> None:
    """
    At the limit nothing is said; beyond it first a look, then the likely refusal.
    """
    limit, made = LIMITS[problem], AT_LIMIT[problem]
    step = -0.001 if problem in LOWER else 0.001

    assert problem not in found(made(limit.look))
    assert Severity.LOOK_HERE is found(made(limit.look + step))[problem]
    if limit.refused is not None:
        assert Severity.LOOK_HERE is found(made(limit.refused))[problem]
        assert Severity.LIKELY_REFUSED is found(made(limit.refused + step))[problem]


def test_a_dark_skin_alone_refuses_nothing() -> None:
    """
    Darkness is judged by the whole picture; a face that is dark before a light wall is only
    looked at.
    """
    assert {Problem.FACE_DARK: Severity.LOOK_HERE} == found(of_face(light=40.0))
    assert Severity.LIKELY_REFUSED is found(replace(GOOD, brightness=60.0))[Problem.DARK]


def test_what_cannot_be_measured_without_a_face_is_not_said() -> None:
    """
    No face, no sizes; and lying on its side, everything else would be wrong as well.
    """
    nobody = replace(GOOD, face=None)
    lying = replace(GOOD, face=None, turn_deg=90, brightness=10.0)

    assert {Problem.NO_FACE: Severity.LIKELY_REFUSED} == found(nobody)
    assert {Problem.TURNED: Severity.LIKELY_REFUSED} == found(lying)


def test_what_is_worst_comes_first_and_decides() -> None:
    """
    Who reads one line reads the one that matters.
    """
    both = replace(of_face(tilt_deg=9.0), brightness=60.0)
    judged = judge(both)

    assert [Problem.DARK, Problem.TILTED] == [each.problem for each in judged.findings]
    assert Verdict.LIKELY_REFUSED is judged.verdict
    assert Verdict.LOOK_HERE is judge(of_face(tilt_deg=9.0)).verdict


def test_every_finding_shows_where() -> None:
    """
    A face's problem is framed or underlined; only the file's and the whole picture's are not.
    """
    whole = {Problem.DARK, Problem.BLOCKY, Problem.GREY}
    for problem, made in AT_LIMIT.items():
        limit = LIMITS[problem]
        step = -0.001 if problem in LOWER else 0.001
        findings = {each.problem: each for each in judge(made(limit.look + step)).findings}
        shown = findings[problem].box is not None or findings[problem].line is not None
        assert shown == (problem not in whole), problem


def test_a_reported_exemption_turns_a_refusal_into_a_look() -> None:
    """
    Somebody who cannot sit upright is not told that the photo will come back for it.
    """
    lying = of_face(tilt_deg=30.0)
    excused = judge(lying, Exemption.POSTURE)

    assert Verdict.LIKELY_REFUSED is judge(lying).verdict
    assert Verdict.LOOK_HERE is excused.verdict
    assert all(each.excused for each in excused.findings)
    assert Verdict.LIKELY_REFUSED is judge(lying, Exemption.EYES).verdict


@pytest.mark.parametrize("exemption", Exemption)
def test_nothing_excuses_a_photo_that_is_dark_or_cannot_be_trimmed(
    exemption: Exemption,
) -> None:
    """
    Even with a reason such a photo comes back.
    """
    never = {Problem.DARK, Problem.BLURRED, Problem.TOO_HIGH, Problem.NO_FACE}

    assert not EXCUSES[exemption] & never
    assert Verdict.LIKELY_REFUSED is judge(replace(GOOD, brightness=60.0), exemption).verdict


def test_only_an_official_reports_by_the_citys_telephone() -> None:
    """
    The help desk of the cities takes no calls from a provider.
    """
    at = datetime(2026, 9, 1, tzinfo=UTC)
    official = PhotoException(
        exemption=Exemption.EYES,
        reported=ReportedBy.CITY_HELP_DESK,
        reported_at=at,
        by=Role.OFFICIAL,
    )

    with pytest.raises(ValueError, match="official"):
        replace(official, by=Role.OPERATOR)
    assert replace(official, by=Role.OPERATOR, reported=ReportedBy.FORM).reported_at == at


@pytest.mark.parametrize(
    ("taken", "submitted", "gone_by"),
    [
        ("2026-09-01T10:00+09:00", None, "2026-09-02T00:00+09:00"),
        ("2026-09-01T23:59+09:00", None, "2026-09-02T00:00+09:00"),
        ("2026-09-01T15:30+00:00", None, "2026-09-03T00:00+09:00"),
        ("2026-09-01T10:00+09:00", "2026-09-01T10:20+09:00", "2026-09-01T10:20+09:00"),
        ("2026-09-01T10:00+09:00", "2026-09-05T10:20+09:00", "2026-09-02T00:00+09:00"),
    ],
)
def test_a_photo_is_gone_at_submission_or_when_its_day_ends(
    taken: str, submitted: str | None, gone_by: str
) -> None:
    """
    Whichever comes first, by Tokyo's calendar.
    """
    sent = None if submitted is None else datetime.fromisoformat(submitted)

    assert datetime.fromisoformat(gone_by) == delete_by(datetime.fromisoformat(taken), sent)


@given(
    height=st.floats(0.05, 0.6),
    left=st.floats(0.0, 0.6),
    top=st.floats(0.0, 0.4),
    wide=st.integers(600, 6000),
    high=st.integers(600, 6000),
)
def test_a_suggested_part_is_on_the_picture_and_in_proportion(
    height: float, left: float, top: float, wide: int, high: int
) -> None:
    """
    Wherever the face is: a part of the picture in 45 to 35 with the face whole and in the
    middle, or none.
    """
    box = Box(left=left, top=top, width=min(0.4, height * 0.8 * high / wide), height=height)
    eyes = box.left + box.width / 2
    face = replace(
        FACE,
        box=box,
        right_eye=Point(x=eyes - 0.01, y=top),
        left_eye=Point(x=eyes + 0.01, y=top),
    )
    file = replace(FILE, width_px=wide, height_px=high)
    part = suggested_crop(replace(GOOD, face=face, file=file))

    if part is not None:
        assert min(part.left, part.top) >= 0
        assert max(part.right, part.bottom) <= 1 + 1e-9
        assert part.height * high / (part.width * wide) == pytest.approx(45 / 35)
        assert part.left + part.width / 2 == pytest.approx(eyes)
        assert part.top <= box.top + 1e-9
        assert part.bottom >= box.bottom - 1e-9


def test_a_face_at_the_edge_cannot_be_cut_out() -> None:
    """
    Moving the frame off the picture would invent what is not there.
    """
    box = replace(FACE.box, left=-0.1)
    edge = of_face(box=box, right_eye=Point(x=0.02, y=0.48), left_eye=Point(x=0.2, y=0.48))

    assert suggested_crop(edge) is None
    assert suggested_crop(GOOD) is not None
    assert suggested_crop(replace(GOOD, face=None)) is None


def test_every_word_is_there_and_none_says_that_a_photo_is_accepted() -> None:
    """
    The machine's opinion must never read like a decision.
    """
    assert set(Problem) == set(PROBLEM_TEXT) == set(REASON_OF)
    assert set(PhotoReason) == set(REASON_TEXT)
    assert set(Exemption) == set(EXEMPTION_TEXT) == set(EXCUSES)
    assert set(ReportedBy) == set(REPORT_TEXT)
    said = [*VERDICT_TEXT.values(), *VERDICT_MEANING.values(), *PROBLEM_TEXT.values()]
    assert not [
        each for each in said if "合格" in each or "OK" in each or "問題ありません" in each
    ]
    assert ["おそらく大丈夫", "ここを確認", "おそらく不備"] == list(VERDICT_TEXT.values())


def test_what_no_machine_can_see_is_asked_of_a_person() -> None:
    """
    Closed eyes, glare, masks, expressions, retouching, age: no finding stands for them.
    """
    asked = "".join(question for _, question in QUESTIONS)

    assert all(
        word in asked for word in ("目が開いて", "反射", "マスク", "表情", "加工", "6か月")
    )
