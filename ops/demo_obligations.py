"""The demo's promises of contracts: what was approved long ago, what waits, what is open.

Belongs here: what the demo pretends of plans, manuals and milestones. Does not belong here:
accounts and lots (``ops.seed``), bookings (``ops.demo_bookings``).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, Engine

from activities.obligations import ObligationOpener
from contracts.book import ContractBook
from domain.calendars.hours import TOKYO
from domain.case import Actor, CaseChange, CaseEvent, CaseRef
from domain.obligations.obligation import Obligation, Step
from domain.parties import Role
from domain.records.replay import CLAIMED
from store import record
from store.keys import KeyRing
from workflows.keeping import change_of

PROVIDER = Actor(account_id="system", role=Role.OPERATIONS_MANAGER)
CITY = Actor(account_id="system", role=Role.OFFICIAL)

BOOKING_START = date(2022, 6, 8)
"""The day on which the demo pretends that Chiba's bookings began."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One step that was taken before the product came into use."""

    step: Step
    at: datetime
    by: Actor
    after: Callable[[Obligation], Obligation]


def _at(year: int, month: int, day: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=TOKYO)


def _all(value: Obligation) -> tuple[int, ...]:
    return tuple(range(1, len(value.terms.sections) + 1))


def save(at: datetime, reference: str, *, provisional: bool = False) -> Told:
    """Tell of a version that holds all it must."""
    return Told(
        step=Step.SAVE_VERSION,
        at=at,
        by=PROVIDER,
        after=lambda v: v.save(reference, _all(v), at, provisional=provisional),
    )


def submit(at: datetime) -> Told:
    """Tell that the city got the version."""
    return Told(
        step=Step.SUBMIT_VERSION, at=at, by=PROVIDER, after=lambda v: v.submit(at, late=False)
    )


def approve(at: datetime) -> Told:
    """Tell that the city approved it."""
    return Told(
        step=Step.APPROVE_VERSION, at=at, by=CITY, after=lambda v: v.approve(at, late=False)
    )


def agree(at: datetime, day: date, agreement: str) -> Told:
    """Tell of the day that was agreed on."""
    return Told(
        step=Step.AGREE_DAY, at=at, by=PROVIDER, after=lambda v: v.agree(day, agreement)
    )


def show(at: datetime, item: int, words: str) -> Told:
    """Tell what shows that a thing was done."""
    role = Role.OPERATIONS_MANAGER
    return Told(
        step=Step.RECORD_EVIDENCE,
        at=at,
        by=PROVIDER,
        after=lambda v: v.show(item, words, at, role, late=False),
    )


BOOKING_MAY_BEGIN = (
    agree(_at(2022, 5, 23), BOOKING_START, "第1回協議 議事録（架空）"),
    save(_at(2022, 5, 24), "運営マニュアル・Q&A 第1.0版（文書管理 M-001）"),
    submit(_at(2022, 5, 25)),
    approve(_at(2022, 5, 30, 16)),
)
"""Chiba's manual, approved nine days before bookings begin."""

BOOTHS_STAND = (
    show(_at(2026, 4, 2, 8, 10), 0, "回線試験の記録 B-1〜B-4、試験通話4台とも良好"),
)
"""Ageo's booths, ready twenty minutes before they had to be."""

_CHIBA = {
    "manual_qa": (
        *BOOKING_MAY_BEGIN,
        save(_at(2022, 9, 12), "運営マニュアル・Q&A 第1.1版（よくある質問を追加）"),
        submit(_at(2022, 9, 12, 15)),
    ),
    "work_plan": (
        save(_at(2022, 5, 27), "作業計画書 第1版（文書管理 P-001）"),
        submit(_at(2022, 6, 1)),
        approve(_at(2022, 6, 7, 14)),
    ),
    "privacy_officer_and_training_plan": (
        save(_at(2022, 5, 24), "個人情報責任者・研修計画 報告書（文書管理 K-001）"),
        submit(_at(2022, 5, 24, 14)),
    ),
    "final_report": (
        save(_at(2023, 3, 30), "最終報告書 暫定版（2月分まで）", provisional=True),
        submit(_at(2023, 3, 31, 16)),
    ),
}
_AGEO = {
    "go_live": BOOTHS_STAND,
    "toll_free_handover": (
        show(_at(2026, 3, 10), 1, "前事業者との打合せ記録 3月10日"),
        show(_at(2026, 3, 31), 2, "回線承継の通知書"),
    ),
}
STORIES = {"chiba": _CHIBA, "ageo": _AGEO}


def seed(engine: Engine, keys: KeyRing, book: ContractBook, slug: str) -> int:
    """Open what a contract of the demo promises and tell how far it came; return how many.

    To be done at once when the contract is signed: to what a worker has opened by itself
    nothing can have happened before.
    """
    stories = STORIES.get(slug, {})
    return sum(tell(engine, keys, book, slug, code, told) for code, told in stories.items())


def tell(
    engine: Engine,
    keys: KeyRing,
    book: ContractBook,
    slug: str,
    code: str,
    steps: tuple[Told, ...],
) -> bool:
    """Open a promise if it is not there, and record steps taken long ago; say whether it was.

    The course begins with how it stood then; of the steps it learns as of every one that its
    record knows and it does not.
    """

    def story(connection: Connection, case: CaseRef, value: Obligation) -> None:
        for number, told in enumerate(steps, 1):
            value = told.after(value)
            record.append(
                connection,
                keys,
                case,
                _event(told, value),
                _change(value),
                key=f"{CLAIMED}{told.step}/{number}",
                recorded_at=told.at,
            )

    def stands(value: Obligation) -> Obligation:
        for told in steps:
            value = told.after(value)
        return value

    opener = ObligationOpener(engine, keys, book, clock=lambda: steps[0].at)
    return opener.open_one(slug, code, story, stands)


def _event(told: Told, value: Obligation) -> CaseEvent:
    detail: dict[str, str | int | bool | None] = {
        "stage": str(value.stage),
        "obligation": value.terms.code,
    }
    if value.versions:
        detail["document_version"] = value.versions[-1].number
    return CaseEvent(action=told.step, at=told.at, actor=told.by, detail=detail)


def _change(value: Obligation) -> CaseChange:
    change = change_of(value, None)
    return CaseChange(
        stage=change.stage,
        state=change.state,
        closed=change.closed,
        owner=change.owner,
        deadline_over=value.kept and not value.closed,
    )
