"""How long a finished case is kept, where the contract says so, and never without that.

Belongs here: the rule as a value, the day until which it holds, why something stays. Does not
belong here: which cases there are (``store.retention``), making them unreadable
(``store.shredding``).
"""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from domain.access.access_errors import RetentionUnset
from domain.contract import Contract

_MARCH: Final = 3
_MONTHS: Final = 12


class CountedFrom(StrEnum):
    """The day after which a retention is counted."""

    CASE_CLOSED = "case_closed"
    FISCAL_YEAR_END = "fiscal_year_end"
    """The 31st of March that follows the end of the case, as offices count."""
    TERM_END = "term_end"


COUNTED_FROM_TEXT: Mapping[CountedFrom, str] = {
    CountedFrom.CASE_CLOSED: "案件が終わった日",
    CountedFrom.FISCAL_YEAR_END: "案件が終わった年度の末日",
    CountedFrom.TERM_END: "契約期間の末日",
}


class Kept(StrEnum):
    """Why something on an approved list was not disposed of after all."""

    HELD = "held"
    OPEN = "open"
    NOT_DUE = "not_due"


KEPT_TEXT: Mapping[Kept, str] = {
    Kept.HELD: "保全中",
    Kept.OPEN: "つながる案件が処理中",
    Kept.NOT_DUE: "保存期間が変わった",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How long, counted from when."""

    months: int
    counted_from: CountedFrom

    def keeps_until(self, closed_on: date, term_end: date) -> date:
        """Return the last day on which a case that ended on a day is kept.

        A case that ended after the term is counted from its own end.
        """
        begins = closed_on
        if self.counted_from is CountedFrom.FISCAL_YEAR_END:
            begins = date(closed_on.year + (closed_on.month > _MARCH), _MARCH, 31)
        elif self.counted_from is CountedFrom.TERM_END:
            begins = max(term_end, closed_on)
        return _months_later(begins, self.months)

    def is_over(self, closed_on: date, term_end: date, today: date) -> bool:
        """Say whether a case that ended on a day may be disposed of."""
        return today > self.keeps_until(closed_on, term_end)


def retention_of(contract: Contract) -> Retention:
    """Return what the contract says of retention.

    No specification states a period; an invented one would be unlawful either way.

    Raises:
        RetentionUnset: It says nothing, or half of it.
    """
    months, counted = (
        contract.fact(f"legal.{each}") for each in ("retention", "retention_from")
    )
    if not isinstance(months.value, int) or not isinstance(counted.value, str):
        missing = months if months.unset else counted
        source = "、".join(each for each in (missing.clause, missing.question) if each)
        raise RetentionUnset(
            f"{contract.municipality}の契約に「{missing.label or '保存期間の数え方'}」の"
            f"定めがありません{f'（{source}）' if source else ''}。何も廃棄しません。"
        )
    return Retention(months=months.value, counted_from=CountedFrom(counted.value))


def _months_later(day: date, months: int) -> date:
    """Return the same day so many months later; the last of the month where there is none."""
    years, month = divmod(day.month - 1 + months, _MONTHS)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
