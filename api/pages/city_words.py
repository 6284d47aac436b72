"""The Japanese words for what stands in the records of the city.

One table for ``api.pages.words``, which every page asks.
"""

from collections.abc import Mapping
from typing import Final

from domain.citywork.city_record import WHAT_TEXT as KINDS

WHAT_TEXT: Final[Mapping[str, str]] = {str(what): text for what, text in KINDS.items()}

EVENT_TEXT: Final[Mapping[str, str]] = {
    "report_fee_due": "手数料があることを市へ知らせました",
    "record_payment": "収納しました",
    "open_register": "レジ締めを始めました",
    "close_register": "レジを締めました",
    "submit_documents": "書類を市へ出しました",
    "count_documents": "書類を確認し、数えました",
    "approve_documents": "決裁しました",
    "send_back_documents": "書類を委託先へ差し戻しました",
    "resubmit_documents": "書類を直して出し直しました",
    "send_letter": "文書で照会しました",
    "record_reply": "回答を受け取りました",
    "bring_cards": "カードを委託先へ渡しました",
    "receive_cards": "交付のためカードを受け取りました",
    "return_cards": "残りのカードを市へ返しました",
    "account_cards": "カードの全数を確認しました",
    "void_record": "誤って作った記録を取り消しました",
}

LABELS: Final[Mapping[str, str]] = {
    "about": "内容",
    "amount_jpy": "金額",
    "delivered": "交付した枚数",
    "missing": "所在不明の枚数",
    "replied_on": "回答を受け取った日",
    "what": "種類",
}
