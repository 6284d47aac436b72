"""From a JPEG file to an upright picture, and from a part of one to a JPEG file again.

Here: decoding, turning, colours, encoding; it runs in the photo process alone
(``devices/photo_child.py``). Not here: what is seen on a picture.
"""

from dataclasses import dataclass
from io import BytesIO
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from devices.jpeg import read_frame
from domain.photos.photo import Box, Colours, PhotoFile
from domain.photos.photo_errors import CropRefused, PhotoDamaged
from domain.photos.photo_limits import (
    ASPECT,
    ASPECT_OFF,
    LEAST_BYTES,
    LEAST_SIDE_PX,
    MOST_BYTES,
    PRINT_MM,
)

Pixels = NDArray[np.uint8]

SEEN_SIDE_PX: Final = 960
"""The longer side of what is measured: more shows nothing that the rules ask for."""

CUT_HEIGHT_PX: Final = 1_800
"""The height of what is cut out at most; 45 mm at 1,000 dots an inch."""

BASE_SIDE_PX: Final = 3_200
_GRID_PX: Final = 8
_QUALITIES: Final = (92, 98, 100)
"""The first that gives enough bytes; more than the most never comes of so few pixels."""

_COLOURS: Final = {"RGB": Colours.RGB, "L": Colours.GREY, "CMYK": Colours.CMYK}
_SRGB: Final = ImageCms.createProfile("sRGB")
_BROKEN = (
    UnidentifiedImageError,
    Image.DecompressionBombError,
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    EOFError,
)
"""What the decoder raises at a file that is broken in one of the many ways."""

_UNREADABLE = "写真を読み取れません。撮り直すか、JPEGで保存し直してください。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """An upright picture, as large as it was asked for."""

    image: Image.Image
    file: PhotoFile
    grid_px: float
    """How wide a block of the compression is on it."""

    @property
    def pixels(self) -> Pixels:
        """The picture for OpenCV: blue, green, red."""
        return np.ascontiguousarray(np.asarray(self.image)[:, :, ::-1])


def open_picture(content: bytes, *, side_px: int, true_colours: bool = False) -> Picture:
    """Return the picture of a file, its longer side at least ``side_px`` where it can be.

    The decoder itself leaves out what is not needed, so a large photo takes no longer.

    Raises:
        NotAPhoto, PhotoDamaged, PhotoHoldsMore, PhotoTooLarge: It is no such file.
    """
    frame = read_frame(content)
    try:
        with Image.open(BytesIO(content), formats=("JPEG",)) as image:
            if image.size != (frame.width_px, frame.height_px) or image.mode not in _COLOURS:
                raise PhotoDamaged(_UNREADABLE)
            colours = _COLOURS[image.mode]
            share = min(1.0, side_px / max(image.size))
            wide, high = (max(1, int(side * share)) for side in image.size)
            image.draft(None, (wide, high))
            image.load()
            scale = image.size[0] / frame.width_px
            upright = ImageOps.exif_transpose(image)
            turned = upright.size[0] != image.size[0] or _is_turned(image)
            upright = _true(upright, image.info.get("icc_profile"), wanted=true_colours)
    except _BROKEN as broken:
        raise PhotoDamaged(_UNREADABLE) from broken
    size = (frame.width_px, frame.height_px)
    width, height = size[::-1] if turned else size
    return Picture(
        image=upright,
        grid_px=_GRID_PX * scale,
        file=PhotoFile(
            size_bytes=len(content), width_px=width, height_px=height, colours=colours
        ),
    )


def cut_out(content: bytes, box: Box) -> bytes:
    """Return a part of a photo as a JPEG of its own, within what the application takes.

    Nothing but the picture is in it: no place, no time, no camera, no other profile.

    Raises:
        CropRefused: The part is not on the picture, or has too few pixels.
        NotAPhoto, PhotoDamaged, PhotoHoldsMore, PhotoTooLarge: See ``open_picture``.
    """
    if min(box.left, box.top) < -0.001 or max(box.right, box.bottom) > 1.001:
        raise CropRefused("写真の外にはみ出しています。枠を写真の中に置いてください。")
    frame = read_frame(content)
    shorter, longer = sorted((frame.width_px, frame.height_px))
    enough = min(1.0, CUT_HEIGHT_PX / max(1.0, box.height * shorter))
    image = open_picture(content, side_px=int(longer * enough), true_colours=True).image
    width, height = image.size
    part = image.crop(
        (
            round(box.left * width),
            round(box.top * height),
            round(box.right * width),
            round(box.bottom * height),
        )
    )
    if min(part.size) < LEAST_SIDE_PX:
        raise CropRefused("切り抜くと画素が足りません。近づいて撮り直してください。")
    if abs(part.size[1] / part.size[0] / ASPECT - 1) > ASPECT_OFF.look:
        raise CropRefused("縦45、横35の比で切り抜いてください。")
    return _within_limits(_in_proportion(part))


def shown(content: bytes) -> bytes:
    """Return the upright photo for a screen: no larger than is needed to cut by hand."""
    image = open_picture(content, side_px=BASE_SIDE_PX, true_colours=True).image
    image.thumbnail((BASE_SIDE_PX, BASE_SIDE_PX))
    return encode(image, quality=90)


def encode(image: Image.Image, *, quality: int) -> bytes:
    """Return a picture as JPEG without anything beside it."""
    target = BytesIO()
    image.save(target, "JPEG", quality=quality, optimize=False)
    return target.getvalue()


def _in_proportion(part: Image.Image) -> Image.Image:
    """Return the part in exactly 45 to 35, no higher than is of use."""
    high, wide = PRINT_MM
    height = min(part.size[1], CUT_HEIGHT_PX)
    return part.resize((round(height * wide / high), height), Image.Resampling.LANCZOS)


def _within_limits(image: Image.Image) -> bytes:
    found = b""
    for quality in _QUALITIES:
        found = encode(image, quality=quality)
        if len(found) >= LEAST_BYTES:
            break
    assert len(found) <= MOST_BYTES
    return found


def _is_turned(image: Image.Image) -> bool:
    """Tell whether a square picture was turned by a quarter; its size does not show it."""
    return image.getexif().get(0x0112) in {5, 6, 7, 8}


def _true(image: Image.Image, profile: bytes | None, *, wanted: bool) -> Image.Image:
    """Return the picture in the colours that every screen takes for granted."""
    if wanted and profile:
        try:
            given = ImageCms.ImageCmsProfile(BytesIO(profile))
            same = ImageCms.profileToProfile(image, given, _SRGB, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError):
            # A profile that cannot be read changes shades, not the photo.
            same = None
        if same is not None:
            image = same
    plain = image.convert("RGB")
    # Comments, places and profiles would be written again with whatever is made of it.
    plain.info = {}
    return plain
