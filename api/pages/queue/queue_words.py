"""The Japanese words for what stands in the records of numbers.

One table for ``api.pages.words``, which every page asks.
"""

from collections.abc import Mapping
from typing import Final

EVENT_TEXT: Final[Mapping[str, str]] = {
    "ticket_issued": "受付番号を出しました",
    "call_next": "呼び出しました",
    "recall_ticket": "もう一度呼び出しました",
    "serve_ticket": "対応を始めました",
    "end_ticket": "番号を終えました",
    "move_ticket": "列を移しました",
    "prefer_ticket": "優先して呼ぶことにしました",
    "line_closed": "受付を終えたため、番号を終えました",
    "day_ended": "日が変わったため、番号を終えました",
    "visit_ended": "来庁の対応が終わりました",
}

LABELS: Final[Mapping[str, str]] = {
    "called_to": "呼び出した窓口",
    "ticket": "番号",
}
