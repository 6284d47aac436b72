"""Two hundred files that nobody should send: each is refused, in bounded time and memory."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from devices import photo_child
from devices.photo_gate import PhotoGate
from domain.errors import DomainError
from domain.photos.photo_words import Verdict
from tests.photos import hostile


@pytest.fixture(scope="module")
def gate() -> Iterator[PhotoGate]:
    gate = PhotoGate()
    gate.look(hostile.photo())
    yield gate
    gate.close()


def refusal_of(gate: PhotoGate, content: bytes) -> str:
    """Return how a file is refused, and that the words say what to do."""
    try:
        seen = gate.look(content)
    except DomainError as refused:
        says_what_to_do = "ください" in str(refused)
        return type(refused).__name__ if says_what_to_do else "refused without a word"
    return f"judged {seen.judged.verdict}"


def peak_bytes(process_id: int | None) -> int:
    """Return the most memory that a process had at once."""
    status = Path(f"/proc/{process_id}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024


def test_the_photo_they_are_made_of_is_none_of_them(gate: PhotoGate) -> None:
    """
    The control: it is what was done to it that is refused.
    """
    assert Verdict.LIKELY_FINE is gate.look(hostile.photo()).judged.verdict


def test_two_hundred_hostile_files_are_refused_with_a_clear_problem(gate: PhotoGate) -> None:
    """
    Wrong types, bombs, polyglots, torn and misshapen files: one process survives them all.
    """
    before = gate.process_id
    files = list(hostile.files())
    answers = {each.name: refusal_of(gate, each.content) for each in files}

    assert len(files) == len(answers) >= 200
    assert {} == {
        each.name: answers[each.name]
        for each in files
        if answers[each.name] not in each.refusals
    }
    assert before == gate.process_id
    assert peak_bytes(gate.process_id) < 400_000_000


def test_a_photo_that_claims_more_than_it_holds_is_not_likely_fine(gate: PhotoGate) -> None:
    """
    Decoders fill what is missing with grey; what they made up is seen.
    """
    assert Verdict.LIKELY_FINE is not gate.look(hostile.claiming(525, 900)).judged.verdict


def test_the_largest_that_is_looked_at_stays_within_its_memory(gate: PhotoGate) -> None:
    """
    Fifty million pixels, progressive: what a decoder needs most for.
    """
    plain = hostile.fifty_megapixels()
    seen = gate.look(plain)

    assert 7_100 == seen.measured.file.width_px
    assert peak_bytes(gate.process_id) < photo_child.ROOM_BYTES
