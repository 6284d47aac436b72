"""A real portrait and damaged copies of it: what is found of each, and that nothing else is.

One portrait is a smoke test and no error rate: it shows that each measure tells the damage
it is there for from a photo without it.
"""

import io
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from PIL import Image

from devices.photo_measuring import Eye, model_path
from devices.photo_pixels import cut_out
from domain.photos import photo_limits as limits
from domain.photos.photo import Box, Colours
from domain.photos.photo_errors import CropRefused
from domain.photos.photo_rules import Judged, judge, suggested_crop
from domain.photos.photo_words import Verdict
from tests.photos import portraits


@pytest.fixture(scope="module")
def eye() -> Eye:
    return Eye()


def problems(judged: Judged) -> Mapping[str, str]:
    return {str(each.problem): str(each.severity) for each in judged.findings}


def test_a_good_photo_has_nothing_to_be_looked_at(eye: Eye) -> None:
    """
    The control of all damages: what they find is not there without them.
    """
    judged = judge(eye.measure(portraits.jpeg(portraits.good())))

    assert (Verdict.LIKELY_FINE, ()) == (judged.verdict, judged.findings)


@pytest.mark.parametrize("name", portraits.DAMAGES)
def test_a_damage_is_found_for_what_it_is(eye: Eye, name: str) -> None:
    """
    Somebody told the wrong reason takes the same photo again.
    """
    make, problem, severity = portraits.DAMAGES[name]
    judged = judge(eye.measure(portraits.jpeg(make())))

    assert severity == problems(judged).get(problem), problems(judged)
    assert severity == judged.verdict or judged.verdict is Verdict.LIKELY_REFUSED


@pytest.mark.parametrize("name", ["dark", "off-centre"])
def test_a_dark_or_off_centre_photo_is_likely_refused(eye: Eye, name: str) -> None:
    """
    Before it is printed or sent, not weeks later.
    """
    make, problem, _ = portraits.DAMAGES[name]
    judged = judge(eye.measure(portraits.jpeg(make())))

    assert Verdict.LIKELY_REFUSED is judged.verdict
    assert [problem] == [
        str(each.problem) for each in judged.findings if each.severity == "likely_refused"
    ]


@pytest.mark.parametrize(("quality", "sure"), [(5, "likely_refused"), (30, "look_here")])
def test_coarse_compression_is_seen(eye: Eye, quality: int, sure: str) -> None:
    """
    It makes sharpness look better than it is.
    """
    judged = judge(eye.measure(portraits.jpeg(portraits.good(), quality)))

    assert {"blocky": sure} == dict(problems(judged))


def test_a_wall_need_not_be_white(eye: Eye) -> None:
    """
    Plain is what counts: 無背景.
    """
    photo = portraits.before(portraits.plain((200, 140, 60)))

    assert Verdict.LIKELY_FINE is judge(eye.measure(portraits.jpeg(photo))).verdict


def test_the_same_photo_in_other_sizes_is_judged_the_same(eye: Eye) -> None:
    """
    A phone's twelve megapixels and a small file of the same scene.
    """
    for width in (525, 1050, 3024):
        height = width * 9 // 7
        image = Image.fromarray(portraits.good()[:, :, ::-1]).resize((width, height))
        measured = eye.measure(saved(image, quality=92))

        assert {} == dict(problems(judge(measured)))
        assert (width, height) == (measured.file.width_px, measured.file.height_px)


def saved(image: Image.Image, **how: Any) -> bytes:
    target = io.BytesIO()
    image.save(target, "JPEG", **how)
    return target.getvalue()


def good_image() -> Image.Image:
    return Image.fromarray(portraits.good()[:, :, ::-1])


@pytest.mark.parametrize("orientation", range(2, 9))
def test_a_photo_is_turned_as_the_camera_noted(eye: Eye, orientation: int) -> None:
    """
    Phones store every photo as the sensor lies and note how it was held.
    """
    back = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    noted = Image.Exif()
    noted[0x0112] = orientation
    stored = good_image().transpose(back[orientation])
    measured = eye.measure(saved(stored, quality=92, exif=noted))

    assert (portraits.WIDE, portraits.HIGH) == (
        measured.file.width_px,
        measured.file.height_px,
    )
    assert {} == dict(problems(judge(measured)))


def test_without_the_note_it_lies_on_its_side(eye: Eye) -> None:
    """
    The control: it is the note that turns it.
    """
    stored = good_image().transpose(Image.Transpose.ROTATE_90)

    assert "turned" in problems(judge(eye.measure(saved(stored, quality=92))))


def test_colours_of_a_printing_press_are_refused_and_grey_is_looked_at(eye: Eye) -> None:
    """
    The national site takes RGB; black-and-white photos are taken too.
    """
    press = eye.measure(saved(good_image().convert("CMYK"), quality=92))
    grey = eye.measure(saved(good_image().convert("L"), quality=92))

    assert (Colours.CMYK, Colours.GREY) == (press.file.colours, grey.file.colours)
    assert "likely_refused" == problems(judge(press))["print_colours"]
    assert {"grey": "look_here"} == dict(problems(judge(grey)))


def test_a_photo_from_far_away_is_cut_to_a_good_one(eye: Eye) -> None:
    """
    Cutting out is what the page suggests; what it suggests must itself hold.
    """
    far = np.full((2600, 3400, 3), portraits.WALL, np.uint8)
    far[700 : 700 + portraits.HIGH, 1200 : 1200 + portraits.WIDE] = portraits.good()
    content = portraits.jpeg(far)
    measured = eye.measure(content)
    box = suggested_crop(measured)
    assert box is not None
    cut = cut_out(content, box)
    again = eye.measure(cut)

    assert {"face_small", "aspect"} <= set(problems(judge(measured)))
    assert {} == dict(problems(judge(again)))
    assert limits.LEAST_BYTES <= len(cut) <= limits.MOST_BYTES
    assert pytest.approx(45 / 35, rel=0.01) == again.file.aspect


def test_what_is_cut_out_tells_nothing_beside_the_picture() -> None:
    """
    Phones write where and when a photo was taken.
    """
    noted = Image.Exif()
    noted[0x010F] = "maker"
    noted[0x8825] = {1: "N", 2: (35.0, 33.0, 39.0)}
    content = saved(good_image(), quality=92, exif=noted, comment=b"a note")
    cut = cut_out(content, Box(left=0.0, top=0.0, width=1.0, height=1.0))

    assert (True, False) == (b"Exif" in content, b"Exif" in cut or b"a note" in cut)


@pytest.mark.parametrize(
    ("box", "words"),
    [
        (Box(left=0.2, top=0.0, width=0.9, height=0.9), "はみ出して"),
        (Box(left=0.4, top=0.4, width=0.2, height=0.2), "画素が足りません"),
        (Box(left=0.0, top=0.0, width=1.0, height=0.6), "縦45、横35"),
    ],
)
def test_what_cannot_become_a_photo_is_not_cut_out(box: Box, words: str) -> None:
    """
    Off the picture, too few pixels, or stretched.
    """
    with pytest.raises(CropRefused, match=words):
        cut_out(portraits.jpeg(portraits.good()), box)


def test_the_detector_is_the_one_the_limits_were_measured_with() -> None:
    """
    Another file would score otherwise, and nobody would notice.
    """
    assert model_path().is_file()
