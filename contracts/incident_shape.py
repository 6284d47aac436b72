"""The shape of what a contract file says of its things and of incidents.

Here: their keys. Not here: the rest of a file (``contracts/profile_shape.py``), what the keys
refer to (``contracts/build_incidents.py``).
"""

from contracts.shape import Table, flag, text
from domain.incidents.kinds import IncidentKind
from domain.roles import Party

EQUIPMENT = Table(
    entries={
        "id": text(required=True, settled=True),
        "label": text("呼び名", required=True, settled=True),
        "channel": text("受付方法", required=True, settled=True),
        "owner": text("持ち主", choices=tuple(str(party) for party in Party)),
    }
)

INCIDENT = Table(
    entries={
        "kind": text(
            "種類",
            choices=tuple(str(kind) for kind in IncidentKind),
            required=True,
            settled=True,
        ),
        "due": text("最初の期限の名前"),
        "settle_due": text("処理の期限の名前"),
        "written_if_serious": flag("重大なとき書面の報告と再発防止策が要るか"),
    }
)
