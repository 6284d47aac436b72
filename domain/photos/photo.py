"""What was measured of one photo for a card, as values.

Here: places on a picture, what a file says of itself, what was seen of the face and of what
is behind it. Not here: what is good enough (``domain/photos/photo_rules.py``), nor how anything
is measured (``devices/photo_measuring.py``).
"""

from dataclasses import dataclass
from enum import StrEnum


class Colours(StrEnum):
    """How a file keeps its colours."""

    RGB = "rgb"
    GREY = "grey"
    CMYK = "cmyk"
    """For printing presses; no upload takes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A place on the upright picture, in shares of its width and height."""

    x: float
    y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A part of the upright picture, in shares of its width and height."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Where it ends at the right."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """Where it ends below."""
        return self.top + self.height


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoFile:
    """What the file says of itself, the picture turned as the camera noted."""

    size_bytes: int
    width_px: int
    height_px: int
    colours: Colours = Colours.RGB

    @property
    def aspect(self) -> float:
        """Height for one width."""
        return self.height_px / self.width_px


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """The largest face of the picture."""

    box: Box
    """From the brow to the chin, as the detector draws it: hair is not in it."""

    right_eye: Point
    """The person's right eye, which is at the left of the picture."""

    left_eye: Point
    tilt_deg: float
    """How far the line of the eyes leans; positive where the picture's right is lower."""

    turn_ratio: float
    """How far the nose is from between the eyes, in distances of the eyes."""

    sharpness: float
    """Variance of the Laplacian on a face of 160 by 200, related to the face's contrast."""

    light: float
    """Mean of the grey values, 0 to 255."""

    burnt_ratio: float
    """Share of the face that is white without any drawing."""

    side_light: float
    """How much lighter one half is than the other, in grey values."""

    eye_contrast: float
    """Between lights and darks at the eyes, in grey values; the lesser of the two."""

    saturation: float
    """Mean saturation, 0 to 255; 0 in a picture without colours."""

    @property
    def between_eyes(self) -> Point:
        """The middle of the line of the eyes."""
        right, left = self.right_eye, self.left_eye
        return Point(x=(right.x + left.x) / 2, y=(right.y + left.y) / 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Background:
    """What is behind the person, above the eyes and beside the head."""

    unevenness: float
    """Colour difference (CIE76) from its middle colour that 5 of 100 places exceed."""

    left_right: float
    """Colour difference between both sides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurements:
    """Everything the rules look at."""

    file: PhotoFile
    brightness: float
    """Grey value that the lightest twentieth of the picture reaches."""

    blockiness: float
    """Steps at the grid of the compression, against steps elsewhere; 1 without any."""

    background: Background | None = None
    """``None``: too little of it is to be seen."""

    face: Face | None = None
    other_faces: tuple[Box, ...] = ()
    turn_deg: int = 0
    """By how much turning it to the left would make the face upright: 0, 90, 180 or 270."""
