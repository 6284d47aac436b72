"""Every table of the product; importing this package completes ``METADATA``.

One module per subject. Constraints live in the tables because they must hold for every
writer; row-level security and grants are given by the migrations
(``migrations.protection``), since a model cannot express them.
"""

from store.tables import (
    access,
    base,
    bookings,
    cases,
    displays,
    figures,
    knowledge,
    messages,
    people,
    queue,
    record,
    roster,
)
from store.tables.base import METADATA

__all__ = [
    "METADATA",
    "access",
    "base",
    "bookings",
    "cases",
    "displays",
    "figures",
    "knowledge",
    "messages",
    "people",
    "queue",
    "record",
    "roster",
]
