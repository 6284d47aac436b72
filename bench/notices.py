"""Notices by the thousand against one document a person: ``python -m bench.notices``.

Here: the claim that a lot prints at least three times as fast as the obvious way and in at
most 250 MB, however many people it has. Each way runs in a process of its own, so that its
peak memory is its own; imports are not counted; the ways take turns, and medians are told. The
claim is held to CPU time: wall time is told too, but it also measures who else is at work.

The obvious way is what WeasyPrint's manual shows: for each person ``HTML(...).write_pdf()``
with a fresh font configuration and the installed fonts. It is slow, so it prints fewer
people, and the figures are per person.
"""

import argparse
import json
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from io import BytesIO
from pathlib import Path

from pikepdf import Pdf
from weasyprint import CSS, HTML  # type: ignore[import-untyped]
from weasyprint.text.fonts import FontConfiguration  # type: ignore[import-untyped]

from activities import render
from activities.preview import notice_sample
from bench.figures import Figure, table
from domain.lots.notice import NoticeData, NoticeForm

CHEAPER_AT_LEAST = 3.0
PEAK_MB_AT_MOST = 250
_TOLD = (
    ("wall_ms", "wall", "ms/person"),
    ("cpu_ms", "CPU", "ms/person"),
    ("peak_mb", "peak", "MB"),
    ("file_kb", "file", "KB"),
)
FORM = NoticeForm.ISSUE_A4
_FAMILY = "佐藤鈴木高橋田中伊藤渡辺山本中村小林加藤吉田山田佐々木髙﨑\U00020bb7野葛西"
_GIVEN = "一二三太郎花子美咲健誠陽菜蓮湊結衣翔大悠真凛紬樹駿彩葵楓颯汰芽咲"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What one way took for each person, and its process at most."""

    people: int
    wall_ms: float
    cpu_ms: float
    peak_mb: float
    file_kb: float


def people(count: int) -> list[NoticeData]:
    """Return invented people; one in ten has a character that Noto lacks."""
    blank = notice_sample(FORM).notices[0]
    return [
        replace(
            blank,
            case_number=f"OTA-K26-{number:06d}-{number % 10}",
            name=_name(number),
            address=f"東京都見本区見本町{number % 90 + 1}番{number % 30 + 1}号",
        )
        for number in range(count)
    ]


def _name(number: int) -> str:
    start, given = number * 2 % (len(_FAMILY) - 2), number * 3 % (len(_GIVEN) - 2)
    rare = "\U000e0102" if number % 10 == 0 else ""
    family = f"葛{rare}城" if rare else _FAMILY[start : start + 2]
    return f"{family} {_GIVEN[given : given + 2]}"


def print_lot(notices: list[NoticeData]) -> tuple[int, int]:
    """Print the product's way; every person's file is handed over and forgotten."""
    sizes: list[int] = []
    with BytesIO() as printed:
        render.write_notices(
            notices, FORM, notice_sample(FORM).texts,
            print_file=printed, keep=lambda _, pdf: sizes.append(len(pdf)),
        )  # fmt: skip
        with Pdf.open(printed) as pdf:
            assert len(pdf.pages) == len(notices)
    return len(sizes), sum(sizes)


def print_jobs(notices: list[NoticeData]) -> tuple[int, int]:
    """Print the product's way, but a job a person: what the chunks alone are worth."""
    files = [render.render_notices([n], FORM, notice_sample(FORM).texts) for n in notices]
    return len(files), sum(len(file.per_person[0]) for file in files)


def print_obviously(notices: list[NoticeData]) -> tuple[int, int]:
    """Print one document a person with fonts as installed: the control."""
    texts = notice_sample(FORM).texts
    template = render._form(FORM).get_template(f"{FORM}/template.html.j2")
    fetcher = render.TemplateFetcher({render._QR: render._qr(str(texts.booking_url))})
    sizes: list[int] = []
    for notice in notices:
        fonts = FontConfiguration()
        styles = [
            CSS(filename=str(render.TEMPLATES / name), font_config=fonts)
            for name in ("base.css", f"{FORM}/style.css")
        ]
        html = template.render(notices=[notice], texts=texts)
        sizes.append(
            len(
                HTML(string=html, url_fetcher=fetcher).write_pdf(
                    stylesheets=styles, font_config=fonts
                )
            )
        )
    return len(sizes), sum(sizes)


WAYS: dict[str, Callable[[list[NoticeData]], tuple[int, int]]] = {
    "lot": print_lot,
    "jobs": print_jobs,
    "control": print_obviously,
}


def measure(way: str, count: int) -> Figures:
    """Run one way here and return its figures; only for a process of its own."""
    notices = people(count)
    wall, cpu = time.perf_counter(), time.process_time()
    files, total_bytes = WAYS[way](notices)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    assert files == count
    return Figures(
        people=count,
        wall_ms=1000 * wall / count,
        cpu_ms=1000 * cpu / count,
        peak_mb=_peak_mb(),
        file_kb=total_bytes / count / 1024,
    )


def _peak_mb() -> float:
    """Return this process's peak; what getrusage says counts the one that started it too."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found is not None
    return int(found[1]) / 1024


def in_own_process(way: str, count: int) -> Figures:
    """Return the figures of one way from a fresh process."""
    command = [sys.executable, "-m", "bench.notices", "--way", way, "--n", str(count)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return Figures(**json.loads(done.stdout))


def figures(*, quick: bool = False, count: int = 1000) -> list[Figure]:
    """Return what each way takes for a person, and both claims."""
    counts = {"control": 40, "jobs": 40, "lot": count}
    if quick:
        counts = {"control": 2, "lot": 10}
    taken: dict[str, list[Figures]] = {way: [] for way in counts}
    for _ in range(1 if quick else 2):
        for way, people_ in counts.items():
            taken[way].append(in_own_process(way, people_))
    found = [
        Figure(name=f"notices, {way}: {what}", value=_median(taken[way], figure), unit=unit)
        for way in counts
        for figure, what, unit in _TOLD
    ]
    cheaper = _median(taken["control"], "cpu_ms") / _median(taken["lot"], "cpu_ms")
    return [
        *found,
        Figure(
            name="notices: CPU of one document a person, of the lot's",
            value=cheaper,
            unit="times",
            at_least=CHEAPER_AT_LEAST,
        ),
        Figure(
            name=f"notices: peak of a lot of {counts['lot']}",
            value=max(each.peak_mb for each in taken["lot"]),
            unit="MB",
            at_most=PEAK_MB_AT_MOST,
        ),
    ]


def _median(taken: Sequence[Figures], figure: str) -> float:
    values: list[float] = [getattr(each, figure) for each in taken]
    return statistics.median(values)


def main() -> None:
    """Read the command line and leave with 1 when a claim failed."""
    parser = argparse.ArgumentParser(description="Notices against one document a person.")
    parser.add_argument("--n", type=int, default=1000, help="people in the lot")
    parser.add_argument("--quick", action="store_true", help="few people: does it run at all?")
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.way:
        print(json.dumps(asdict(measure(asked.way, asked.n))))
        return
    found = figures(quick=asked.quick, count=asked.n)
    print(table(found))
    sys.exit(0 if asked.quick or all(each.held for each in found) else 1)


if __name__ == "__main__":
    main()
