"""Files that somebody sends instead of a photo, made by a seeded generator.

Each says which refusals it may end with. Not here: photos that are merely bad
(``portraits``).
"""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from PIL import Image

from devices.jpeg import MOST_SCANS
from tests.photos import portraits

WRONG_TYPE = frozenset({"NotAPhoto"})
BROKEN = frozenset({"PhotoDamaged"})
MORE = frozenset({"PhotoHoldsMore"})
LARGE = frozenset({"PhotoTooLarge"})
ANY = WRONG_TYPE | BROKEN | MORE | LARGE | {"PhotoTooHard"}


@dataclass(frozen=True)
class Hostile:
    """One file and what may be said of it."""

    name: str
    content: bytes
    refusals: frozenset[str]


@cache
def photo() -> bytes:
    """Return a real photo to build on: small, so that two hundred of them are quick."""
    small = Image.fromarray(portraits.good()[:, :, ::-1]).resize((525, 675))
    return encoded(small, "JPEG", quality=90)


def encoded(image: Image.Image, form: str, **how: object) -> bytes:
    target = io.BytesIO()
    image.save(target, form, **how)
    return target.getvalue()


def segment(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(body) + 2).to_bytes(2, "big") + body


def with_segment(marker: int, body: bytes) -> bytes:
    return photo()[:2] + segment(marker, body) + photo()[2:]


def claiming(width: int, height: int, content: bytes | None = None) -> bytes:
    """Return the photo with another size in its frame."""
    found = bytearray(content or photo())
    at = next(n for n in range(len(found)) if found[n] == 0xFF and found[n + 1] in {0xC0, 0xC2})
    found[at + 5 : at + 9] = height.to_bytes(2, "big") + width.to_bytes(2, "big")
    return bytes(found)


def of_other_types(chance: random.Random) -> Iterator[Hostile]:
    """Yield what is no JPEG, whatever it is called."""
    flat = Image.new("RGB", (600, 800), "white")
    for form in ("PNG", "GIF", "WEBP", "TIFF", "BMP", "ICO", "PPM", "TGA"):
        yield Hostile(form, encoded(flat, form), WRONG_TYPE)
    frames = [Image.new("P", (300, 400), n) for n in range(4)]
    animated = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    yield Hostile("animated GIF", animated, WRONG_TYPE)
    texts = {
        "nothing": b"",
        "one byte": b"\xff",
        "page": b"<!doctype html><script>alert(1)</script>",
        "drawing": b"<svg xmlns='x' onload='alert(1)'/>",
        "PDF": b"%PDF-1.7\n1 0 obj\n",
        "program": b"\x7fELF" + bytes(200),
        "HEIC": b"\x00\x00\x00\x18ftypheic" + bytes(400),
        "PDF with a photo in it": b"%PDF-1.4\n" + photo(),
        "archive with a photo in it": archive() + photo(),
        "PNG bomb": png_bomb(20_000, 20_000),
    }
    for name, content in texts.items():
        yield Hostile(name, content, WRONG_TYPE)
    for number in range(28):
        yield Hostile(f"noise {number}", chance.randbytes(chance.randrange(3, 90_000)), ANY)
        after = b"\xff\xd8\xff" + chance.randbytes(chance.randrange(3, 90_000))
        yield Hostile(f"noise behind a beginning {number}", after, ANY)


def archive() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("bomb.txt", bytes(2_000_000))
    return target.getvalue()


def png_bomb(width: int, height: int) -> bytes:
    """Return a small file that wants gigabytes."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body))
            + kind
            + body
            + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(3_000_000), 9)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    )


def with_more(chance: random.Random) -> Iterator[Hostile]:
    """Yield photos that are something else besides."""
    tails = {
        "archive": archive(),
        "page": b"<html><script>alert(1)</script></html>",
        "PDF": b"%PDF-1.7\n",
        "film": b"\x00\x00\x00\x18ftypmp42" + chance.randbytes(5_000),
        "noise": chance.randbytes(3_000).lstrip(b"\x00\xff\r\n\t "),
    }
    for name, tail in tails.items():
        yield Hostile(f"photo, then {name}", photo() + tail, MORE)
        yield Hostile(f"photo, padding, then {name}", photo() + bytes(500) + tail, MORE)
    heads = {
        "page": b"<html><body><script src=//x></script>",
        "PDF": b"%PDF-1.4 1 0 obj",
        "archive": archive()[:400],
        "script": b"<?php system($_GET[0]); ?>",
        "drawing": b"<SvG onload=alert(1)>",
    }
    for name, body in heads.items():
        for marker in (0xFE, 0xE1, 0xED):
            made = with_segment(marker, b"Exif\x00\x00" + body)
            yield Hostile(f"{name} in segment {marker:x}", made, MORE)
    yield Hostile("eight photos in one file", photo() * 8, MORE)


def too_large(chance: random.Random) -> Iterator[Hostile]:
    """Yield what claims to be larger than anything a camera makes."""
    for side in (10_000, 12_001, 20_000, 30_000, 65_535):
        yield Hostile(f"claims {side} a side", claiming(side, side), LARGE)
        yield Hostile(f"claims a strip of {side}", claiming(side, 5_100), LARGE)
    huge = Image.new("RGB", (10_000, 10_000), (chance.randrange(255), 20, 20))
    yield Hostile("really a hundred megapixels", encoded(huge, "JPEG", quality=20), LARGE)
    yield Hostile("too many bytes", photo() + bytes(20_000_000), LARGE)


def torn(chance: random.Random) -> Iterator[Hostile]:
    """Yield photos that end too early, or of which a piece is missing."""
    whole = photo()
    for number in range(40):
        end = chance.randrange(4, len(whole) - 2)
        yield Hostile(f"torn after {end} ({number})", whole[:end], BROKEN)
    for number in range(12):
        start = chance.randrange(2, 500)
        missing = whole[:start] + whole[start + chance.randrange(1, 400) :]
        yield Hostile(f"a piece is missing {number}", missing, ANY)


def misshapen(chance: random.Random) -> Iterator[Hostile]:
    """Yield what no camera writes, to keep a decoder busy or lead it astray."""
    whole = photo()
    yield Hostile("no size", claiming(0, 0), BROKEN)
    yield Hostile("no height", claiming(525, 0), BROKEN)
    frame = whole.index(b"\xff\xc0")
    for name, byte, value in (
        ("twelve bits", 4, 12),
        ("two colours", 9, 2),
        ("nine colours", 9, 9),
    ):
        made = bytearray(whole)
        made[frame + byte] = value
        yield Hostile(name, bytes(made), BROKEN)
    for marker in (0xC3, 0xC5, 0xC9, 0xCA, 0xCB, 0xCF):
        made = bytearray(whole)
        made[frame + 1] = marker
        yield Hostile(f"coding {marker:x}", bytes(made), BROKEN)
    yield Hostile(
        "two frames",
        whole[:frame] + whole[frame : frame + 19] * 2 + whole[frame + 19 :],
        BROKEN,
    )
    yield Hostile("a photo inside", whole[:frame] + whole + whole[frame:], BROKEN)
    yield Hostile("a segment of no length", whole[:2] + b"\xff\xe1\x00\x00" + whole[2:], BROKEN)
    yield Hostile("a segment beyond the end", whole[:2] + b"\xff\xe1\xff\xff", BROKEN)
    yield Hostile(
        "a million empty segments",
        whole[:2] + b"\xff\xe2\x00\x02" * 1_000_000 + whole[2:],
        BROKEN,
    )
    yield Hostile("only fill bytes", b"\xff\xd8" + b"\xff" * 2_000_000, BROKEN)
    yield from scan_bombs()
    for number in range(8):
        size = chance.randrange(1_000, 60_000)
        noise = b"Exif\x00\x00" + chance.randbytes(size).replace(b"pk", b"--").replace(
            b"PK", b"--"
        )
        yield Hostile(f"tables overwritten {number}", spoilt_tables(chance), ANY)
        yield Hostile(f"notes of noise, torn {number}", with_segment(0xE1, noise)[:-2], BROKEN)


@cache
def fifty_megapixels() -> bytes:
    """Return the largest picture that is looked at: half a megabyte, black."""
    large = Image.fromarray(np.zeros((7_000, 7_100, 3), np.uint8))
    return encoded(large, "JPEG", quality=20, progressive=True, subsampling=0)


def scan_bomb() -> bytes:
    """Return the same with as many scans as are looked at."""
    made = fifty_megapixels()
    starts = [at for at in range(len(made)) if made.startswith(b"\xff\xda", at)]
    return made[:-2] + made[starts[-1] : -2] * (MOST_SCANS - len(starts)) + b"\xff\xd9"


def scan_bombs() -> Iterator[Hostile]:
    """Yield progressive files with so many scans that a decoder works for hours."""
    large = Image.fromarray(np.zeros((4_000, 4_000, 3), np.uint8))
    progressive = encoded(large, "JPEG", quality=50, progressive=True)
    first = progressive.index(b"\xff\xda")
    length = int.from_bytes(progressive[first + 2 : first + 4], "big")
    scan = progressive[first : first + 2 + length] + b"\x00" * 8
    for count in (80, 2_000, 90_000):
        made = progressive[:-2] + scan * count + b"\xff\xd9"
        yield Hostile(f"{count} scans", made, BROKEN)


def spoilt_tables(chance: random.Random) -> bytes:
    """Return the photo with its Huffman tables overwritten, all lengths left as they are."""
    made = bytearray(photo())
    at = made.index(b"\xff\xc4")
    for _ in range(chance.randrange(4, 16)):
        made[at + 5 + chance.randrange(12)] = chance.randrange(100, 255)
    return bytes(made)


KINDS: tuple[Callable[[random.Random], Iterator[Hostile]], ...] = (
    of_other_types,
    with_more,
    too_large,
    torn,
    misshapen,
)


def files(seed: int = 20261120) -> Iterator[Hostile]:
    """Yield all of them; the same seed gives the same files."""
    chance = random.Random(seed)
    for kind in KINDS:
        yield from kind(chance)
