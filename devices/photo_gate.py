"""Having photos looked at, in bounded time and memory, by a process that may be lost.

Here: starting the photo process, asking it, killing and replacing it. What it does stands in
``devices/photo_child.py``. Nothing of a photo is kept or logged.
"""

import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

import structlog
from pydantic import ValidationError

from devices import photo_frames as frames
from devices.photo_frames import ANSWERED, ASKED, Answered, Asked
from domain.photos.photo import Box, Measurements
from domain.photos.photo_errors import (
    CropRefused,
    NotAPhoto,
    PhotoDamaged,
    PhotoGateBusy,
    PhotoHoldsMore,
    PhotoTooHard,
    PhotoTooLarge,
)
from domain.photos.photo_limits import LOOKED_AT_BYTES
from domain.photos.photo_rules import Exemption, Judged, judge

log = structlog.get_logger()

ANSWER_WITHIN: Final = timedelta(seconds=15)
"""For one photo, start included, on a machine that is busy; ordinary ones take a tenth of
a second. What keeps the processor busy longer is ended by the kernel before."""

CPU_SECONDS: Final = 5
"""Of one processor, for one photo; one of twelve megapixels takes a fiftieth of it."""

_PROJECT: Final = Path(__file__).resolve().parent.parent
_ONE_THREAD: Final = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
_HARD: Final = (
    "この写真を調べるのに時間がかかりすぎます。撮り直すか、JPEGで保存し直してください。"
)

_REFUSALS: Final = {
    each.__name__: each
    for each in (CropRefused, NotAPhoto, PhotoDamaged, PhotoHoldsMore, PhotoTooLarge)
}
"""What the process may refuse with, and nothing else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A photo that was looked at."""

    measured: Measurements
    judged: Judged
    marked: bytes = b""
    """JPEG with a numbered frame for each finding; empty unless pictures were asked for."""

    whole: bytes = b""
    """JPEG of the whole upright photo, to cut by hand."""

    photo: bytes = b""
    """JPEG that was cut out as asked, or as the guide sizes suggest; empty: it cannot be."""


class PhotoGate:
    """One photo process, and whoever waits for it, one after another."""

    def __init__(
        self, *, answer_within: timedelta = ANSWER_WITHIN, cpu_seconds: int = CPU_SECONDS
    ) -> None:
        """Prepare; the process is started by the first photo, or by ``open``."""
        self._patience_s = answer_within.total_seconds()
        self._cpu_seconds = cpu_seconds
        self._turn = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._line: socket.socket | None = None

    def open(self) -> None:
        """Start the process before anybody waits for it."""
        with self._turn:
            self._started()

    def close(self) -> None:
        """End the process."""
        with self._turn:
            self._end()

    @property
    def process_id(self) -> int | None:
        """Which process looks at photos now; ``None`` if none is running."""
        return None if self._process is None else self._process.pid

    def look(
        self,
        content: bytes,
        *,
        cut: Box | None = None,
        pictures: bool = False,
        exemption: Exemption | None = None,
    ) -> Seen:
        """Return what is to be said of a photo.

        Args:
            content: The file.
            cut: The part to cut out first; then that part is what is measured.
            pictures: Whether marks and cut-outs are wanted too.
            exemption: What may be excused.

        Raises:
            NotAPhoto, PhotoDamaged, PhotoHoldsMore, PhotoTooLarge: It is no such file.
            CropRefused: The part cannot be cut out.
            PhotoTooHard: It took too much time or memory.
            PhotoGateBusy: Too many are waiting.
        """
        if len(content) > LOOKED_AT_BYTES:
            most = LOOKED_AT_BYTES // 1_000_000
            raise PhotoTooLarge(f"{most}MBまでのファイルを選んでください。")
        asked = Asked(cut=cut, pictures=pictures, exemption=exemption)
        until = time.monotonic() + self._patience_s
        if not self._turn.acquire(timeout=self._patience_s):
            raise PhotoGateBusy("少し待ってから、もう一度送ってください。")
        try:
            answer, parts = self._ask(asked, content, until)
        finally:
            self._turn.release()
        return _seen(answer, parts, exemption)

    def _ask(self, asked: Asked, content: bytes, until: float) -> tuple[Answered, list[bytes]]:
        line = self._started()
        # Waiting for one's turn must not take from the time for the photo.
        until = max(until, time.monotonic() + self._patience_s / 2)
        try:
            frames.send(line, ASKED.dump_json(asked), content, until=until)
            answer = ANSWERED.validate_json(frames.receive(line, until=until))
            parts = [frames.receive(line, until=until) for _ in range(3)]
        except (frames.Lost, ValidationError) as lost:
            status = self._end()
            log.warning("photo_process_replaced", status=status, why=type(lost).__name__)
            raise PhotoTooHard(_HARD) from lost
        return answer, parts

    def _started(self) -> socket.socket:
        if self._process is not None and self._process.poll() is not None:
            self._end()
        if self._line is None:
            ours, theirs = socket.socketpair()
            with theirs:
                given = (str(theirs.fileno()), str(self._cpu_seconds))
                self._process = subprocess.Popen(
                    [sys.executable, "-m", "devices.photo_child", *given],
                    cwd=_PROJECT,
                    env=_ONE_THREAD,
                    pass_fds=[theirs.fileno()],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )
            self._line = ours
        return self._line

    def _end(self) -> int | None:
        """End the process, however it is, and return how it ended."""
        if self._line is not None:
            self._line.close()
        status = None
        if self._process is not None:
            self._process.kill()
            status = self._process.wait()
        self._line = self._process = None
        return status


def _seen(answer: Answered, parts: list[bytes], exemption: Exemption | None) -> Seen:
    if answer.refused or answer.measured is None:
        raise _REFUSALS.get(answer.refused, PhotoTooHard)(answer.words or _HARD)
    marked, whole, photo = parts
    return Seen(
        measured=answer.measured,
        judged=judge(answer.measured, exemption),
        marked=marked,
        whole=whole,
        photo=photo,
    )
