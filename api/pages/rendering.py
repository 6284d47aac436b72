"""Templates become pages here: the Jinja environment, its filters, the frame of a page.

Which page shows what stands in the modules beside this one, words in ``words``.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.access.door import Person
from api.pages import status, times, words
from api.pages.menu import Group, absent, menu_of
from domain.actions import STAGE_TEXT
from domain.calendars.hours import local
from domain.case import KIND_TEXT
from domain.contract import Contract
from domain.deadlines.due_words import explain
from domain.parties import PARTY_TEXT, ROLE_TEXT, Role

WEB: Final = Path(__file__).resolve().parents[2] / "web"


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What stands around every page of somebody who is logged in."""

    name: str
    role: str
    city: str
    party: str
    form_token: str
    menu: tuple[Group, ...]
    rehearsal: bool
    absent: str
    """What the page is about, where the contract has nothing of it; else empty."""


_LETTERS: Final = str.maketrans("0123456789", "ghijklmnop")


def page(
    request: Request,
    person: Person | None,
    template: str,
    /,
    *,
    status: int = 200,
    **values: Any,
) -> HTMLResponse:
    """Return a whole page; ``person`` is ``None`` for pages that everybody may see."""
    frame = frame_of(request, person) if person is not None else None
    text = ENVIRONMENT.get_template(f"{template}.html.j2").render(
        frame=frame, path=request.url.path, now=now_of(request), **values
    )
    return HTMLResponse(text, status_code=status)


def fragment(request: Request, template: str, **values: Any) -> str:
    """Return a part of a page, for those that change while they are looked at."""
    found = ENVIRONMENT.get_template(f"{template}.html.j2")
    return found.render(frame=None, path=request.url.path, now=now_of(request), **values)


def now_of(request: Request) -> datetime:
    """Return what time it is for this process, in Tokyo."""
    desk = getattr(request.app.state, "desk", None)
    clock = desk.clock if desk is not None else request.app.state.door.clock
    return local(clock())


def frame_of(request: Request, person: Person) -> Frame:
    """Return the frame for a person: only the places that are theirs to go."""
    desk = request.app.state.desk
    contract: Contract = desk.book.current(person.municipality).contract
    return Frame(
        name=person.display_name,
        role=ROLE_TEXT[person.role],
        city=contract.municipality,
        party=PARTY_TEXT[person.party],
        form_token=person.form_token,
        menu=menu_of(
            person.role, contract, request.url.path, is_demo=desk.mail_dir is not None
        ),
        rehearsal=desk.rehearsal is not None,
        absent=absent(contract, request.url.path),
    )


def new_key() -> str:
    """Return a key for one form: sent twice with it, an act is done once.

    Letters only. A hand-over slip is called by the key of the form that made it, and a run
    of digits in a form is looked at as a number that must not be kept.
    """
    return secrets.token_hex(16).translate(_LETTERS)


def _iso(moment: date | datetime) -> str:
    return local(moment).isoformat() if isinstance(moment, datetime) else moment.isoformat()


def _stage_words(stage: str, kind: str) -> str:
    known: Mapping[str, str] = STAGE_TEXT.get(kind, {})  # type: ignore[call-overload]
    return known.get(stage, stage)


def _size_words(size_bytes: int) -> str:
    if size_bytes < 1_000_000:
        return f"{max(1, round(size_bytes / 1000))} KB"
    return f"{size_bytes / 1_000_000:.1f} MB"


def _thousands(number: int | float) -> str:
    return f"{number:,}"


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(WEB / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.do"],
    )
    environment.filters |= {
        "break_words": lambda problem: words.BREAK_TEXT[problem],
        "clock": times.clock_words,
        "day": times.day_words,
        "explain": explain,
        "full_day": times.full_day_words,
        "iso": _iso,
        "kind_words": lambda kind: KIND_TEXT[kind],
        "moment": times.moment_words,
        "number": _thousands,
        "role_words": status.role_words,
        "size": _size_words,
        "stage_words": _stage_words,
    }
    environment.globals |= {
        "left_words": times.left_words,
        "new_key": new_key,
        "role_text": {str(role): text for role, text in ROLE_TEXT.items()},
        "roles": tuple(Role),
        "since_words": times.since_words,
        "status_of": status.status_of,
        "until_words": times.until_words,
        "words": words,
    }
    return environment


ENVIRONMENT: Final = _environment()
