"""Runs the migrations on the connection that ``ops.migrate`` hands over.

Nothing here opens a connection or reads the environment, so a migration can never reach
a database that nobody named.
"""

from alembic import context
from sqlalchemy import Connection

from migrations.env_rules import compared
from store.tables import METADATA

connection = context.config.attributes.get("connection")
if not isinstance(connection, Connection):
    raise SystemExit("Run migrations with: python -m ops.migrate")

context.configure(
    connection=connection,
    target_metadata=METADATA,
    transaction_per_migration=True,
    include_object=compared,
    compare_server_default=True,
)
with context.begin_transaction():
    context.run_migrations()
