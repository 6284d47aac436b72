"""How a case stands, in the few words that every page uses.

The word and a shape carry the meaning; the colour only repeats it. Which stage a case is at
is said by ``domain.actions.STAGE_TEXT``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.case import StatusWord
from domain.parties import ROLE_TEXT, Role
from store.cases import CaseFile

SOON = timedelta(days=3)
"""A target this near is said to be near."""

SHAPES: Mapping[StatusWord, str] = {
    StatusWord.RECEIVED: "○",
    StatusWord.IN_PROGRESS: "▶",
    StatusWord.WAITING: "‖",
    StatusWord.DUE_SOON: "▲",
    StatusWord.OVERDUE: "■",
    StatusWord.DONE: "✓",
    StatusWord.WITHDRAWN: "×",
}

TONES: Mapping[StatusWord, str] = {
    StatusWord.RECEIVED: "calm",
    StatusWord.IN_PROGRESS: "calm",
    StatusWord.WAITING: "wait",
    StatusWord.DUE_SOON: "warn",
    StatusWord.OVERDUE: "late",
    StatusWord.DONE: "good",
    StatusWord.WITHDRAWN: "calm",
}

BREACHED = "deadline_breached"
REVIEW_DUE = "suspension_review_due"
_WITHDRAWN = frozenset(
    {"void", "discarded", "withdrawn", "left", "cancelled", "lapsed", "no_show"}
)
_FIRST = frozenset({"offered", "registered", "held"})
_AT_REST = frozenset({"in_force", "published"})
"""What is kept and may still be revised."""
_WAITS = {
    "undecided": "不一致の判断",
    "discrepancy": "数の相違の説明",
    "handed_over": "市職員の受領",
    "with_official": "市職員の受領",
    "unreachable": "本人との連絡",
    "displaced": "本人との連絡",
    "escalated": "業務責任者の受付",
    "faulty": "使用の中止",
    "out_of_service": "代わりの機器",
    "not_reported": "市への報告",
    "vacant": "補充",
    "to_consult": "市との協議",
    "to_revise": "マニュアルの改訂",
    "to_check": "別の人の確認",
    "due": "市の収納",
    "counting": "レジ締め",
    "counted": "市の決裁",
    "sent_back": "差し戻しへの対応",
    "awaiting_reply": "照会への回答",
    "brought": "委託先の受取り",
    "received": "残りのカードの返却",
    "to_enter": "市のシステムへの入力",
    "confirmed": "来場の日",
    "submitted": "市の承認",
    "in_line": "呼出し",
    "called": "来席",
    "provisional": "確定版",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """One status as a page shows it."""

    word: StatusWord
    reason: str = ""
    """What it waits for; empty where nothing is waited for."""

    @property
    def shape(self) -> str:
        """The shape that stands before the word."""
        return SHAPES[self.word]

    @property
    def why(self) -> str:
        """What is said beside the word; empty where nothing is waited for."""
        waiting = self.word is StatusWord.WAITING
        return self.reason if waiting or not self.reason else f"{self.reason}待ち"

    @property
    def tone(self) -> str:
        """The class of the colour that repeats it."""
        return TONES[self.word]


def status_of(file: CaseFile, now: datetime) -> Status:
    """Return how a case stands; lateness is said before anything else."""
    if file.closed_at is not None:
        gone = file.stage in _WITHDRAWN
        return Status(word=StatusWord.WITHDRAWN if gone else StatusWord.DONE)
    waits = waits_for(file)
    if file.suspended:
        again = file.stuck == REVIEW_DUE
        return Status(word=StatusWord.WAITING, reason="停止の再確認" if again else "期限停止中")
    if file.stuck == BREACHED or (file.due_at is not None and now > file.due_at):
        return Status(word=StatusWord.OVERDUE, reason=waits)
    target = file.target_at or file.due_at
    if target is not None and target - now < SOON:
        return Status(word=StatusWord.DUE_SOON, reason=waits)
    if waits:
        return Status(word=StatusWord.WAITING, reason=waits)
    first = file.stage in _FIRST
    word = StatusWord.RECEIVED if first else StatusWord.IN_PROGRESS
    return Status(word=StatusWord.DONE if file.stage in _AT_REST else word)


def waits_for(file: CaseFile) -> str:
    """Return what a case waits for, or an empty text."""
    if file.state.get("open_handoffs"):
        return "引継ぎ"
    return _WAITS.get(file.stage, "")


def role_words(role: str | None) -> str:
    """Return the Japanese name of a role; what acts by itself is 自動."""
    return ROLE_TEXT[Role(role)] if role else "自動"
