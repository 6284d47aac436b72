"""The server that keeps mails on this machine: every mail once, whatever is killed."""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from activities.mail import NotSent, address, compose
from domain.calendars.hours import TOKYO
from ops.fault import EngineFault
from ops.mail_sink import HERE, keep, place
from settings import Settings, child_environment
from tests.mail_servers import Post, free_port, mailer
from tests.ops.waiting import eventually

PROJECT = Path(__file__).resolve().parents[2]
SENDER = address("no-reply@city.example")
NAME = "髙橋𠮷子"
AT = datetime(2026, 10, 1, 12, tzinfo=TOKYO)


class Sink:
    """The server as a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.post = Post(folder / "mail")
        self.log = folder / "log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Run it until it answers."""
        given = {
            "SMTP_URL": f"smtp://{HERE}:{self.port}",
            "MAIL_DIR": str(self.post.folder),
            "LOG_LEVEL": "DEBUG",
        }
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "ops.mail_sink"],
                cwd=PROJECT,
                env=child_environment(given, without=("MAIL_FROM",)),
                stderr=output,
            )
        eventually(self.answers)

    def answers(self) -> bool:
        """Whether somebody listens."""
        with socket.socket() as probe:
            return probe.connect_ex((HERE, self.port)) == 0

    def end(self, how: signal.Signals) -> None:
        """End it, if it runs."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(20)
            self._process = None

    async def send(self, number: int) -> None:
        """Send a mail."""
        content = compose(
            sender=SENDER,
            recipient=address("yoshiko@city.example"),
            subject=f"{NAME} {number}",
            body=f"{NAME}\n..\n.\n{number}\n",
            message_id=f"<{number}@city.example>",
            at=AT,
            language="ja",
        )
        await mailer(self.port).send(SENDER, address("yoshiko@city.example"), content)


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[Sink]:
    made = Sink(tmp_path)
    made.start()
    yield made
    made.end(signal.SIGTERM)


async def test_mails_outlive_the_server_that_took_them(sink: Sink) -> None:
    """
    Killed between two mails it has the first, and takes the second when it is back.
    """
    await sink.send(1)
    sink.end(signal.SIGKILL)
    with pytest.raises(NotSent):
        await sink.send(2)
    sink.start()
    await sink.send(2)
    mails = sink.post.mails()

    assert [f"{NAME} 1", f"{NAME} 2"] == [each["Subject"] for each in mails]
    assert [f"{NAME}\n..\n.\n{n}\n" for n in (1, 2)] == [
        each.get_content().replace("\r\n", "\n") for each in mails
    ]


async def test_the_log_names_nobody(sink: Sink) -> None:
    """
    The library would write down every address it hears.
    """
    await sink.send(1)
    sink.end(signal.SIGTERM)
    said = sink.log.read_text()

    assert "mail_sink_started" in said
    assert "mail_sink_stopped" in said
    assert "yoshiko" not in said


def test_it_is_reached_from_this_machine_alone(sink: Sink) -> None:
    """
    A server that takes everything is nothing to show to a network.
    """
    listening = {
        line.split()[1]
        for line in Path("/proc/net/tcp").read_text().splitlines()[1:]
        if line.split()[3] == "0A" and int(line.split()[1].split(":")[1], 16) == sink.port
    }

    assert {f"0100007F:{sink.port:04X}"} == listening


def test_a_mail_is_there_whole_and_for_its_owner_alone(tmp_path: Path) -> None:
    """
    Names sort by the time at which mails came.
    """
    kept = [keep(tmp_path / "mail", str(number).encode()) for number in range(20)]

    assert [str(n).encode() for n in range(20)] == [p.read_bytes() for p in sorted(kept)]
    assert {0o600} == {path.stat().st_mode & 0o777 for path in kept}
    assert sorted(kept) == sorted((tmp_path / "mail").iterdir())


@pytest.mark.parametrize(
    "chosen",
    [
        Settings(),
        Settings(smtp_url="smtp://127.0.0.1:2525"),
        Settings(smtp_url="smtp://127.0.0.1", mail_dir=Path("mail")),
        Settings(smtp_url="smtp://mail.example:25", mail_dir=Path("mail")),
    ],
)
def test_without_a_place_it_says_what_to_set(chosen: Settings) -> None:
    """
    Somebody else's server is nothing that could be started here.
    """
    with pytest.raises(EngineFault, match="MAIL_DIR"):
        place(chosen)
