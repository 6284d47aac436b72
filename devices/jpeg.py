"""The shape of a JPEG file, read without decoding a pixel.

Here: whether a file is one whole JPEG and nothing else, and how large its picture claims to
be. It runs before any decoder sees the file, so that a decoder never meets what no camera
writes. Not here: pixels (``devices/photo_pixels.py``).

Source: ITU-T T.81 annex B (markers and segments); CIPA DC-007 (several pictures in a file).
"""

import re
from dataclasses import dataclass
from typing import Final

from domain.photos.photo_errors import NotAPhoto, PhotoDamaged, PhotoHoldsMore, PhotoTooLarge

MOST_SCANS: Final = 64
"""A progressive file of any encoder has about ten; thousands keep a decoder busy for hours."""

MOST_SEGMENTS: Final = 2_000
MOST_PICTURES: Final = 6
"""Phones append previews and depth pictures behind the photo."""

MOST_SIDE_PX: Final = 12_000
MOST_PIXELS: Final = 50_000_000
"""What phones make at most; 100 megapixels are refused before they need memory."""

_SOI, _EOI, _SOS, _COM, _TEM = 0xD8, 0xD9, 0xDA, 0xFE, 0x01
_APPS = range(0xE0, 0xF0)
_BARE = frozenset({_TEM, *range(0xD0, 0xD8)})
_FRAMES = frozenset({0xC0, 0xC1, 0xC2})
_OTHER_FRAMES = frozenset(range(0xC3, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Lossless, differential and arithmetic coding: no camera writes them."""

_NEXT_MARKER = re.compile(rb"\xff+[^\x00\xff\xd0-\xd7]")
_FOREIGN = re.compile(
    rb"%pdf-|pk\x03\x04|pk\x05\x06|<script|<html|<svg|<!doctype|<\?php|<iframe|\x7felf|rar!\x1a",
    re.IGNORECASE,
)
"""How files begin, or pages act, that have no business in a photo."""

_PADDING = b"\x00\xff\r\n\t "

_TORN = "ファイルが途中で切れています。もう一度送るか、撮り直してください。"
_WRONG = "ファイルの中身が正しくありません。撮り直すか、JPEGで保存し直してください。"
_MORE = "写真だけのファイルにしてください。動く写真の設定を切って撮り直すと直ることがあります。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What a picture claims to be, before it is turned."""

    width_px: int
    height_px: int
    components: int
    progressive: bool


def read_frame(content: bytes) -> Frame:
    """Return what the first picture of a whole JPEG file claims to be.

    Raises:
        NotAPhoto: The file is something else.
        PhotoDamaged: It ends too early, or has what no camera writes.
        PhotoHoldsMore: There is something else in it.
        PhotoTooLarge: It claims more pixels than are looked at.
    """
    if not content.startswith(b"\xff\xd8\xff"):
        raise NotAPhoto("JPEG（.jpg）で撮るか、保存し直した写真を選んでください。")
    frame, end = _picture(content, 0)
    for _ in range(MOST_PICTURES - 1):
        rest = _after_padding(content, end)
        if rest == len(content):
            return frame
        if not content.startswith(b"\xff\xd8\xff", rest):
            raise PhotoHoldsMore(_MORE)
        _, end = _picture(content, rest)
    if _after_padding(content, end) != len(content):
        raise PhotoHoldsMore(_MORE)
    return frame


def _picture(content: bytes, start: int) -> tuple[Frame, int]:
    """Return the picture that begins at ``start``, and where it ends."""
    frame: Frame | None = None
    scans, at = 0, start + 2
    for _ in range(MOST_SEGMENTS):
        marker, at = _marker(content, at)
        if marker == _EOI:
            if frame is None or not scans:
                raise PhotoDamaged(_WRONG)
            return frame, at
        if marker in _BARE:
            continue
        segment, at = _segment(content, at)
        _require_usual(marker, segment)
        if marker in _FRAMES:
            if frame is not None:
                break
            frame = _frame(marker, segment)
        elif marker == _SOS:
            scans += 1
            at = _after_scan(content, at)
        if scans > MOST_SCANS:
            break
    raise PhotoDamaged(_WRONG)


def _marker(content: bytes, at: int) -> tuple[int, int]:
    if at >= len(content):
        raise PhotoDamaged(_TORN)
    if content[at] != 0xFF:
        raise PhotoDamaged(_WRONG)
    while at < len(content) and content[at] == 0xFF:
        at += 1
    if at >= len(content):
        raise PhotoDamaged(_TORN)
    return content[at], at + 1


def _segment(content: bytes, at: int) -> tuple[bytes, int]:
    length = int.from_bytes(content[at : at + 2], "big")
    end = at + length
    if len(content) < at + 2 or end > len(content):
        raise PhotoDamaged(_TORN)
    if length < 2:
        raise PhotoDamaged(_WRONG)
    return content[at + 2 : end], end


def _frame(marker: int, segment: bytes) -> Frame:
    if len(segment) < 6 or segment[0] != 8 or segment[5] not in {1, 3, 4}:
        raise PhotoDamaged(_WRONG)
    height, width = (int.from_bytes(segment[at : at + 2], "big") for at in (1, 3))
    if not height or not width:
        raise PhotoDamaged(_WRONG)
    if max(height, width) > MOST_SIDE_PX or height * width > MOST_PIXELS:
        most = MOST_PIXELS // 10_000
        raise PhotoTooLarge(
            f"{most:,}万画素までです。カメラの画素数を下げて撮り直してください。"
        )
    return Frame(
        width_px=width, height_px=height, components=segment[5], progressive=marker == 0xC2
    )


def _after_scan(content: bytes, at: int) -> int:
    found = _NEXT_MARKER.search(content, at)
    if found is None:
        raise PhotoDamaged(_TORN)
    return found.start()


def _after_padding(content: bytes, at: int) -> int:
    rest = content[at:]
    # A picture begins with what could be padding; its start must not be stripped.
    begins = rest.find(b"\xff\xd8\xff")
    head = rest if begins < 0 else rest[:begins]
    kept = head.lstrip(_PADDING)
    return at + (len(head) - len(kept)) if kept else at + len(head)


def _require_usual(marker: int, segment: bytes) -> None:
    if marker in _OTHER_FRAMES or marker == _SOI:
        raise PhotoDamaged(_WRONG)
    if (marker == _COM or marker in _APPS) and _FOREIGN.search(segment):
        raise PhotoHoldsMore(_MORE)
