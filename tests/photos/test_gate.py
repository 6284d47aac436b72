"""The photo process may be slow, stuck, killed or hijacked: nobody waits for it for ever."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import psutil
import pytest

from devices import photo_frames as frames
from devices.photo_gate import PhotoGate
from domain.photos.photo import Box
from domain.photos.photo_errors import PhotoGateBusy, PhotoTooHard
from domain.photos.photo_rules import Exemption
from domain.photos.photo_words import Verdict
from tests.photos import hostile, portraits

SOON = timedelta(seconds=1)


@contextmanager
def opened(**how: object) -> Iterator[PhotoGate]:
    """Give a gate whose process is there."""
    gate = PhotoGate(**how)  # type: ignore[arg-type]
    gate.open()
    yield gate
    gate.close()


@pytest.fixture
def gate() -> Iterator[PhotoGate]:
    with opened() as gate:
        gate.look(hostile.photo())
        yield gate


def works(gate: PhotoGate) -> bool:
    return gate.look(hostile.photo()).judged.verdict is Verdict.LIKELY_FINE


def test_a_killed_process_is_replaced_for_the_next_photo(gate: PhotoGate) -> None:
    """
    kill -9 between two photos costs nobody anything.
    """
    before = gate.process_id
    assert before is not None
    os.kill(before, signal.SIGKILL)
    psutil.wait_procs([psutil.Process(before)], timeout=10)

    assert works(gate)
    assert before != gate.process_id


def test_a_photo_whose_process_dies_is_refused_and_the_next_one_served(
    gate: PhotoGate,
) -> None:
    """
    Whatever ended it, whoever sent the photo is told, and only they.
    """
    before = gate.process_id
    assert before is not None
    os.kill(before, signal.SIGSTOP)
    killer = threading.Timer(0.3, os.kill, (before, signal.SIGKILL))
    killer.start()
    with pytest.raises(PhotoTooHard):
        gate.look(hostile.photo())
    killer.join()

    assert works(gate)


def test_a_process_that_answers_nothing_is_ended() -> None:
    """
    A stopped process takes no processor time, so only patience ends it.
    """
    with opened(answer_within=timedelta(seconds=30)) as gate:
        assert works(gate)
        gate._patience_s = SOON.total_seconds()
        before = gate.process_id
        assert before is not None
        os.kill(before, signal.SIGSTOP)
        with pytest.raises(PhotoTooHard):
            gate.look(hostile.photo())
        gate._patience_s = 30.0

        assert not psutil.pid_exists(before)
        assert works(gate)


def test_a_photo_that_takes_the_processor_too_long_is_ended_by_the_kernel() -> None:
    """
    The same bomb, with time enough to wait for it: it is the processor time that ends it.
    """
    with opened(answer_within=timedelta(seconds=100), cpu_seconds=1) as gate:
        assert works(gate)
        before = gate.process_id
        with pytest.raises(PhotoTooHard):
            gate.look(hostile.scan_bomb(), pictures=True)

        assert works(gate)
        assert before != gate.process_id


def test_many_small_photos_do_not_use_up_the_processor_time_of_one() -> None:
    """
    The control: the allowance is each photo's own, not the process's.
    """
    with opened(cpu_seconds=1) as gate:
        before = gate.process_id
        assert before is not None
        process = psutil.Process(before)
        while sum(process.cpu_times()[:2]) < 3:
            assert works(gate)

        assert before == gate.process_id


def test_who_waits_too_long_for_their_turn_is_told_so() -> None:
    """
    Nobody queues up without an end behind a stuck photo.
    """
    with opened(answer_within=SOON) as gate, gate._turn, ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(gate.look, b"\xff\xd8\xff")

        assert isinstance(waiting.exception(timeout=30), PhotoGateBusy)


@pytest.mark.parametrize("answer", [b"", b"{}", b"null", b'{"measured": 3}', b"\xff" * 40])
def test_nonsense_from_the_process_is_a_refusal(
    answer: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    A process that a file has taken over may say anything.
    """
    with opened() as gate:
        monkeypatch.setattr(frames, "receive", lambda *_args, **_named: answer)

        with pytest.raises(PhotoTooHard):
            gate.look(hostile.photo())


def test_it_knows_no_secret_of_the_product(gate: PhotoGate) -> None:
    """
    What takes it over finds neither the database's address nor a key.
    """
    process = psutil.Process(gate.process_id)
    inherited = {key for key in process.environ() if key not in {"LC_CTYPE"}}

    assert {"OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"} == inherited
    assert [] == process.net_connections(kind="inet")
    limits = Path(f"/proc/{gate.process_id}/limits").read_text()
    written = next(line for line in limits.splitlines() if line.startswith("Max file size"))
    assert ["0", "0"] == written.split()[3:5]


_OWNER = """
import sys, time
sys.path.insert(0, ".")
from devices.photo_gate import PhotoGate
gate = PhotoGate()
gate.open()
print(gate.process_id, flush=True)
time.sleep(60)
"""


def test_it_ends_with_whoever_started_it() -> None:
    """
    A killed server cannot say goodbye; the line that ends does.
    """
    owner = subprocess.Popen([sys.executable, "-c", _OWNER], stdout=subprocess.PIPE, text=True)
    assert owner.stdout is not None
    process = psutil.Process(int(owner.stdout.readline()))
    owner.send_signal(signal.SIGKILL)
    owner.wait()
    owner.stdout.close()
    gone, alive = psutil.wait_procs([process], timeout=30)

    assert ([process], []) == (gone, alive)


def test_memory_stays_flat(gate: PhotoGate) -> None:
    """
    What one photo takes is given back before the next.
    """
    process = psutil.Process(gate.process_id)
    content = portraits.jpeg(portraits.good())
    for _ in range(10):
        gate.look(content)
    before = process.memory_info().rss
    for _ in range(40):
        gate.look(content)

    assert process.memory_info().rss < before + 10_000_000


def test_pictures_come_only_when_they_are_asked_for(gate: PhotoGate) -> None:
    """
    They take as long again as the look itself.
    """
    content = portraits.jpeg(portraits.lit(0.3))
    plain, shown = gate.look(content), gate.look(content, pictures=True)

    assert (b"", b"", b"") == (plain.marked, plain.whole, plain.photo)
    assert plain.judged == shown.judged
    assert all(each.startswith(b"\xff\xd8\xff") for each in (shown.marked, shown.whole))


def test_what_is_cut_out_by_hand_is_what_is_judged(gate: PhotoGate) -> None:
    """
    The file that is handed on is the one that was looked at.
    """
    content = portraits.jpeg(portraits.shifted(x=0.2))
    part = Box(left=0.3, top=0.1, width=0.7, height=0.7)
    seen = gate.look(content, cut=part, pictures=True)

    assert len(seen.photo) == seen.measured.file.size_bytes
    assert gate.look(seen.photo).judged == seen.judged


def test_an_exemption_reaches_the_rules(gate: PhotoGate) -> None:
    """
    What was reported is weighed, whoever draws the marks.
    """
    content = portraits.jpeg(portraits.leaning(-15))

    assert Verdict.LIKELY_REFUSED is gate.look(content).judged.verdict
    excused = gate.look(content, exemption=Exemption.POSTURE, pictures=True)
    assert Verdict.LOOK_HERE is excused.judged.verdict
