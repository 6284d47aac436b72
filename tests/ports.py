"""Who implements the ports of workflows, and who stands in for them.

Belongs here: the two lists. Does not belong here: the stand-ins (``tests.fakes``), what both
have to keep (``tests.test_architecture``, ``tests/workflows/test_ports.py``).
"""

from activities.card_lots import TemporalLots
from activities.defects import PlannedDefects
from activities.list_sending import CityLists
from activities.messages_sending import OutgoingMessages
from activities.notices import PrintedNotices
from activities.photos import VaultPhotos
from activities.records import PostgresRecord
from tests import fakes

REAL = (
    PostgresRecord,
    TemporalLots,
    PrintedNotices,
    OutgoingMessages,
    CityLists,
    VaultPhotos,
    PlannedDefects,
)
SCRIPTED = (
    fakes.InMemoryRecord,
    fakes.ScriptedLots,
    fakes.ScriptedNotices,
    fakes.ScriptedMessages,
    fakes.ScriptedLists,
    fakes.ScriptedPhotos,
    fakes.ScriptedDefects,
)
"""Who implements the ports of workflows, and who stands in for them."""
