"""Who holds a post on a day, what it takes to change that, and the moment nobody did.

An entry is never changed: a later one succeeds it, so that the history of a day stands
there. Belongs here: entries, vacancies, gaps, changes. Does not belong here: which days want
somebody (``domain.roster.posts``), keeping entries (``store.rosters``).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from domain.calendars.day_rules import day_ja
from domain.errors import FieldMissing, ReasonMissing
from domain.roster.posts import Need, Post, must_differ
from domain.roster.roster_errors import DutyOver, NobodyNeeded, SamePersonTwice


class ChangeReason(StrEnum):
    """Why somebody else holds a post; no word says what ails a person."""

    ABSENCE = "absence"
    SHIFT_CHANGE = "shift_change"
    LEFT = "left"
    MISTAKE = "mistake"
    OTHER = "other"


REASON_TEXT: Mapping[ChangeReason, str] = {
    ChangeReason.ABSENCE: "急な不在",
    ChangeReason.SHIFT_CHANGE: "勤務の変更",
    ChangeReason.LEFT: "異動・退職",
    ChangeReason.MISTAKE: "入力の誤り",
    ChangeReason.OTHER: "その他",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of a roster: from when on who holds a post on a day."""

    post: str
    place: str
    day: date
    number: int
    """Among those of the post, the place and the day, from 1; the last one holds."""
    account_id: str | None
    """``None``: the person is taken off and nobody follows."""
    telephone: str = ""
    reason: ChangeReason | None = None
    set_by: str
    set_at: datetime
    left_at: datetime | None = None
    """When the person's account ended, if it did: who has left holds nothing."""

    @property
    def key(self) -> tuple[str, str, date]:
        """Which need it is for."""
        return self.post, self.place, self.day

    @property
    def nobody_from(self) -> datetime | None:
        """From when on nobody holds the post by this entry; ``None``: somebody does."""
        if self.account_id is None:
            return self.set_at
        return None if self.left_at is None else max(self.left_at, self.set_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One need with everybody who was entered for it."""

    need: Need
    entries: tuple[Entry, ...] = ()
    """Oldest first."""
    violated_from: datetime | None = None
    """From when on nobody was there, as it was recorded; ``None``: no violation is."""

    @property
    def holder(self) -> Entry | None:
        """The entry that holds; ``None`` while nobody does."""
        last = self.entries[-1] if self.entries else None
        return last if last is not None and last.nobody_from is None else None

    @property
    def vacant(self) -> bool:
        """Tell whether nobody holds it."""
        return self.holder is None

    def gap(self, now: datetime) -> datetime | None:
        """Return the first moment of its hours without a person, up to ``now``.

        What is asked later is answered the same: the entries tell how it was then.
        """
        if now < self.need.starts:
            return None
        until = min(now, self.need.ends)
        before = [entry for entry in self.entries if entry.set_at <= self.need.starts]
        after = [entry for entry in self.entries if self.need.starts < entry.set_at <= until]
        if not before:
            return self.need.starts
        turns = [before[-1], *after]
        for turn, following in zip(turns, [*after, None], strict=True):
            alone = turn.nobody_from
            if alone is None or alone >= self.need.ends or alone > until:
                continue
            if following is None or alone < following.set_at:
                return max(alone, self.need.starts)
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Who is to hold a post on some days."""

    post: Post
    place: str
    first: date
    last: date
    weekdays: frozenset[int] = frozenset(range(7))
    """0 is Monday."""
    account_id: str | None
    telephone: str = ""
    reason: ChangeReason | None = None


def lines(
    wanted: Iterable[Need],
    entries: Iterable[Entry],
    violations: Mapping[tuple[str, str, date], datetime],
) -> tuple[Line, ...]:
    """Return every need with its entries and the violation that was recorded."""
    by_key: dict[tuple[str, str, date], list[Entry]] = {}
    for entry in sorted(entries, key=lambda entry: entry.number):
        by_key.setdefault(entry.key, []).append(entry)
    return tuple(
        Line(
            need=need,
            entries=tuple(by_key.get(need.key, ())),
            violated_from=violations.get(need.key),
        )
        for need in wanted
    )


def changes(
    asked: Wanted,
    known: Iterable[Line],
    posts: Iterable[Post],
    *,
    by: str,
    now: datetime,
) -> tuple[Entry, ...]:
    """Return the entries that bring somebody onto a roster, or take them off it.

    Days that are over are left alone, and days on which it is so already. Whoever replaces
    somebody says why.

    Args:
        asked: Who, where, when.
        known: Every line of those days, of all posts.
        posts: Of the contract.
        by: The account of whoever enters it.
        now: When.

    Raises:
        FieldMissing: The city could not call this person.
        NobodyNeeded: No such day wants anybody at this post.
        DutyOver: All of them have passed.
        SamePersonTwice: On one of the days the person holds a post that has to be another's.
        ReasonMissing: Somebody is replaced or taken off without a reason.
    """
    if asked.account_id and asked.post.telephone and not asked.telephone:
        raise FieldMissing("市から連絡できる電話番号を入力してください。")
    known = tuple(known)
    meant = [line for line in known if _is_meant(asked, line)]
    if not meant:
        raise NobodyNeeded("期間と役割、場所を確かめてください。")
    ahead = [line for line in meant if now < line.need.ends]
    if not ahead:
        raise DutyOver("過ぎた日の記録は、そのまま残ります。")
    to_change = [line for line in ahead if not _is_so(asked, line)]
    others = {post.id for post in posts if must_differ(asked.post, post)}
    for line in to_change:
        _require_apart(asked, line, known, others)
        if line.holder is not None and asked.reason is None:
            raise ReasonMissing(
                f"{day_ja(line.need.day)}には当番がいます。替える理由を選んでください。"
            )
    return tuple(_entry(asked, line, by, now) for line in to_change)


def _is_meant(asked: Wanted, line: Line) -> bool:
    need = line.need
    return (
        (need.post, need.place) == (asked.post.id, asked.place)
        and asked.first <= need.day <= asked.last
        and need.day.weekday() in asked.weekdays
    )


def _is_so(asked: Wanted, line: Line) -> bool:
    holder = line.holder
    if holder is None:
        return asked.account_id is None
    return (holder.account_id, holder.telephone) == (asked.account_id, asked.telephone)


def _require_apart(
    asked: Wanted, line: Line, known: tuple[Line, ...], others: set[str]
) -> None:
    for other in known:
        if other.need.day != line.need.day or other.need.post not in others:
            continue
        holder = other.holder
        if holder is not None and holder.account_id == asked.account_id:
            raise SamePersonTwice(
                f"{day_ja(line.need.day)}は、この人がもう一方の役割に入っています。"
            )


def _entry(asked: Wanted, line: Line, by: str, now: datetime) -> Entry:
    need = line.need
    return Entry(
        post=need.post,
        place=need.place,
        day=need.day,
        number=len(line.entries) + 1,
        account_id=asked.account_id,
        telephone=asked.telephone,
        reason=asked.reason,
        set_by=by,
        set_at=now,
    )
