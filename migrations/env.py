"""Runs the migrations on the connection that ``ops.migrate`` hands over.

Nothing here opens a connection or reads the environment, so a migration can never reach
a database that nobody named.
"""

import re

from alembic import context
from sqlalchemy import Connection
from sqlalchemy.sql.schema import SchemaItem

from store.tables import METADATA

_PARTITION = re.compile(r"_(p?\d{4}_?\d{2}|default)$")


def _compared(
    item: SchemaItem, name: str | None, kind: str, reflected: bool, _: SchemaItem | None
) -> bool:
    """Leave partitions out of comparisons: they come and go by month."""
    return not (kind == "table" and reflected and name and _PARTITION.search(name))


connection = context.config.attributes.get("connection")
if not isinstance(connection, Connection):
    raise SystemExit("Run migrations with: python -m ops.migrate")

context.configure(
    connection=connection,
    target_metadata=METADATA,
    transaction_per_migration=True,
    include_object=_compared,
    compare_server_default=True,
)
with context.begin_transaction():
    context.run_migrations()
