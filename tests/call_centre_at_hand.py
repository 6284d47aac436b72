"""A call centre whose place the city has approved, with the network that tests come from."""

from datetime import UTC, datetime

from sqlalchemy import Engine

from store import call_centre_places, networks
from store.scope import scope

AT = datetime(2026, 4, 1, tzinfo=UTC)
HERE = "127.0.0.1"


def approve(engine: Engine, city: str, *, network: str = f"{HERE}/32") -> int:
    """Let the agents of a city in from a network; return its number."""
    with scope(engine, city) as connection:
        place = call_centre_places.propose(
            connection,
            city,
            city,
            name="センター",
            address="埼玉県さいたま市大宮区1-1",
            country="JP",
            by="system",
            at=AT,
        )
        call_centre_places.approve(
            connection, city, city, place, by="system", at=AT, document="承認書 第1号"
        )
        return networks.register(
            connection, city, city, place, network=network, label="席", by="system", at=AT
        )
