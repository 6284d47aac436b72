"""The Japanese words for everything that stands in the record of a case.

One table for every page: what happened, and what the codes beside it mean. Words that
belong to a rule (stages, routes, roles) stand with the rule in ``domain``.
"""

from collections.abc import Mapping
from typing import Any, Final

from api.pages import city_words, defect_words, handoff_words, incident_words
from api.pages.counter import application_words
from api.pages.queue import queue_words
from domain import handoff
from domain.case import CaseKind
from domain.lots import bundle
from domain.lots.card import ROUTE_TEXT
from domain.lots.custody import HOLDER_TEXT, ItemKind
from domain.lots.matching import MATCH_TEXT, MatchResult
from domain.obligations import obligation, terms
from domain.parties import PARTY_TEXT, ROLE_TEXT, Role

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
    **queue_words.EVENT_TEXT,
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
    "report_corrected": "日次報告の新しい版を始めました",
    "send_list": "日次報告の送付を指示しました",
    "make_list_file": "日次報告のファイルを作りました",
    "record_list_delivery": "日次報告を市へ渡したことを記録しました",
    "list_sent": "日次報告を市へ送りました",
    "list_not_sent": "日次報告を送れませんでした",
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
    "note_taken_back": "押し間違いの記録を取り消しました（件数に入りません）",
    "inquiry_received": "問合せを受けました",
    "close_inquiry": "問合せへの対応を記録しました",
    "window_closes": "窓口が休止になることを知らせました",
    "window_stays_open": "窓口の休止が取り消されました",
    "take_charge": "担当を代わりました",
    "wrap_up_visit": "休止のため、対応を切り上げました",
    "venue_named": "開設場所の候補を登録しました",
    "propose_venue": "開設場所を市に提案しました",
    "agree_venue": "開設場所について市と合意しました",
    "prepare_venue": "開設の準備を始めました",
    "open_venue": "開設しました",
    "close_venue": "開設を終えました",
    "withdraw_venue": "開設を取りやめました",
    "arrange_day": "その日の体制を決めました",
    "start_day": "開設の点検を記録して始めました",
    "end_day": "その日を終えました",
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
    "published": "公開したことを記録しました",
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
    published = action == "record_evidence" and detail.get("stage") == "published"
    return EVENT_TEXT.get("published" if published else action, action)


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
