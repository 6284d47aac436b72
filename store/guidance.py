"""What people are told before they come: versioned texts, per place and language.

A text is never changed: a new version follows it, and the proof that somebody was told
names the version (CHIBA-28).
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, literal, select

from store.tables.base import METADATA

_GUIDANCE = METADATA.tables["guidance"]
_EVERYWHERE = ""
_FALLBACK = "ja"


@dataclass(frozen=True, slots=True, kw_only=True)
class Guidance:
    """One version of a text."""

    site: str
    """Empty: for every place that has none of its own."""

    language: str
    number: int
    text: str
    written_by: str
    written_at: datetime

    @property
    def version(self) -> str:
        """The name by which proofs refer to it: ``chuo/ja/3``."""
        return f"{self.site or '-'}/{self.language}/{self.number}"


def write(
    connection: Connection,
    municipality: str,
    contract: str,
    *,
    site: str,
    language: str,
    text: str,
    by: str,
    at: datetime,
) -> int:
    """Add the next version of a text; return its number."""
    columns = ("municipality", "contract", "site", "language")
    values = (municipality, contract, site, language)
    same = [_GUIDANCE.c[name] == value for name, value in zip(columns, values, strict=True)]
    # Two writers at once take turns; if they did not, the key would refuse the second.
    turn = "/".join(("guidance", *values))
    connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(turn, 0))))
    successor = select(
        *(literal(value) for value in values),
        func.coalesce(func.max(_GUIDANCE.c.version), 0) + 1,
        literal(text),
        literal(by),
        literal(at),
    ).where(*same)
    names = [*columns, "version", "text", "written_by", "written_at"]
    written = insert(_GUIDANCE).from_select(names, successor).returning(_GUIDANCE.c.version)
    number: int = connection.execute(written).scalar_one()
    return number


def current(
    connection: Connection, municipality: str, contract: str, *, site: str, language: str
) -> Guidance | None:
    """Return the newest text for a place; ``None`` if nobody has written any.

    A place's own text is better than the one for all; a text in the language is better than
    the Japanese one.
    """
    columns = [
        _GUIDANCE.c[name] for name in ("site", "language", "text", "written_by", "written_at")
    ]
    row = connection.execute(
        select(*columns, _GUIDANCE.c.version.label("number"))
        .where(
            _GUIDANCE.c.municipality == municipality,
            _GUIDANCE.c.contract == contract,
            _GUIDANCE.c.site.in_([site, _EVERYWHERE]),
            _GUIDANCE.c.language.in_([language, _FALLBACK]),
        )
        .order_by(
            (_GUIDANCE.c.site == site).desc(),
            (_GUIDANCE.c.language == language).desc(),
            _GUIDANCE.c.version.desc(),
        )
        .limit(1)
    ).one_or_none()
    return Guidance(**row._mapping) if row is not None else None


def versions(
    connection: Connection, municipality: str, contract: str, *, limit: int = 200
) -> list[Guidance]:
    """Return what was ever written, place by place and language by language, newest first."""
    columns = [
        _GUIDANCE.c[name] for name in ("site", "language", "text", "written_by", "written_at")
    ]
    rows = connection.execute(
        select(*columns, _GUIDANCE.c.version.label("number"))
        .where(_GUIDANCE.c.municipality == municipality, _GUIDANCE.c.contract == contract)
        .order_by(_GUIDANCE.c.site, _GUIDANCE.c.language, _GUIDANCE.c.version.desc())
        .limit(limit)
    )
    return [Guidance(**row._mapping) for row in rows]


def is_current(
    connection: Connection, municipality: str, contract: str, *, site: str, version: str
) -> bool:
    """Tell whether a version is what people who go to ``site`` are told now."""
    parts = version.rsplit("/", 2)
    if len(parts) != 3:  # site, language, number
        return False
    found = current(connection, municipality, contract, site=site, language=parts[1])
    return found is not None and found.version == version
