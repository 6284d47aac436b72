"""What can be chosen at all windows of a contract: procedures and subjects of questions.

One list for booth, desk, counter and telephone, so that everything is counted alike. An
entry is switched on or off from a day on, by an agreement with the city; what was begun
before goes on, and what happened is not touched.

Belongs here: what may be chosen on a day, and which group a case belongs to. Does not belong
here: rows of procedures (``domain.contract_parts``), the words of subjects
(``domain.calls.inquiry``), who may switch (``domain.parties``).

Sources: Ageo specification §5(1)③(イ), §5(3)③; Urasoe §1, §2; Ota §6(1)④.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.booking.booking_errors import FieldFault, FormRefused
from domain.calendars.day_rules import day_ja
from domain.calls.inquiry import CATEGORY_TEXT
from domain.contract import Contract
from domain.contract_parts import Procedure
from domain.errors import FieldMissing
from domain.procedures.procedure_errors import NotOffered
from domain.procedures.procedure_parts import Group


class OfferKind(StrEnum):
    """What an entry is."""

    PROCEDURE = "procedure"
    CATEGORY = "category"


OFFER_KIND_TEXT = {OfferKind.PROCEDURE: "手続", OfferKind.CATEGORY: "問合せの分類"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """An agreement that something is done, or done no more, from a day on."""

    kind: OfferKind
    code: str
    on: bool
    from_day: date
    agreement: str

    def __post_init__(self) -> None:
        if not self.agreement.strip():
            raise ValueError("a switch needs the reference of its agreement")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that can be chosen, and whether it can be chosen on the day asked for."""

    kind: OfferKind
    code: str
    label: str
    group: Group | None
    """``None``: asked for when a case begins."""

    on: bool
    since: date | None = None
    """From when that holds; ``None``: from the beginning."""

    agreement: str = ""
    clause: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Everything of a contract as it stands on one day."""

    entries: tuple[Entry, ...]

    def selectable(self, kind: OfferKind) -> tuple[Entry, ...]:
        """Return what can be chosen, in the order of the contract."""
        return tuple(each for each in self.entries if each.kind is kind and each.on)

    def entry(self, kind: OfferKind, code: str) -> Entry:
        """Return an entry, also one that is switched off.

        Raises:
            FieldMissing: The contract knows no such thing.
        """
        for each in self.entries:
            if each.kind is kind and each.code == code:
                return each
        raise FieldMissing(f"この契約にない{OFFER_KIND_TEXT[kind]}です。")

    def require(self, kind: OfferKind, code: str) -> Entry:
        """Return an entry that can be chosen.

        Raises:
            FieldMissing: The contract knows no such thing.
            NotOffered: It is switched off on this day.
        """
        found = self.entry(kind, code)
        if not found.on:
            since = f"{day_ja(found.since)}から" if found.since else "いまは"
            told = f"（協議の記録：{found.agreement}）" if found.agreement else ""
            raise NotOffered(f"「{found.label}」は、{since}扱っていません{told}。")
        return found


def catalogue(contract: Contract, switches: Sequence[Switch], day: date) -> Catalogue:
    """Return what a contract offers on a day.

    Args:
        contract: Says what there is.
        switches: In the order in which they were entered; of two from the same day the
            later one holds.
        day: When somebody wants to choose.
    """
    procedures = [
        _entry(
            OfferKind.PROCEDURE,
            row.code,
            row.label,
            switches,
            day,
            group=row.group,
            begun=_runs(row, day),
            clause=row.clause,
        )
        for row in contract.procedures
    ]
    categories = [
        _entry(OfferKind.CATEGORY, category, text, switches, day)
        for category, text in CATEGORY_TEXT.items()
    ]
    return Catalogue(entries=(*procedures, *categories))


def groups_of(contract: Contract) -> tuple[Group, ...]:
    """Return the groups of a contract's procedures, in their order."""
    named = {row.group for row in contract.procedures}
    return tuple(group for group in Group if group in named)


def group_of_procedure(contract: Contract, code: str, named: Group | None) -> Group | None:
    """Return the group that a case of a procedure belongs to.

    Args:
        contract: Says which group its procedures are of.
        code: What is done.
        named: What whoever opens the case says, where the procedure may be of any group.

    Raises:
        FormRefused: It has to be said, or cannot be what was said.
    """
    row = contract.procedure(code)
    own = row.group if row else None
    return _settled(groups_of(contract) if own is None else (own,), own, named)


def group_of_inquiry(contract: Contract, named: Group | None) -> Group | None:
    """Return the group that a question belongs to: "other" where the contract has it.

    Raises:
        FormRefused: It has to be said, or cannot be what was said.
    """
    known = groups_of(contract)
    return _settled(known, None, named or (Group.OTHER if Group.OTHER in known else None))


def _settled(known: tuple[Group, ...], own: Group | None, named: Group | None) -> Group | None:
    if not known:
        return None  # a profile that was written before there were groups
    found = named or own
    if found is None:
        raise _refused("missing", "「手続の区分」を選んでください。")
    if found not in known:
        raise _refused("unknown", "「手続の区分」は、この手続の区分から選んでください。")
    return found


def _refused(code: str, message: str) -> FormRefused:
    return FormRefused(FieldFault(field="group", code=code, message=message))


def _runs(row: Procedure, day: date) -> bool:
    begun = row.valid_from is None or row.valid_from <= day
    return begun and (row.valid_to is None or day <= row.valid_to)


def _entry(
    kind: OfferKind,
    code: str,
    label: str,
    switches: Iterable[Switch],
    day: date,
    *,
    group: Group | None = None,
    begun: bool = True,
    clause: str = "",
) -> Entry:
    mine = [s for s in switches if s.kind is kind and s.code == code and s.from_day <= day]
    # The last of the latest: max() would keep the first of equals.
    last = max(reversed(mine), key=lambda switch: switch.from_day, default=None)
    return Entry(
        kind=kind,
        code=str(code),
        label=label,
        group=group,
        on=last.on if last else begun,
        since=last.from_day if last else None,
        agreement=last.agreement if last else "",
        clause=clause,
    )
