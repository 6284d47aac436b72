"""The photo process, which decodes what strangers send.

    python -m devices.photo_child FD CPU_SECONDS

It gets no environment, no keys and no database, may write no file, and has bounds for memory
and for the time of each photo, which the kernel keeps. When the line ends, so does it.
Who starts and replaces it is ``devices/photo_gate.py``.
"""

import resource
import signal
import socket
import sys
from typing import Final

import cv2
from PIL import Image

from devices import photo_frames as frames
from devices.photo_drawing import marked
from devices.photo_frames import ANSWERED, ASKED, Answered, Asked
from devices.photo_measuring import Eye
from devices.photo_pixels import cut_out, shown
from domain.errors import DomainError
from domain.photos.photo import Measurements
from domain.photos.photo_errors import CropRefused, PhotoTooHard
from domain.photos.photo_rules import judge, suggested_crop

ROOM_BYTES: Final = 900_000_000
"""Of address space for one photo, beyond what the libraries take."""

_FEW_FILES: Final = 8


def main(line: socket.socket, cpu_seconds: int) -> None:
    """Answer photo after photo until the other side hangs up."""
    Image.init()
    cv2.setNumThreads(1)
    eye = Eye()
    _confine()
    while True:
        try:
            asked, content = ASKED.validate_json(frames.receive(line)), frames.receive(line)
        except frames.Lost:
            return
        _give_time(cpu_seconds)
        frames.send(line, *_answer(eye, asked, content))


def _answer(eye: Eye, asked: Asked, content: bytes) -> tuple[bytes, ...]:
    """Return the parts of an answer: what was measured, and the pictures asked for."""
    try:
        photo = content if asked.cut is None else cut_out(content, asked.cut)
        measured = eye.measure(photo)
        parts = _pictures(asked, content, photo, measured) if asked.pictures else ()
    except DomainError as refused:
        told = Answered(refused=type(refused).__name__, words=str(refused))
        return ANSWERED.dump_json(told), b"", b"", b""
    except (MemoryError, cv2.error):
        told = Answered(refused=PhotoTooHard.__name__)
        return ANSWERED.dump_json(told), b"", b"", b""
    return ANSWERED.dump_json(Answered(measured=measured)), *(parts or (b"", b"", b""))


def _pictures(
    asked: Asked, content: bytes, photo: bytes, measured: Measurements
) -> tuple[bytes, bytes, bytes]:
    """Return the photo with its marks, the whole one to cut by hand, and one cut out."""
    found = judge(measured, asked.exemption).findings
    cut = photo if asked.cut is not None else b""
    suggested = suggested_crop(measured)
    if asked.cut is None and suggested is not None:
        try:
            cut = cut_out(content, suggested)
        except CropRefused:
            # Too few pixels: that it cannot be cut out is one of the findings.
            cut = b""
    return marked(photo, found), shown(content), cut


def _confine() -> None:
    """Take from this process what it does not need; only a new one gets it back."""
    with open("/proc/self/statm") as statm:
        used = int(statm.read().split()[0]) * resource.getpagesize()
    most = used + ROOM_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_FEW_FILES, _FEW_FILES))


def _give_time(seconds: int) -> None:
    """Let the kernel end this process if one photo takes more than its time.

    A timer, since it begins anew with each photo. A limit would be held against the kernel's
    own count since the process began, which drifts from every count that can be read.
    """
    signal.setitimer(signal.ITIMER_PROF, seconds)


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])), int(sys.argv[2]))
