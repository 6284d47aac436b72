"""Who is responsible on which day: how the days stand, and entering people for them.

Belongs here: the two routes, and what pages show of a day. Does not belong here: looking for
vacancies (``activities.rosters``), who may be entered twice (``domain.roster``).
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field
from sqlalchemy import Connection

from api.access.auth import require_action
from api.access.door import Person
from api.booking import telephone
from api.booking.day_changes import contract_now
from api.deps import AccessedContract, IdempotencyKey, TheDesk
from api.once import once
from domain.calendars.hours import local
from domain.contract import Contract
from domain.errors import FieldMissing
from domain.parties import ROLE_TEXT, Action, Party, allowed
from domain.roster.coverage import REASON_TEXT, ChangeReason, Entry, Line, Wanted, changes
from domain.roster.posts import Post
from store import people, rosters
from store.people import Account
from store.scope import scope

router = APIRouter(prefix="/api/v1/contracts/{slug}/roster", tags=["roster"])

Reader = Annotated[Person, Depends(require_action(Action.SEE_CALENDAR))]
Writer = Annotated[Person, Depends(require_action(Action.WRITE_ROSTER))]

LONGEST_SPAN = timedelta(days=400)


class RosterRequest(BaseModel):
    """Somebody for a post on some days; nobody takes whoever is there off."""

    post: str = Field(max_length=80, description="契約の役割のID")
    place: str = Field("", max_length=120, description="場所のID。全体で一人の役割では空")
    first: date
    last: date
    weekdays: list[Annotated[int, Field(ge=0, le=6)]] | None = Field(
        None, max_length=7, description="曜日（0=月）。null: すべて"
    )
    account_id: str | None = Field(None, max_length=80, description="null: 当番を外す")
    telephone: str = Field("", max_length=40, description="市から連絡する電話番号")
    reason: ChangeReason | None = Field(None, description="替えるとき・外すときは必ず")


class EntryBody(BaseModel):
    """One entry of a day, as it was made."""

    account_id: str | None
    name: str
    telephone: str
    reason: ChangeReason | None
    reason_text: str
    set_by: str
    set_at: datetime


class DutyBody(BaseModel):
    """One day on which a place wants somebody."""

    post: str
    post_text: str
    place: str
    place_text: str
    day: date
    starts_at: datetime
    ends_at: datetime
    account_id: str | None
    name: str = Field(description="空: だれもいない")
    telephone: str
    vacant: bool
    violated_from: datetime | None = Field(description="だれもいなかった時刻。null: 違反なし")
    history: list[EntryBody]


class PostBody(BaseModel):
    """One post of the contract."""

    id: str
    label: str
    clause: str
    apart_from: list[str]
    telephone: bool
    seen_days: int


class CandidateBody(BaseModel):
    """Somebody who can be entered."""

    account_id: str
    name: str


class RosterPage(BaseModel):
    """Every day that wants somebody, in order; no posts: the contract names none."""

    posts: list[PostBody]
    items: list[DutyBody]
    people: list[CandidateBody] = Field(description="入れられる人。入力できない役割には空")
    next_cursor: None = None


class EnteredBody(BaseModel):
    """How many days were changed."""

    days: int


@router.get("", summary="Show who is responsible on which day")
def show_roster(
    loaded: AccessedContract,
    person: Reader,
    desk: TheDesk,
    first: Annotated[date, Query(alias="from")],
    last: Annotated[date, Query(alias="to")],
) -> RosterPage:
    """Return the days that want somebody, with who is there and what was changed."""
    if not timedelta(0) <= last - first <= LONGEST_SPAN:
        raise FieldMissing("from と to は、400日以内の順に指定してください。")
    contract = contract_now(desk, person.municipality, loaded)
    posts = {post.id: post for post in contract.roster}
    with scope(desk.engine, person.municipality) as connection:
        found = rosters.lines_between(connection, contract, first, last)
        names = names_of(connection)
        may_write = allowed(person.role, Action.WRITE_ROSTER)
        known = candidates(connection) if may_write else []
    return RosterPage(
        posts=[_post(post) for post in contract.roster],
        items=[_duty(posts[line.need.post], line, names) for line in found],
        people=known,
    )


@router.post("", status_code=201, summary="Enter somebody for some days")
def enter(
    loaded: AccessedContract,
    person: Writer,
    desk: TheDesk,
    key: IdempotencyKey,
    body: RosterRequest,
) -> EnteredBody:
    """Enter, replace or take off; all days or none, and what was entered before is kept."""
    contract = contract_now(desk, person.municipality, loaded)

    def do(connection: Connection) -> dict[str, Any]:
        # Whoever waited for the lock sees what the faster one has entered.
        rosters.lock(connection, contract.slug)
        wanted = _wanted(connection, contract, body)
        known = rosters.lines_between(connection, contract, body.first, body.last)
        made = changes(
            wanted,
            known,
            contract.roster,
            by=person.account_id,
            now=local(desk.clock()),
        )
        rosters.enter(connection, contract.slug, made)
        return {"days": len(made)}

    answer = once(desk, person, key=key, asked=f"roster/{body!r}", do=do)
    return EnteredBody.model_validate(answer)


def names_of(connection: Connection) -> Mapping[str, str]:
    """Return the name of every account of the municipality in scope."""
    return {each.account_id: each.display_name for each in people.accounts(connection)}


def candidates(connection: Connection) -> list[CandidateBody]:
    """Return who of the provider can be entered, by name."""
    found = [each for each in people.accounts(connection) if _may_be_entered(each)]
    return [
        CandidateBody(account_id=each.account_id, name=_label(each))
        for each in sorted(found, key=lambda each: (each.display_name, each.account_id))
    ]


def _label(account: Account) -> str:
    role = ROLE_TEXT[account.role]
    name = account.display_name
    return name if role in name else f"{name}（{role}）"


def _may_be_entered(account: Account) -> bool:
    return account.disabled_at is None and account.role.party is Party.PROVIDER


def _wanted(connection: Connection, contract: Contract, body: RosterRequest) -> Wanted:
    """Return what is asked for in the words of the contract.

    Raises:
        FieldMissing: The contract has no such post, it is nobody of the provider, or the
            days are in no order.
    """
    post = next((post for post in contract.roster if post.id == body.post), None)
    if post is None:
        raise FieldMissing("この契約にない役割です。")
    if not timedelta(0) <= body.last - body.first <= LONGEST_SPAN:
        raise FieldMissing("「はじめの日」と「おわりの日」は、400日以内の順にしてください。")
    known = {each.account_id for each in candidates(connection)}
    if body.account_id is not None and body.account_id not in known:
        raise FieldMissing("この契約の受託者の、いま使える利用者から選んでください。")
    return Wanted(
        post=post,
        place=body.place,
        first=body.first,
        last=body.last,
        weekdays=frozenset(range(7) if body.weekdays is None else body.weekdays),
        account_id=body.account_id,
        telephone=_telephone(body) if body.account_id and post.telephone else "",
        reason=body.reason,
    )


def _telephone(body: RosterRequest) -> str:
    if not body.telephone.strip():
        return ""
    number = telephone.international(body.telephone)
    if number is None:
        raise FieldMissing("日本の電話番号を入力してください。")
    return telephone.national(number)


def _post(post: Post) -> PostBody:
    return PostBody(
        id=post.id,
        label=post.label,
        clause=post.clause,
        apart_from=list(post.apart_from),
        telephone=post.telephone,
        seen_days=post.seen_days,
    )


def _duty(post: Post, line: Line, names: Mapping[str, str]) -> DutyBody:
    need, holder = line.need, line.holder
    account_id = holder.account_id if holder is not None else None
    return DutyBody(
        post=need.post,
        post_text=post.label,
        place=need.place,
        place_text=need.place_label,
        day=need.day,
        starts_at=need.starts,
        ends_at=need.ends,
        account_id=account_id,
        name=names.get(account_id, "") if account_id is not None else "",
        telephone=holder.telephone if holder is not None else "",
        vacant=line.vacant,
        violated_from=local(line.violated_from) if line.violated_from else None,
        history=[_entry(entry, names) for entry in line.entries],
    )


def _entry(entry: Entry, names: Mapping[str, str]) -> EntryBody:
    return EntryBody(
        account_id=entry.account_id,
        name=names.get(entry.account_id, "") if entry.account_id is not None else "",
        telephone=entry.telephone,
        reason=entry.reason,
        reason_text=REASON_TEXT[entry.reason] if entry.reason is not None else "",
        set_by=names.get(entry.set_by, ""),
        set_at=local(entry.set_at),
    )
