"""The picture that shows where to look: findings as numbered frames on the photo.

Here: drawing. The numbers are the findings' places in their list, so that words and picture
go together without colours. Not here: what is found.
"""

from typing import Final

from PIL import ImageDraw, ImageFont

from devices.photo_pixels import encode, open_picture
from domain.photos.photo import Point
from domain.photos.photo_rules import Finding, Severity

_HEIGHT_PX: Final = 900
_SURE, _MAYBE, _PAPER = "#ce0000", "#6e5600", "#ffffff"
_LABEL_PX: Final = 26


def marked(content: bytes, findings: tuple[Finding, ...]) -> bytes:
    """Return the photo, as large as a screen shows it, with a frame for each finding.

    Raises:
        NotAPhoto, PhotoDamaged, PhotoHoldsMore, PhotoTooLarge: It is none.
    """
    image = open_picture(content, side_px=_HEIGHT_PX, true_colours=True).image
    image.thumbnail((_HEIGHT_PX, _HEIGHT_PX))
    pen = ImageDraw.Draw(image)
    labels = _Labels(pen)
    for number, finding in enumerate(findings, 1):
        _mark(pen, labels, image.size, number, finding)
    return encode(image, quality=85)


class _Labels:
    """Numbers beside what they name, none of them over another."""

    def __init__(self, pen: ImageDraw.ImageDraw) -> None:
        self._pen = pen
        self._font = ImageFont.load_default(_LABEL_PX - 6)
        self._taken: set[tuple[int, int]] = set()

    def put(self, at: tuple[float, float], number: int, colour: str) -> None:
        """Write a number at a place, or as near to its right as there is room."""
        x, y = (max(0, int(each)) // _LABEL_PX for each in at)
        while (x, y) in self._taken:
            x += 1
        self._taken.add((x, y))
        left, top = x * _LABEL_PX, y * _LABEL_PX
        box = (left, top, left + _LABEL_PX, top + _LABEL_PX)
        self._pen.rectangle(box, fill=colour, outline=_PAPER)
        middle = (left + _LABEL_PX / 2, top + _LABEL_PX / 2)
        self._pen.text(middle, str(number), fill=_PAPER, font=self._font, anchor="mm")


def _mark(
    pen: ImageDraw.ImageDraw,
    labels: _Labels,
    size: tuple[int, int],
    number: int,
    finding: Finding,
) -> None:
    sure = finding.severity is Severity.LIKELY_REFUSED
    colour, thick = (_SURE, 6) if sure else (_MAYBE, 3)
    width, height = size
    if finding.line is not None:
        start, end = (_place(point, size) for point in finding.line)
        pen.line((start, end), fill=_PAPER, width=thick + 4)
        pen.line((start, end), fill=colour, width=thick)
        labels.put(start, number, colour)
    if finding.box is not None:
        box = finding.box
        left, top = max(0.0, box.left * width), max(0.0, box.top * height)
        right = max(left + 1, min(width - 1.0, box.right * width))
        bottom = max(top + 1, min(height - 1.0, box.bottom * height))
        pen.rectangle((left, top, right, bottom), outline=_PAPER, width=thick + 4)
        inside = (left + 2, top + 2, max(left + 3, right - 2), max(top + 3, bottom - 2))
        pen.rectangle(inside, outline=colour, width=thick)
        if finding.line is None:
            labels.put((left, top), number, colour)


def _place(point: Point, size: tuple[int, int]) -> tuple[float, float]:
    return point.x * size[0], point.y * size[1]
