"""In a demo: the mails and short messages that would have reached people, to look at.

Only where the settings name the folder of a mail server of our own. Each city sees what it
has sent, by its ledger; a message says who somebody is, so opening one is recorded like any
other look. Lists of what has not left, for real work, do not belong here.
"""

import email
import email.policy
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from api.access.auth import CurrentPerson, TheDoor, require_duty, route_of
from api.deps import Desk, TheDesk
from api.pages.rendering import page
from domain.parties import Action
from domain.sending.outgoing import MESSAGE_TEXT, PROBLEM_TEXT, Carrier, state_words
from store import access, cases, messages
from store.messages import MessageEntry
from store.scope import scope
from store.values import value_of

router = APIRouter(prefix="/demo/mail", include_in_schema=False)

_NEWEST: Final = 200
_NAME: Final = re.compile(r"[0-9a-f]{20,40}(-[0-9a-f]{8})?")
_PURPOSE: Final = "デモの送信メールを開く"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One message as it lies there."""

    name: str
    """Of its file, without its ending."""

    means: Carrier
    message_id: str
    to: str
    subject: str
    text: str
    at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One message in the list; whom it reached is not shown here."""

    kept: Kept
    entry: MessageEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One message that has not left."""

    entry: MessageEntry
    kind: str
    state: str
    problem: str


@router.get("")
def mailbox(request: Request, person: CurrentPerson, desk: TheDesk) -> Response:
    """Show what this city has sent, newest first, and what has not left."""
    _require_demo(desk)
    kept = {each.message_id: each for each in _newest(desk)}
    with scope(desk.engine, person.municipality) as connection:
        sent = messages.by_message_id(connection, person.municipality, kept)
        waiting = messages.not_sent(connection, person.municipality)
    lines = [
        Line(kept=each, entry=sent[each.message_id])
        for each in kept.values()
        if each.message_id in sent
    ]
    return page(
        request,
        person,
        "mailbox",
        lines=sorted(lines, key=lambda line: line.entry.sent_at or line.entry.made_at)[::-1],
        troubles=[
            Trouble(
                entry=each,
                kind=MESSAGE_TEXT.get(each.kind, each.kind),
                state=state_words(each.state, each.tries),
                problem=PROBLEM_TEXT[each.last_problem] if each.last_problem else "",
            )
            for each in waiting
        ],
    )


@router.get("/{name}")
def message(
    name: str, request: Request, person: CurrentPerson, desk: TheDesk, door: TheDoor
) -> Response:
    """Show one message as its person would read it; who opened it is recorded."""
    _require_demo(desk)
    kept = _read(desk, name)
    if kept is None:
        raise HTTPException(404)
    with scope(desk.engine, person.municipality) as connection:
        found = messages.by_message_id(connection, person.municipality, [kept.message_id])
        if kept.message_id not in found:
            raise HTTPException(404)
        file = cases.one_case(connection, found[kept.message_id].case_id)
    standing = value_of(file).standing
    require_duty(door, person, Action.SEE_PERSON, stage=standing, request=request)
    with scope(desk.engine, person.municipality) as connection:
        access.record_access(
            connection,
            account_id=person.account_id,
            case_ids=[file.ref.case_id],
            purpose=_PURPOSE,
            route=route_of(request),
            now=desk.clock(),
        )
    return page(request, person, "mailbox_message", kept=kept, file=file)


def _require_demo(desk: Desk) -> None:
    if desk.mail_dir is None:
        raise HTTPException(404)


def _newest(desk: Desk) -> Iterator[Kept]:
    """Yield the newest files of each folder, those that were read whole."""
    for folder, ending in ((desk.mail_dir, "eml"), (desk.sms_dir, "json")):
        if folder is None:
            continue
        paths = sorted(folder.glob(f"*.{ending}"), key=lambda path: path.stat().st_mtime_ns)
        for path in paths[-_NEWEST:]:
            kept = _read(desk, path.stem)
            if kept is not None:
                yield kept


def _read(desk: Desk, name: str) -> Kept | None:
    if not _NAME.fullmatch(name):
        return None
    mail, sms = (
        folder / f"{name}.{ending}" if folder is not None else None
        for folder, ending in ((desk.mail_dir, "eml"), (desk.sms_dir, "json"))
    )
    if mail is not None and mail.is_file():
        return _mail(mail)
    return _sms(sms) if sms is not None and sms.is_file() else None


def _mail(path: Path) -> Kept:
    read = email.message_from_bytes(
        path.read_bytes(), _class=EmailMessage, policy=email.policy.default
    )
    date = read["Date"]
    body = read.get_body(("plain",))
    return Kept(
        name=path.stem,
        means=Carrier.MAIL,
        message_id=str(read["Message-ID"] or ""),
        to=str(read["To"] or ""),
        subject=str(read["Subject"] or ""),
        text=body.get_content() if body is not None else "",
        at=date.datetime if date is not None else None,
    )


def _sms(path: Path) -> Kept:
    read = json.loads(path.read_text(encoding="utf-8"))
    return Kept(
        name=path.stem,
        means=Carrier.SMS,
        message_id=read["message_id"],
        to=read["to"],
        subject=read["text"],
        text=read["text"],
        at=datetime.fromisoformat(read["at"]),
    )
