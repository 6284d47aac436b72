"""Looking at a photo, and at ten thousand of them: ``python -m bench.photos [--quick]``.

Here: the claim that one photo takes at most 150 ms of one core at p95 once the process is
warm, and that the process needs no more memory in the last tenth of ten thousand than in the
first. What is counted is the photo process's own CPU; the wall is told beside it, but it
also measures who else is at work. Photos are the portrait as a desk's camera, a phone and a
small file have it, in turn.
"""

import argparse
import io
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import files
from typing import Final

import psutil
from PIL import Image

from bench.figures import Figure, percentile, table
from devices.photo_gate import PhotoGate

P95_MS_AT_MOST: Final = 150.0
GROWTH_MB_AT_MOST: Final = 10.0
MANY, FEW = 10_000, 60
_WARM: Final = 20
_EVERY: Final = 10
_SOURCE: Final = "skimage/data/astronaut.png"
_PART: Final = (146, 8, 302, 209)
_SIZES: Final = ((525, 675), (1_050, 1_350), (3_024, 3_888))
"""Pixels of a small file, of a camera at the desk, of a phone with twelve megapixels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What photo after photo took."""

    wall_ms: Sequence[float]
    cpu_ms: Sequence[float]
    """The kernel counts it in hundredths of a second."""

    resident_mb: Sequence[float]
    """After each ten. It comes and goes by some 20 MB with the size of the last photo."""

    replaced: int


def photos() -> list[bytes]:
    """Return the portrait in each size."""
    found = next(file for file in files("scikit-image") or () if str(file) == _SOURCE)
    with Image.open(str(found.locate())) as whole:
        head = whole.convert("RGB").crop(_PART)
    return [_jpeg(head.resize(size, Image.Resampling.BICUBIC)) for size in _SIZES]


def look_at(count: int) -> Taken:
    """Have so many photos looked at, one after another."""
    gate = PhotoGate()
    wall_ms, cpu_ms, resident_mb = [], [], []
    try:
        kinds = photos()
        for number in range(_WARM):
            gate.look(kinds[number % len(kinds)])
        first = gate.process_id
        process = psutil.Process(first)
        for number in range(count):
            spent, begun = _cpu(process), time.perf_counter()
            gate.look(kinds[number % len(kinds)])
            wall_ms.append(1000 * (time.perf_counter() - begun))
            cpu_ms.append(1000 * (_cpu(process) - spent))
            if number % _EVERY == 0:
                resident_mb.append(process.memory_info().rss / 1_000_000)
        resident_mb.append(process.memory_info().rss / 1_000_000)
        return Taken(
            wall_ms=wall_ms,
            cpu_ms=cpu_ms,
            resident_mb=resident_mb,
            replaced=int(gate.process_id != first),
        )
    finally:
        gate.close()


def figures(*, quick: bool = False, count: int = MANY) -> list[Figure]:
    """Return what a photo takes, and what ten thousand leave behind."""
    taken = look_at(FEW if quick else count)
    tenth = max(1, len(taken.resident_mb) // 10)
    first, last = (
        statistics.median(part)
        for part in (taken.resident_mb[:tenth], taken.resident_mb[-tenth:])
    )
    many = len(taken.wall_ms)
    return [
        Figure(
            name="photo: p95 of one core",
            value=percentile(taken.cpu_ms, 0.95),
            unit="ms",
            at_most=P95_MS_AT_MOST,
        ),
        Figure(name="photo: mean of one core", value=statistics.mean(taken.cpu_ms), unit="ms"),
        Figure(name="photo: p50 wall", value=percentile(taken.wall_ms, 0.5), unit="ms"),
        Figure(name="photo: p95 wall", value=percentile(taken.wall_ms, 0.95), unit="ms"),
        Figure(name="photo: memory at most", value=max(taken.resident_mb), unit="MB"),
        Figure(
            name=f"photo: processes for {many:,} photos",
            value=1 + taken.replaced,
            unit="",
            at_most=1,
        ),
        Figure(
            # From the first tenth to the last; a figure of nothing would be no figure.
            name=f"photo: memory grown by {many:,} photos",
            value=max(0.001, last - first),
            unit="MB",
            at_most=GROWTH_MB_AT_MOST,
        ),
    ]


def _cpu(process: psutil.Process) -> float:
    spent = process.cpu_times()
    return float(spent.user + spent.system)


def _jpeg(image: Image.Image) -> bytes:
    target = io.BytesIO()
    image.save(target, "JPEG", quality=92)
    return target.getvalue()


def main() -> None:
    """Read the command line and leave with 1 when a claim failed."""
    parser = argparse.ArgumentParser(description="Looking at photos.")
    parser.add_argument("--n", type=int, default=MANY, help="how many photos")
    parser.add_argument("--quick", action="store_true", help="few: does it run at all?")
    asked = parser.parse_args()
    found = figures(quick=asked.quick, count=asked.n)
    print(table(found))
    sys.exit(0 if asked.quick or all(each.held for each in found) else 1)


if __name__ == "__main__":
    main()
