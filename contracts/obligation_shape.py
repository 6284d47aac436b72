"""The shape of what a contract file promises by a date.

Here: the keys of a row. Not here: the other sections (``contracts/profile_shape.py``), what
a row takes over from the document of the same name (``contracts/build_obligations.py``).
"""

from contracts.shape import Table, flag, text, texts
from domain.obligations.terms import Counts, Nature

OBLIGATION = Table(
    entries={
        "code": text(required=True, settled=True),
        "label": text("何の約束か"),
        "nature": text("種類", choices=tuple(Nature)),
        "due": text("期限の名前"),
        "counts": text("期限までにすること", choices=tuple(Counts)),
        "approval": flag("市の承認が要るか"),
        "sections": texts("必要な項目"),
        "provisional": flag("暫定版でも期限を守ったことになるか"),
        "conflict": text("条項の食い違いと読み方"),
        "publishes": flag("市の確認の後に公開するものか"),
        "hours_of": text("開いている日と時間を伝える暦"),
        "holds": texts("済むまで始めない受付方法"),
        "articles": flag("共有のFAQ・マニュアルの記事を版にまとめる書類か"),
    }
)
