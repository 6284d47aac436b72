"""The shape of what a contract file says of waiting lines.

Here: their keys. Not here: the rest of a file (``contracts/profile_shape.py``), what the keys
refer to (``contracts/build_queue.py``).
"""

from contracts.shape import Rows, Table, flag, integer, text, texts
from domain.queue.queue_rules import Numbering

_LINE = Table(
    entries={
        "id": text(required=True, settled=True),
        "label": text("呼び名", required=True, settled=True),
        "letter": text("番号の頭の文字"),
        "channel": text("受付方法", required=True, settled=True),
        "numbering": text("番号の付け方", choices=tuple(Numbering)),
    }
)

_DESK = Table(
    entries={
        "id": text(required=True, settled=True),
        "label": text("呼び名", required=True, settled=True),
        "lines": texts("呼び出す列", required=True, settled=True),
    }
)

QUEUE = Table(
    label="待ち行列",
    entries={
        "residents_first": flag("市に住民登録のある方を先にするか"),
        "lines_apart": flag("一つの窓口が二つの列を扱わないか"),
        "calls_before_absent": integer(
            "不在とするまでの呼出し（回）", required=True, settled=True, least=1, most=10
        ),
        "lines": Rows(row=_LINE, label="列", required=True),
        "desks": Rows(row=_DESK, label="窓口", required=True),
    },
)
