"""What stands beside a line of the record: a label and words for each detail.

Belongs here: labels, and what a code means in which kind of case; the same code may mean
two things in two kinds. Does not belong here: what happened (``words``), words of a rule
(``domain``).
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, Final

from api.pages import city_words, defect_words, incident_words, times
from api.pages.counter import application_words, procedure_words
from api.pages.queue import queue_words
from api.pages.words import BATCH_TEXT, OUTCOME_TEXT
from domain.booking import reservation_clock, reservation_parts
from domain.booking.booking_rules import BookingChannel
from domain.calls import external_entry, inquiry
from domain.case import CaseKind
from domain.lots import returned_mail
from domain.lots.bundle import PAPER_TEXT, PaperKind
from domain.lots.card import DECISION_TEXT, ROUTE_TEXT
from domain.lots.matching import MATCH_TEXT, MatchResult
from domain.parties import ROLE_TEXT
from domain.procedures import eligibility, visit
from domain.queue import ticket
from domain.sending import list_sending

_MAIL = {"registered_mail": "簡易書留", "restricted_delivery_mail": "本人限定受取郵便"}

_LABELS: Final[Mapping[str, str]] = {
    **city_words.LABELS,
    "agreement": "協議書",
    "announced": "申告の数",
    "bundle": "書類引渡し票",
    "card": "カード",
    "came_late": "遅れての来場",
    "cards": "件数",
    "category": "分類",
    "channel": "窓口",
    "count": "数えた件数",
    "counted_from": "起点の日",
    "day": "業務日",
    "decision": "判断",
    "delivered_on": "納品日",
    "destination": "案内先",
    "group": "手続の区分",
    "nature": "内容",
    "difference": "差",
    "due_after": "変更後の期限",
    "eligibility": "対象の判断",
    "entry": "入力するもの",
    "due_before": "変更前の期限",
    "from_day": "開設できる最初の日",
    "to_day": "開設できる最後の日",
    "late": "期限後",
    "kind": "内容",
    "listed": "一覧表の行",
    "mail_kind": "送り方",
    "means": "方法",
    "must_phone": "電話での連絡が必要",
    "next_try": "次の連絡",
    "outcome": "結果",
    "procedure": "手続",
    "document_version": "版",
    "documents": "本人の書類",
    "representative_documents": "代理人の書類",
    "authority": "代理権の確認",
    "mandate": "委任状",
    "together": "本人も来庁",
    "proxy_reason": "来庁できない理由",
    "proof": "その資料",
    "provisional": "暫定版",
    "parts": "部",
    "people": "人数",
    "receiver": "来た人",
    "done_by": "行った側",
    "party": "行う側",
    "back_to": "やり直す手順",
    "reference": "市のシステムの受付番号",
    "refused": "できなかった件数",
    "reservation": "予約",
    "result": "結果",
    "review_on": "再確認日",
    "route": "受取方法",
    "rows": "件数",
    "section": "引継ぎ先",
    "sha256": "照合用の値",
    "starts_at": "日時",
    "target": "転送先",
    "terminal": "統合端末",
    "city_terminal": "市の端末",
    "to": "知らせた先",
    "total": "合計",
    "trouble": "理由",
    "unreadable": "読めない行",
    "version": "案内の版",
    "guide": "案内画面の版",
    "until": "新しい期限",
    "warned": "注意を伝えた",
    "why": "返戻の理由",
    **application_words.LABELS,
    **{
        "certificate_valid": "電子証明書が有効",
        "coded_form": "二次元コードのある申請書",
        "licence_on_card": "マイナ免許証",
        "paper": "紙の申請",
        "reissue": "再発行",
        "resident": "市に住民登録",
    },
}
_PATTERNS: Final[Mapping[str, str]] = {
    "amount_jpy": "{:,}円",
    "announced": "{}件",
    "bundle": "第{}号",
    "cards": "{}件",
    "count": "{}件",
    "document_version": "第{}版",
    "difference": "{:+d}件",
    "listed": "{}件",
    "parts": "{}部",
    "people": "{}人",
    "refused": "{}件",
    "rows": "{}件",
    "total": "{}枚",
    "unreadable": "{}件",
}
_DAYS: Final = frozenset(
    {
        *("counted_from", "day", "delivered_on", "due_after", "due_before", "from_day"),
        *("review_on", "to_day", "until"),
    }
)
_SILENT_ZERO: Final = frozenset({"refused", "unreadable", "difference"})

Codes = tuple[Mapping[Any, str], ...]

_CODES: Final[Codes] = (
    DECISION_TEXT,
    MATCH_TEXT,
    ROUTE_TEXT,
    BATCH_TEXT,
    _MAIL,
    OUTCOME_TEXT,
    {str(each): each.ja for each in BookingChannel},
    reservation_clock.MESSAGE_TEXT,
    ROLE_TEXT,
)
"""Codes of any kind of case, asked after those of its own kind."""

_CODES_OF: Final[Mapping[CaseKind, Codes]] = {
    CaseKind.RETURNED_MAIL: (returned_mail.REASON_TEXT, *defect_words.CODES),
    CaseKind.DEFECT: (*defect_words.CODES, *application_words.CODES),
    CaseKind.LIST_SENDING: (list_sending.MEANS_TEXT, list_sending.TROUBLE_TEXT),
    CaseKind.VISIT: (
        visit.RESULT_TEXT,
        *application_words.CODES,
        eligibility.OUTCOME_TEXT,
        *procedure_words.CODES,
    ),
    CaseKind.PROCEDURE: procedure_words.CODES,
    CaseKind.APPLICATION: (*application_words.CODES, *procedure_words.CODES),
    CaseKind.EXTERNAL_ENTRY: (external_entry.KIND_TEXT,),
    CaseKind.INCIDENT: incident_words.CODES,
    CaseKind.INQUIRY: (
        inquiry.CATEGORY_TEXT,
        inquiry.OUTCOME_TEXT,
        inquiry.CHANNEL_TEXT,
        inquiry.NATURE_TEXT,
        inquiry.TRANSFER_TEXT,
        *procedure_words.CODES,
    ),
    CaseKind.RESERVATION: (reservation_parts.MEANS_TEXT, *defect_words.CODES),
    CaseKind.CITY_RECORD: (city_words.WHAT_TEXT,),
    CaseKind.TICKET: (ticket.RESULT_TEXT,),
}
_LABELS_OF: Final[Mapping[CaseKind, Mapping[str, str]]] = {
    CaseKind.INCIDENT: incident_words.LABELS,
    CaseKind.TICKET: queue_words.LABELS,
}


def detail_words(detail: Mapping[str, Any], kind: CaseKind) -> list[tuple[str, str]]:
    """Return what stands beside an event as label and words; ids and codes stay away."""
    labels = {**_LABELS, **_LABELS_OF.get(kind, {})}
    found = []
    for name, value in detail.items():
        if name in MATCH_TEXT:
            found.append((MATCH_TEXT[MatchResult(name)], f"{value}件"))
            continue
        if name in PAPER_TEXT:
            found.append((PAPER_TEXT[PaperKind(name)], f"{value}枚"))
            continue
        quiet = value is None or value == "" or (name in _SILENT_ZERO and not value)
        if name in labels and not quiet:
            found.append((labels[name], _value_words(name, value, kind)))
    return found


def _value_words(name: str, value: Any, kind: CaseKind) -> str:
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if name in _PATTERNS:
        return _PATTERNS[name].format(value)
    if name in {"next_try", "starts_at"}:
        return times.moment_words(datetime.fromisoformat(str(value)))
    if name in _DAYS:
        text = str(value)
        plain_day = len(text) == len("2026-07-20")
        known = date.fromisoformat(text) if plain_day else datetime.fromisoformat(text)
        return times.day_words(known)
    codes = next((codes for codes in _codes(kind) if value in codes), {})
    return str(codes.get(value, procedure_words.documents(name, str(value))))


def _codes(kind: CaseKind) -> Iterator[Mapping[Any, str]]:
    yield from _CODES_OF.get(kind, ())
    yield from _CODES
    for others in _CODES_OF.values():
        yield from others
