"""The words for what the record of an application says: what happened, and its codes.

Part of the table in ``api.pages.words``; words of rules stand with the rules.
"""

from collections.abc import Mapping
from typing import Any, Final

from domain.applications import application_parts, defect_kinds
from domain.photos import photo_rules, photo_words
from domain.procedures import consent

EVENTS: Final[Mapping[str, str]] = {
    "record_consent": "同意の確認を記録しました",
    "add_application": "申請を加えました",
    "application_begun": "申請を始めました",
    "read_form_id": "申請書IDを確認しました",
    "accept_photo": "写真を受け付けました",
    "print_photo": "貼る写真の紙面を印刷しました",
    "paste_photo": "申請書に写真を貼ったことを確認しました",
    "photo_deleted": "写真を消しました（その日のうちに申請がなかったため）",
    "record_submission": "申請を送信したことを記録しました",
    "receive_form": "記入済みの申請書を受け付けました",
    "hand_to_resident": "申請書を本人へ渡しました",
    "report_defect": "申請不備を記録しました",
    "defect_settled": "申請不備の対応が終わりました",
    "record_card_arrival": "カードが届きました",
    "withdraw_application": "申請を取りやめました",
    "take_over_application": "市が引き取りました",
}

LABELS: Final[Mapping[str, str]] = {
    "consenter": "答えた人",
    "answer": "答え",
    "versions": "文書と版",
    "variant": "申請の方法",
    "applied_for": "新規・更新",
    "form_id_read": "申請書ID（23桁）を確認",
    "form_id_kept": "申請書IDを保存",
    "verdict": "機械の見立て",
    "exemption": "配慮の理由",
    "reported": "その伝え方",
    "looked": "目視確認",
    "overruled": "現地管理者の判断で受け付け",
    "receipt": "受付番号",
    "defect": "不備の内容",
    "settlement": "対応の結果",
}

CODES: Final[tuple[Mapping[Any, str], ...]] = (
    consent.CONSENTER_TEXT,
    consent.CONSENT_TEXT,
    consent.CONSENT_MEANS_TEXT,
    application_parts.VARIANT_TEXT,
    application_parts.APPLIED_FOR_TEXT,
    application_parts.SETTLEMENT_TEXT,
    defect_kinds.DEFECT_TEXT,
    photo_rules.EXEMPTION_TEXT,
    photo_rules.REPORT_TEXT,
    photo_words.VERDICT_TEXT,
)
