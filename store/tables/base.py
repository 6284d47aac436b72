"""What every table has in common: names of constraints, and the kinds of columns.

Import this module before declaring a table: the naming convention has to be in place
when the first constraint is made. Tables themselves do not belong here.
"""

from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Identity, LargeBinary, Text
from sqlmodel import Field, SQLModel

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

SQLModel.metadata.naming_convention = NAMING_CONVENTION
METADATA = SQLModel.metadata


def municipality() -> Any:
    """Return the tenant column: first part of the key, so that every index leads with it."""
    return Field(primary_key=True, sa_type=Text)


def key() -> Any:
    """Return a text column that is part of the primary key."""
    return Field(primary_key=True, sa_type=Text)


def serial() -> Any:
    """Return a number that the database gives out, as part of the primary key."""
    given = [Identity(always=True)]
    return Field(default=None, primary_key=True, sa_type=BigInteger, sa_column_args=given)


def words(*, unique: bool = False) -> Any:
    """Return a required text column without a length that someone would have to guess."""
    return Field(sa_type=Text, unique=unique)


def words_or_none() -> Any:
    """Return an optional text column."""
    return Field(default=None, sa_type=Text)


def count_or_none() -> Any:
    """Return an optional whole number that may outgrow 32 bits."""
    return Field(default=None, sa_type=BigInteger)


def moment() -> Any:
    """Return a required instant; PostgreSQL keeps it in UTC, readers get an aware value."""
    return Field(sa_type=DateTime(timezone=True))


def key_moment() -> Any:
    """Return a required instant that is part of the primary key."""
    return Field(primary_key=True, sa_type=DateTime(timezone=True))


def moment_or_none() -> Any:
    """Return an optional instant."""
    return Field(default=None, sa_type=DateTime(timezone=True))


def sealed(*, unique: bool = False) -> Any:
    """Return a required column of bytes: a hash or something encrypted."""
    return Field(sa_type=LargeBinary, unique=unique)


def sealed_or_none() -> Any:
    """Return an optional column of bytes."""
    return Field(default=None, sa_type=LargeBinary)


def one_of(column: str, allowed: type[StrEnum]) -> CheckConstraint:
    """Return a constraint that ``column`` holds a member of a closed set.

    A plain CHECK on text: adding a member replaces one constraint, and what PostgreSQL
    prints for it can be compared with what was reviewed.
    """
    members = ", ".join(f"'{member.value}'" for member in allowed)
    return CheckConstraint(f"{column} IN ({members})", name=f"{column}_known")
