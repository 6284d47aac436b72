"""The shape of what a contract file says of people who have to be there.

Here: the keys of a row. Not here: what they refer to (``contracts/build_roster.py``), what
follows from them (``domain/roster``).
"""

from contracts.shape import Table, flag, integer, text, texts

ROSTER = Table(
    entries={
        "id": text(required=True, settled=True),
        "label": text("役割", required=True, settled=True),
        "calendars": texts("当番の要る日の暦"),
        "venue_calendar": text("会場ごとに当番が要るときの、会場の暦"),
        "each_place": flag("場所ごとに一人か"),
        "apart_from": texts("別の人を置く役割"),
        "telephone": flag("市から電話で連絡できるか"),
        "seen_days": integer("空きを欠員とする日数", required=True, settled=True, least=0),
        "due": text("空きを埋める期限の名前"),
    }
)
