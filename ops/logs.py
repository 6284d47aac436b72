"""What reaches the log: listed keys only, so that nobody's data slips in by accident.

Events are past-tense names, data stands in keys. A key that is not listed is dropped; an
exception leaves its type and place, never its text. The record of cases is not a log: it
stands in ``case_event``.
"""

import logging
import sys
import traceback
from pathlib import Path
from typing import Any

import structlog
from structlog.types import EventDict, Processor

_PROJECT = Path(__file__).resolve().parent.parent

ALLOWED = frozenset(
    {
        "action",
        "activity",
        "address",
        "attempt",
        "build",
        "cards",
        "case_id",
        "code",
        "count",
        "duration_ms",
        "error",
        "event",
        "job",
        "kind",
        "level",
        "logger",
        "method",
        "municipality",
        "path",
        "process",
        "queue",
        "role",
        "status",
        "timestamp",
        "version",
        "where",
        "workflow",
    }
)


def configure(level: str, *, process: str) -> None:
    """Write our own and every library's log as JSON lines, or for people on a terminal."""
    chain: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
        _where_it_failed,
        _only_listed,
    ]
    on_terminal = sys.stderr.isatty()
    last: Processor = (
        structlog.dev.ConsoleRenderer()
        if on_terminal
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[*chain, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[_library, *chain],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    root = logging.getLogger()  # noqa: TID251 - the one place where libraries are caught
    root.handlers = [handler]
    root.setLevel(level)
    structlog.contextvars.bind_contextvars(process=process)


def _where_it_failed(_: Any, __: str, event: EventDict) -> EventDict:
    info = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()[1]
    error = info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        event["where"] = _place(error)
    return event


def _place(error: BaseException) -> str:
    """Return where it failed: the deepest line of our own, or the deepest of all."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if frame.filename.startswith(str(_PROJECT))]
    own = [frame for frame in own if ".venv" not in frame.filename]
    deepest = (own or frames)[-1:]
    return " ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in deepest)


def _library(_: Any, __: str, event: EventDict) -> EventDict:
    """Keep of a library's message its template, never the values filled into it."""
    record = event.get("_record")
    if isinstance(record, logging.LogRecord):
        event["logger"] = record.name
        event["event"] = str(record.msg)[:200] if record.args else _first_words(record)
        if record.exc_info:
            event["exc_info"] = record.exc_info
    return event


def _first_words(record: logging.LogRecord) -> str:
    # A message without arguments was filled in before it came here: its beginning names
    # what happened, its end may name whom.
    return str(record.msg).split(":", 1)[0][:80]


def _only_listed(_: Any, __: str, event: EventDict) -> EventDict:
    kept = ALLOWED | {"_record", "_from_structlog"}
    return {key: value for key, value in event.items() if key in kept}
