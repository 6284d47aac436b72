"""What alembic compares; shared by ``env.py`` and the test for drift."""

import re

from sqlalchemy.sql.schema import SchemaItem

_PARTITION = re.compile(r"_(p?\d{4}_?\d{2}|default)$")


def compared(
    item: SchemaItem, name: str | None, kind: str, reflected: bool, _: SchemaItem | None
) -> bool:
    """Leave partitions out of comparisons: they come and go by month."""
    return not (kind == "table" and reflected and name and _PARTITION.search(name))
