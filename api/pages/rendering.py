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
from domain.actions import STAGE_TEXT
from domain.calendars.hours import local
from domain.calls.external_entry import DUE_RULE as ENTRY_RULES
from domain.case import KIND_TEXT
from domain.contract import Contract
from domain.deadlines.due_words import explain
from domain.parties import PARTY_TEXT, ROLE_TEXT, Action, Role, allowed
from domain.sending.list_sending import DUE_RULE

WEB: Final = Path(__file__).resolve().parents[2] / "web"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One entry of the navigation."""

    path: str
    label: str
    here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What stands around every page of somebody who is logged in."""

    name: str
    role: str
    city: str
    party: str
    form_token: str
    places: tuple[Place, ...]
    rehearsal: bool


_PLACES: Final[tuple[tuple[str, str, Action | None], ...]] = (
    ("/", "私の仕事", None),
    ("/cases", "案件", Action.SEE_CASE),
    ("/handoffs", "引継ぎ", Action.SEE_CASE),
    ("/lots/new", "納品の取込み", Action.UPLOAD_LOT),
    ("/visits/new", "来庁受付", Action.RECEIVE_VISITOR),
    ("/reservations", "予約", Action.SEE_RESERVATIONS),
    ("/reservations/arrivals", "来場", Action.RECORD_ARRIVAL),
    ("/reservations/list", "予約受付一覧", Action.SEE_RESERVATIONS),
    ("/external-entries", "市のシステムへの入力", Action.REQUEST_ENTRY),
    ("/notes", "窓口の記録", Action.RECORD_INQUIRY),
    ("/inquiries", "問合せ", Action.SEE_INQUIRIES),
    ("/incidents", "事案", Action.SEE_CASE),
    ("/city-records", "市の記録", Action.SEE_CASE),
    ("/returned-mail/new", "返戻の登録", Action.REGISTER_RETURNED_MAIL),
    ("/photos", "写真の確認", Action.CHECK_PHOTO),
    ("/defects", "申請不備", Action.SEE_CASE),
    ("/list-recipient", "一覧の送り先", Action.SET_LIST_RECIPIENT),
    ("/calendar", "暦", Action.SEE_CALENDAR),
    ("/catalogue", "手続の一覧", Action.SEE_CALENDAR),
    ("/counts", "月の件数", Action.SEE_CALENDAR),
    ("/contract", "契約", Action.SEE_CALENDAR),
    ("/obligations", "契約の約束", Action.SEE_CALENDAR),
    ("/audit", "監査", Action.READ_AUDIT),
    ("/demo/mail", "送信メール（デモ）", None),
)

_LETTERS: Final = str.maketrans("0123456789", "ghijklmnop")
_ONLY_WITH_LOTS: Final = frozenset({"/lots/new", "/returned-mail/new"})
"""Where a city hands no cards over, nothing of it is offered."""

_ONLY_WITH_BOOKINGS: Final = frozenset(
    {"/reservations", "/reservations/arrivals", "/reservations/list"}
)

_ONLY_WITH_LISTS: Final = frozenset({"/list-recipient"})
"""Where a city gets no list of every operating day."""

_ONLY_WITH_ENTRIES: Final = frozenset({"/external-entries"})
"""Where nothing but bookings is entered into a city's system."""

_ONLY_WITH_RECORDS: Final = frozenset({"/city-records"})
"""Where nothing is given to the city that it records here."""

_ONLY_WITH_DEFECTS: Final = frozenset({"/defects"})
"""Where nobody follows up what comes back."""
_ONLY_WITH_INCIDENTS: Final = frozenset({"/incidents"})
"""Where the contract speaks of none."""

_ONLY_IN_DEMO: Final = frozenset({"/demo/mail"})
"""Where mails reach people there is nothing to look at."""


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
    not_here: frozenset[str] = frozenset() if contract.lists else _ONLY_WITH_LOTS
    if not any(line.is_bookable for line in contract.bookings):
        not_here |= _ONLY_WITH_BOOKINGS
    rules = {rule.id for rule in contract.due_rules}
    if DUE_RULE not in rules:
        not_here |= _ONLY_WITH_LISTS
    if not rules & set(ENTRY_RULES.values()):
        not_here |= _ONLY_WITH_ENTRIES
    if contract.defects is None:
        not_here |= _ONLY_WITH_DEFECTS
    if not contract.incidents:
        not_here |= _ONLY_WITH_INCIDENTS
    if not any(row.records for row in contract.duties):
        not_here |= _ONLY_WITH_RECORDS
    if desk.mail_dir is None:
        not_here |= _ONLY_IN_DEMO
    return Frame(
        name=person.display_name,
        role=ROLE_TEXT[person.role],
        city=contract.municipality,
        party=PARTY_TEXT[person.party],
        form_token=person.form_token,
        places=tuple(
            Place(path=path, label=label, here=path == request.url.path)
            for path, label, action in _PLACES
            if path not in not_here and (action is None or allowed(person.role, action))
        ),
        rehearsal=desk.rehearsal is not None,
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
