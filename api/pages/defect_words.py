"""The Japanese words for what stands in the record of an application that came back.

Here: what happened and what its codes mean. Not here: labels, which all kinds of cases share
(``api.pages.words``).
"""

from collections.abc import Mapping
from typing import Any, Final

from domain.calls import contact

EVENT_TEXT: Final[Mapping[str, str]] = {
    "defect_reported": "申請の不備を受け付けました",
    "link_retake": "撮り直しの予約をつなぎました",
    "record_resubmission": "再申請を記録しました",
    "record_giving_up": "本人の取りやめを記録しました",
    "letter_unanswered": "手紙の返事がありませんでした",
    "retake_came": "撮り直しに来場しました",
    "retake_missed": "撮り直しの来場がありませんでした",
    "retake_moved": "撮り直しの日時が変わりました",
}
CODES: Final[tuple[Mapping[Any, str], ...]] = (
    contact.OUTCOME_TEXT,
    contact.MEANS_TEXT,
)
