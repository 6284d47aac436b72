"""The Japanese words for hand-offs over two levels and calls that are put through.

One table for ``api.pages.words``, which every page asks.
"""

from collections.abc import Mapping
from typing import Final

EVENT_TEXT: Final[Mapping[str, str]] = {
    "escalate": "業務責任者へ引き継ぎました",
    "take_on": "業務責任者として受け付けました",
    "settle": "解決しました",
    "give_back": "担当者に戻しました",
    "pass_on": "市職員へ引き継ぎました",
    "transfer_call": "電話を市へ転送しました",
}
