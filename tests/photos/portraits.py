"""One real portrait before a plain wall, and what can go wrong with a photo.

The portrait is NASA's of an astronaut, in the public domain, a file of the scikit-image
wheel. Cut out and put before a wall it is a photo as it should be; every other one here is
a damaged copy of it. Not here: files that are no photos at all (``hostile``).
"""

from collections.abc import Callable, Mapping
from functools import cache
from importlib.metadata import files

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]

WIDE, HIGH = 1050, 1350
WALL = (225, 228, 230)
_SOURCE = "skimage/data/astronaut.png"
_PART = (slice(8, 209), slice(146, 302))
"""Head and shoulders on the portrait, as the guide sizes ask."""

_BROW_TO_CHIN = (slice(143, 400), slice(75, 275))
"""On a copy of a third of the size."""


@cache
def portrait() -> Image:
    """Return the head of the portrait before the cloth of its studio."""
    found = next(file for file in files("scikit-image") or () if str(file) == _SOURCE)
    whole = cv2.imread(str(found.locate()))
    assert whole is not None
    return np.asarray(
        cv2.resize(whole[_PART], (WIDE, HIGH), interpolation=cv2.INTER_CUBIC), dtype=np.uint8
    )


@cache
def person() -> NDArray[np.float32]:
    """Return how much of each pixel is the person; found on a small copy, which is quick."""
    small = cv2.resize(portrait(), (WIDE // 3, HIGH // 3), interpolation=cv2.INTER_AREA)
    marks = np.full(small.shape[:2], cv2.GC_PR_BGD, np.uint8)
    marks[:10] = cv2.GC_BGD
    y, x = _BROW_TO_CHIN
    middle = ((x.start + x.stop) // 2, (y.start + y.stop) // 2)
    wide, high = x.stop - x.start, y.stop - y.start
    outer, inner = (int(wide * 0.8), int(high * 0.85)), (int(wide * 0.45), int(high * 0.5))
    cv2.ellipse(marks, middle, outer, 0, 0, 360, cv2.GC_PR_FGD, -1)
    marks[y.stop :, x.start - wide // 2 : x.stop + wide // 2] = cv2.GC_PR_FGD
    cv2.ellipse(marks, middle, inner, 0, 0, 360, cv2.GC_FGD, -1)
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.grabCut(small, marks, (0, 0, 1, 1), *models, 4, cv2.GC_INIT_WITH_MASK)
    inside = ((marks == cv2.GC_FGD) | (marks == cv2.GC_PR_FGD)).astype(np.float32)
    whole = cv2.resize(inside, (WIDE, HIGH), interpolation=cv2.INTER_CUBIC)
    soft = cv2.GaussianBlur(np.clip(whole, 0, 1), (0, 0), 2)
    return np.asarray(soft[..., None], dtype=np.float32)


def before(wall: Image | NDArray[np.float64]) -> Image:
    """Return the person before a wall, with the grain of a camera."""
    grain = np.random.default_rng(0).normal(0, 2, (HIGH, WIDE, 3))
    mixed = portrait() * person() + wall * (1 - person()) + grain
    return np.clip(mixed, 0, 255).astype(np.uint8)


@cache
def good() -> Image:
    """Return the photo as it should be."""
    return before(plain(WALL))


def plain(colour: tuple[int, int, int]) -> Image:
    """Return a wall of one colour."""
    return np.full((HIGH, WIDE, 3), colour, np.uint8)


def jpeg(image: Image, quality: int = 92) -> bytes:
    """Return a picture as a file."""
    whole = np.ascontiguousarray(image)
    done, encoded = cv2.imencode(".jpg", whole, [cv2.IMWRITE_JPEG_QUALITY, quality])
    assert done
    return encoded.tobytes()


def leaning(degrees: float) -> Image:
    """Return it with the head leant to a side; she leans 2 degrees to her right anyway."""
    turn = cv2.getRotationMatrix2D((WIDE / 2, HIGH * 0.45), degrees, 1)
    return _moved(np.asarray(turn, dtype=np.float64))


def shifted(x: float = 0.0, y: float = 0.0) -> Image:
    """Return it with the person moved by shares of the picture."""
    return _moved(np.array([[1, 0, x * WIDE], [0, 1, y * HIGH]]))


def smaller(share: float) -> Image:
    """Return it with the person farther away."""
    return _moved(np.array([[share, 0, WIDE * (1 - share) / 2], [0, share, HIGH * 0.2]]))


def lit(factor: float | NDArray[np.float64]) -> Image:
    """Return it with another light."""
    return np.asarray(np.clip(good() * factor, 0, 255), dtype=np.uint8)


def blurred(sigma: float) -> Image:
    """Return it out of focus."""
    return np.asarray(cv2.GaussianBlur(good(), (0, 0), sigma), dtype=np.uint8)


def shaken() -> Image:
    """Return it taken with a moving hand."""
    return np.asarray(cv2.filter2D(good(), -1, np.eye(37) / 37), dtype=np.uint8)


def eyes_covered() -> Image:
    """Return it with a dark bar over the eyes, as large glasses are."""
    covered = good().copy()
    covered[560:700, 225:820] = 20
    return covered


def stripes() -> Image:
    """Return it before a striped wall."""
    wall = plain(WALL)
    for left in range(0, WIDE, 90):
        wall[:, left : left + 12] = (90, 90, 120)
    return before(wall)


def gradient() -> Image:
    """Return it before a wall that lies half in shadow."""
    return before(plain(WALL) - np.linspace(0, 90, WIDE)[None, :, None])


def grey() -> Image:
    """Return it without colours, in a file that could have some."""
    lightness = cv2.cvtColor(good(), cv2.COLOR_BGR2GRAY)
    return np.asarray(cv2.cvtColor(lightness, cv2.COLOR_GRAY2BGR), dtype=np.uint8)


def two_people() -> Image:
    """Return two of them side by side."""
    return np.hstack((good(), good()))


def _moved(how: NDArray[np.float64]) -> Image:
    moved = cv2.warpAffine(good(), how, (WIDE, HIGH), borderValue=WALL)
    return np.asarray(moved, dtype=np.uint8)


DAMAGES: Mapping[str, tuple[Callable[[], Image], str, str]] = {
    "dark": (lambda: lit(0.3), "dark", "likely_refused"),
    "dim": (lambda: lit(0.5), "dark", "look_here"),
    "burnt": (lambda: lit(1.8), "burnt", "likely_refused"),
    "out of focus": (lambda: blurred(2.2), "blurred", "look_here"),
    "far out of focus": (lambda: blurred(6), "blurred", "likely_refused"),
    "shaken": (shaken, "blurred", "likely_refused"),
    "off-centre": (lambda: shifted(x=0.2), "off_centre", "likely_refused"),
    "a little off-centre": (lambda: shifted(x=0.1), "off_centre", "look_here"),
    "head cut": (lambda: shifted(y=-0.12), "too_high", "look_here"),
    "too low": (lambda: shifted(y=0.2), "too_low", "likely_refused"),
    "far away": (lambda: smaller(0.4), "face_small", "likely_refused"),
    "a little far": (lambda: smaller(0.7), "face_small", "look_here"),
    "too near": (
        lambda: np.asarray(cv2.resize(good()[200:1200, 120:930], (WIDE, HIGH)), np.uint8),
        "face_large",
        "look_here",
    ),
    "leaning": (lambda: leaning(12), "tilted", "look_here"),
    "leaning far": (lambda: leaning(-15), "tilted", "likely_refused"),
    "upside down": (lambda: good()[::-1, ::-1], "turned", "likely_refused"),
    "on its side": (lambda: np.rot90(good()), "turned", "likely_refused"),
    "two people": (two_people, "several_faces", "likely_refused"),
    "nobody": (lambda: plain(WALL), "no_face", "likely_refused"),
    "eyes covered": (eyes_covered, "eyes_covered", "likely_refused"),
    "stripes": (stripes, "uneven", "likely_refused"),
    "a wall in shadow": (gradient, "sides_differ", "look_here"),
    "a cloth": (portrait, "uneven", "look_here"),
    "a copy without colours": (grey, "grey", "look_here"),
}
"""What was done to it, the problem to be found, and how sure the finding has to be."""
