"""Directories and ports have one holder at a time, and none after its death."""

import os
import socket
from pathlib import Path

import pytest

from ops.exclusive import DirectoryLock, ReservedPort, is_free
from ops.fault import EngineFault


def test_a_held_directory_names_its_holder(tmp_path: Path) -> None:
    """So that a person knows what to stop."""
    with (
        DirectoryLock(tmp_path / "lock"),
        pytest.raises(
            EngineFault, match=f"{tmp_path} is already in use by process {os.getpid()}"
        ),
    ):
        DirectoryLock(tmp_path / "lock").acquire()


def test_a_released_directory_is_free_again(tmp_path: Path) -> None:
    """Whether it was released twice or once."""
    lock = DirectoryLock(tmp_path / "lock")
    lock.acquire()
    lock.release()
    lock.release()

    with DirectoryLock(tmp_path / "lock"):
        pass


def test_two_who_look_for_a_port_at_once_get_different_ones() -> None:
    """Neither listens yet, so only the reservation tells them apart."""
    first = ReservedPort.any()
    second = ReservedPort.any(first.number)

    assert is_free(first.number)
    assert first.number != second.number

    first.release()
    second.release()


def test_a_port_somebody_listens_on_is_not_chosen() -> None:
    """Even when that somebody is no process of ours."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        taken = listener.getsockname()[1]

        assert ReservedPort.first_of([taken]) is None


def test_a_port_is_never_one_that_the_kernel_gives_to_clients() -> None:
    """Else a client redialling a dead server could connect to itself."""
    kernel = Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()
    port = ReservedPort.any()
    number = port.number
    port.release()

    assert not int(kernel[0]) <= number <= int(kernel[1])
