"""The words for what the record of an incident says: what happened, and its codes.

Part of the table in ``api.pages.words``; words of rules stand with the rules.
"""

from collections.abc import Mapping
from typing import Any, Final

from domain.incidents import kinds

KINDS: Final = kinds.KIND_TEXT

WAY_TEXT: Final[Mapping[kinds.Stage, str]] = {
    kinds.Stage.FAULTY: "故障の報告",
    kinds.Stage.OUT_OF_SERVICE: "使用中止",
    kinds.Stage.SUBSTITUTED: "代わりの機器",
    kinds.Stage.BACK_IN_SERVICE: "復旧",
    kinds.Stage.NOT_REPORTED: "受付",
    kinds.Stage.REPORTED: "市へ報告",
    kinds.Stage.SETTLED: "対応",
    kinds.Stage.VACANT: "欠員",
    kinds.Stage.FILLED: "補充",
    kinds.Stage.TO_CONSULT: "協議の申し出",
    kinds.Stage.CONSULTED: "協議",
    kinds.Stage.TO_REVISE: "変更の通知",
    kinds.Stage.REVISED: "マニュアルの改訂",
    kinds.Stage.ASKED: "質問",
    kinds.Stage.CITY_ANSWERED: "市の回答",
    kinds.Stage.IN_FAQ: "FAQへの反映",
}
"""What has been done at each stage of the way."""

EVENTS: Final[Mapping[str, str]] = {
    "incident_reported": "事案の報告を受けました",
    "consultation_needed": "市との協議を始めました",
    "consultation_begun": "市との協議が必要になりました",
    "take_out_of_service": "使用を中止しました",
    "assign_substitute": "代わりの機器を登録しました",
    "return_to_service": "使用を再開しました",
    "report_to_city": "市へ報告しました",
    "submit_written_report": "書面で報告し、再発防止策を記録しました",
    "settle_incident": "対応を終えました",
    "mark_serious": "重大な事案として扱うことにしました",
    "fill_vacancy": "欠員を補充しました",
    "record_consultation": "市と協議しました",
    "link_revision": "改訂したマニュアルを登録しました",
    "withdraw_incident": "事案を取りやめました",
    "answer_question": "市が質問に回答しました",
    "adopt_answer": "回答をFAQに反映しました",
    "keep_answer": "回答をFAQに載せずに終えました",
}

LABELS: Final[Mapping[str, str]] = {
    "article": "FAQの記事",
    "cause": "きっかけ",
    "document": "書面",
    "for_city": "市へ引き継ぐ内容",
    "incident": "種類",
    "link": "保管場所",
    "meeting": "会議の番号",
    "revision": "改訂した版",
    "serious": "重大",
    "substitute": "代わりの機器",
    "thing": "対象",
}

CODES: Final[tuple[Mapping[Any, str], ...]] = (
    kinds.KIND_TEXT,
    kinds.MEANS_TEXT,
    kinds.OUTCOME_TEXT,
    {"serious": "重大な事案", "yes": "はい", "no": "いいえ"},
)
