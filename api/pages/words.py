"""The Japanese words for everything that stands in the record of a case.

One table for every page: what happened, and what the codes beside it mean. Words that
belong to a rule (stages, routes, roles) stand with the rule in ``domain``.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from api.pages import city_words, defect_words, handoff_words, incident_words, times
from api.pages.counter import application_words, procedure_words
from domain import handoff
from domain.booking import reservation_clock, reservation_parts
from domain.booking.booking_rules import BookingChannel
from domain.calls import external_entry, inquiry
from domain.case import CaseKind
from domain.lots import bundle, returned_mail
from domain.lots.bundle import PaperKind
from domain.lots.card import DECISION_TEXT, ROUTE_TEXT
from domain.lots.custody import HOLDER_TEXT, ItemKind
from domain.lots.matching import MATCH_TEXT, MatchResult
from domain.obligations import obligation, terms
from domain.parties import PARTY_TEXT, ROLE_TEXT, Role
from domain.procedures import eligibility, visit
from domain.sending import list_sending

EVENT_TEXT: Final[Mapping[str, str]] = {
    "lot_taken_over": "カードの納品を取り込みました",
    "lot_completed": "納品分がすべて完了しました",
    "card_matched": "三つの一覧表を照合しました",
    "visitor_received": "来庁者を受け付けました",
    "mail_returned": "返戻を受け付けました",
    "batch_finished": "まとめ処理が終わりました",
    "handoff_ended": "引継ぎが終わりました",
    "deadline_warned": "期限が近いことを知らせました",
    "target_passed": "目標の時刻を過ぎました",
    "deadline_breached": "期限を過ぎました",
    "escalated": "上位者に知らせました",
    "suspension_review_due": "停止の再確認日になりました",
    "settle_discrepancy": "数の相違を説明しました",
    "decide_mismatch": "不一致の扱いを決めました",
    "record_pre_issue_setup": "交付前設定を記録しました",
    "make_notice": "交付通知書を作成しました",
    "seal": "封緘を記録しました",
    "update_destination": "送付先情報の更新を記録しました",
    "prepare_dispatch": "発送準備を記録しました",
    "hand_over": "市職員へ引き渡しました",
    "acknowledge_receipt": "受領しました",
    "refuse_receipt": "差し戻しました",
    "take_back": "一つ前に戻しました",
    "offer_handoff": "市職員へ引き継ぎました",
    "accept_handoff": "引継ぎを受け付けました",
    "complete_handoff": "対応を完了しました",
    "return_handoff": "引継ぎを差し戻しました",
    "withdraw_handoff": "引継ぎを取りやめました",
    **handoff_words.EVENT_TEXT,
    **city_words.EVENT_TEXT,
    "record_contact_attempt": "連絡を記録しました",
    "resend": "再送しました",
    "keep_item": "保管しました",
    "hand_item_to_official": "返戻物を市職員へ引き渡しました",
    "close_visit": "対応を終えました",
    "add_procedure": "手続を加えました",
    "procedure_begun": "手続を始めました",
    "procedure_ended": "手続が終わりました",
    "take_in_documents": "持参書類を確認しました",
    "confirm_identity": "本人であることを確認しました",
    "record_pin_set": "本人が暗証番号を設定したことを確認しました",
    "carry_out": "手続を行いました",
    "print_on_card": "券面に印字しました",
    "record_receipt": "受領を確認しました",
    "pass_check": "照合しました（誤りなし）",
    "fail_check": "照合して差し戻しました",
    "decide_party": "どちらが行うかを決めました",
    "change_receiver": "来た人の区分を変えました",
    "end_procedure": "手続を取りやめました",
    **incident_words.EVENTS,
    **application_words.EVENTS,
    "register_documents": "書類を市職員へ引き渡しました",
    "acknowledge_documents": "書類を受領しました",
    "suspend_deadline": "期限を停止しました",
    "resume_deadline": "期限を再開しました",
    "extend_deadline": "期限を延長しました",
    "operating_day_closed": "業務日が終わりました",
    "send_list": "予約受付一覧の送付を指示しました",
    "make_list_file": "予約受付一覧のファイルを作りました",
    "record_list_delivery": "予約受付一覧を市へ渡したことを記録しました",
    "list_sent": "予約受付一覧を市へ送りました",
    "list_not_sent": "予約受付一覧を送れませんでした",
    "reservation_held": "席を仮に押さえました",
    "reservation_taken": "予約の申込みを受けました",
    "reservation_confirmed": "予約を確定しました",
    "reservation_changed": "予約の日時を変更しました",
    "reservation_cancelled": "予約を取り消しました",
    "reservation_displaced": "休止のため予約の日時がなくなりました",
    "hold_lapsed": "仮予約の時間が過ぎました",
    "places_returned": "空いた席を予約できるように戻しました",
    "cancel_reservation": "予約を取り消しました",
    "record_guidance": "持ち物などを案内しました",
    "record_external_entry": "市のシステムへの入力を記録しました",
    **defect_words.EVENT_TEXT,
    "entry_requested": "市のシステムへの入力の依頼を受けました",
    "withdraw_entry": "入力の依頼を取りやめました",
    "check_entry": "入力された内容を確認しました",
    "send_back_entry": "誤りがあるので入力に戻しました",
    "inquiry_received": "問合せを受けました",
    "close_inquiry": "問合せへの対応を記録しました",
    "window_closes": "窓口が休止になることを知らせました",
    "window_stays_open": "窓口の休止が取り消されました",
    "wrap_up_visit": "休止のため、対応を切り上げました",
    "venue_named": "開設場所の候補を登録しました",
    "propose_venue": "開設場所を市に提案しました",
    "agree_venue": "開設場所について市と合意しました",
    "prepare_venue": "開設の準備を始めました",
    "open_venue": "開設しました",
    "close_venue": "開設を終えました",
    "withdraw_venue": "開設を取りやめました",
    "record_arrival": "来場を記録しました",
    "record_no_show": "来場がなかったことを記録しました",
    "no_show": "来場がありませんでした",
    "message_sent": "お知らせを送りました",
    "obligation_opened": "契約の約束を管理し始めました",
    "save_version": "版を保存しました",
    "submit_version": "市へ提出しました",
    "approve_version": "市が承認しました",
    "return_version": "市が差し戻しました",
    "record_evidence": "できたことを記録しました",
    "agree_day": "起点の日を入力しました",
    "end_obligation": "終えました",
    "message_failed": "お知らせを送れませんでした",
}

BATCH_TEXT: Final[Mapping[str, str]] = {
    "record_pre_issue_setup": "交付前設定の記録",
    "make_notice": "交付通知書の作成",
    "seal": "封緘の記録",
    "update_destination": "送付先情報の更新の記録",
    "prepare_dispatch": "発送準備の記録",
    "hand_over": "市職員への引渡し",
    "acknowledge_receipt": "受領の記録",
    "refuse_receipt": "差し戻しの記録",
}
"""What is being done with many cards at once."""

DOCUMENT_TEXT: Final[Mapping[str, str]] = {
    "issue_notice": "交付通知書",
    "notices_to_print": "印刷用の交付通知書（全部）",
    "notices_part": "印刷用の交付通知書（一部）",
    "notice_list": "交付通知書引継表",
    "dispatch_list": "発送一覧",
    "document_slip": "書類引渡し票",
    "reservation_list": "予約受付一覧（暗号化したファイル）",
    "application_photo": "申請の写真（申請すると消えます）",
}

LEVEL_TEXT: Final = handoff.LEVEL_TEXT
INCIDENT_TEXT: Final = incident_words.KINDS
PAPER_TEXT: Final = bundle.PAPER_TEXT
BUNDLE_TEXT: Final = bundle.STAGE_TEXT
NATURE_TEXT: Final = terms.NATURE_TEXT
COUNTS_TEXT: Final = terms.COUNTS_TEXT
VERSION_TEXT: Final = obligation.VERSION_TEXT

LIST_TEXT: Final[Mapping[str, str]] = {
    "issue_list": "交付一覧表",
    "resident": "住民登録",
    "card_face": "券面",
}

ITEM_TEXT: Final[Mapping[ItemKind, str]] = {
    ItemKind.CARD: "カード",
    ItemKind.NOTICE: "交付通知書",
    ItemKind.DOCUMENTS: "書類",
    ItemKind.RETURNED_MAIL: "返戻物",
}

BREAK_TEXT: Final[Mapping[str, str]] = {
    "missing": "行が抜けています",
    "unlinked": "前の行とつながっていません",
    "changed": "内容が変えられています",
    "cut": "終わりの行が失われています",
    "archive_changed": "保管した履歴が変えられています",
    "case_missing": "記録だけがあり、案件がありません",
    "numbers_missing": "案件番号が抜けています",
}
"""What an auditor reads where the record does not hold."""

OUTCOME_TEXT: Final[Mapping[str, str]] = {
    "acknowledge_receipt": "受領",
    "refuse_receipt": "差し戻し",
    "void": "無効",
    "completed": "完了",
    "withdrawn": "取りやめ",
}

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
    "to": "知らせた先",
    "total": "合計",
    "trouble": "理由",
    "unreadable": "読めない行",
    "version": "案内の版",
    "guide": "案内画面の版",
    "until": "新しい期限",
    "warned": "注意を伝えた",
    "why": "返戻の理由",
    **incident_words.LABELS,
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
_CODES: Final[tuple[Mapping[Any, str], ...]] = (
    DECISION_TEXT,
    MATCH_TEXT,
    ROUTE_TEXT,
    BATCH_TEXT,
    _MAIL,
    OUTCOME_TEXT,
    city_words.WHAT_TEXT,
    *defect_words.CODES,
    returned_mail.REASON_TEXT,
    list_sending.MEANS_TEXT,
    list_sending.TROUBLE_TEXT,
    visit.RESULT_TEXT,
    *procedure_words.CODES,
    *application_words.CODES,
    external_entry.KIND_TEXT,
    *incident_words.CODES,
    inquiry.CATEGORY_TEXT,
    inquiry.OUTCOME_TEXT,
    inquiry.CHANNEL_TEXT,
    inquiry.NATURE_TEXT,
    inquiry.TRANSFER_TEXT,
    eligibility.OUTCOME_TEXT,
    {str(each): each.ja for each in BookingChannel},
    reservation_clock.MESSAGE_TEXT,
    reservation_parts.MEANS_TEXT,
    ROLE_TEXT,
)


def event_words(action: str, kind: CaseKind, detail: Mapping[str, Any]) -> str:
    """Return what happened as one short sentence."""
    if kind is CaseKind.LOT and "batch" in detail:
        if action == "batch_finished":
            return f"{BATCH_TEXT.get(detail['step'], action)}が終わりました"
        return f"{BATCH_TEXT.get(action, action)}を始めました"
    if action == "offer_handoff" and kind is CaseKind.HANDOFF:
        return "引継ぎを申し出ました"
    if action == "escalate" and kind is CaseKind.HANDOFF:
        return "業務責任者への引継ぎを申し出ました"
    if action == "take_back" and kind is CaseKind.LOT:
        return "引き渡した書類を取り戻しました"
    return EVENT_TEXT.get(action, action)


def detail_words(detail: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what stands beside an event as label and words; ids and codes stay away."""
    found = []
    for name, value in detail.items():
        if name in MATCH_TEXT:
            found.append((MATCH_TEXT[MatchResult(name)], f"{value}件"))
            continue
        if name in PAPER_TEXT:
            found.append((PAPER_TEXT[PaperKind(name)], f"{value}枚"))
            continue
        quiet = value is None or value == "" or (name in _SILENT_ZERO and not value)
        if name in _LABELS and not quiet:
            found.append((_LABELS[name], _value_words(name, value)))
    return found


def who_words(role: str | None) -> tuple[str, str]:
    """Return the mark of the side and the role of who acted; a timer acts as 自動."""
    if role is None:
        return "自動", ""
    known = Role(role)
    return PARTY_TEXT[known.party], ROLE_TEXT[known]


def result_words(result: str) -> str:
    """Return what a match found, in words."""
    return MATCH_TEXT[MatchResult(result)]


def route_words(route: str | None) -> str:
    """Return the way a card leaves; undecided ones say so."""
    return {str(r): text for r, text in ROUTE_TEXT.items()}.get(route or "", "未定")


def holder_words(holder: Any) -> str:
    """Return where a thing is."""
    return HOLDER_TEXT[holder]


def _value_words(name: str, value: Any) -> str:
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
    codes = next((codes for codes in _CODES if value in codes), {})
    return str(codes.get(value, procedure_words.documents(name, str(value))))
