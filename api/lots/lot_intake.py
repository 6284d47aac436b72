"""Taking over a delivered lot: from three files to cases, in one transaction.

Reading and matching are the domain's; here they are put in order, for the preview and for
the real thing alike. What HTTP sends and gets stands in ``api.lots.card_lots``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from pydantic_core import to_jsonable_python
from sqlalchemy import Connection

from api.access.door import Person
from api.deps import Desk, deadline_for, in_force, new_case_id
from contracts.card_lists import mapping_of
from contracts.loader import LoadedContract
from domain.case import Actor, CaseChange, CaseEvent, CaseKind, CaseRef
from domain.deadlines.deadline import Deadline
from domain.errors import DeadlineUnset, LotAlreadyTaken
from domain.lots import card
from domain.lots.card import Card, Route
from domain.lots.card_lists import ReadList, UnreadableRow, read_list
from domain.lots.card_rows import CardFaceRow, IssueRow, ResidentRow
from domain.lots.custody import Holder, ItemKind, Movement, item_id
from domain.lots.list_mapping import ListKind
from domain.lots.lot import Lot
from domain.lots.lot_facts import delivery_date
from domain.lots.matching import MatchResult, RowResult, match, needs_decision, tally
from store import contract_state, lots, opening
from store.answers import Question, first_answer, keep_answer
from store.cases import month_of
from store.opening import NewCase
from store.scope import scope
from workflows.messages import OpenCard, OpenLot

DUE_RULE = "notice_handover"


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """The three lists of one lot, as they were sent."""

    issue_list: bytes
    resident: bytes
    card_face: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """What was said when the lot was handed over."""

    count: int | None = None
    handed_by: str | None = None
    """The official's name or section; kept with the lot's person, not in the record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadLot:
    """A lot that was read and matched, and not taken over yet."""

    delivered_on: date
    issue: ReadList[IssueRow]
    residents: ReadList[ResidentRow]
    faces: ReadList[CardFaceRow]
    results: tuple[RowResult, ...]

    @property
    def tally(self) -> dict[MatchResult, int]:
        """How often each result occurs."""
        return tally(self.results)

    @property
    def unreadable(self) -> dict[ListKind, tuple[UnreadableRow, ...]]:
        """What could not be read, by list."""
        return {
            ListKind.ISSUE_LIST: self.issue.unreadable,
            ListKind.RESIDENT: self.residents.unreadable,
            ListKind.CARD_FACE: self.faces.unreadable,
        }

    @property
    def undecided(self) -> int:
        """How many cards wait for a named person's decision."""
        return sum(needs_decision(row) for row in self.results)


def read_lot(loaded: LoadedContract, files: Files) -> ReadLot:
    """Return the lot that the files describe.

    Raises:
        NotACardList, EmptyList, ListTooLarge: A file is not such a list.
        ForbiddenColumn, ForbiddenNumber: A file holds what must never be kept.
        MixedDeliveryDates: The rows name several delivery dates, or none.
    """
    mapping = mapping_of(loaded.contract)
    issue = read_list(files.issue_list, ListKind.ISSUE_LIST, mapping)
    residents = read_list(files.resident, ListKind.RESIDENT, mapping)
    faces = read_list(files.card_face, ListKind.CARD_FACE, mapping)
    return ReadLot(
        delivered_on=delivery_date(issue.rows),
        issue=issue,
        residents=residents,
        faces=faces,
        results=tuple(match(issue.rows, residents.rows, faces.rows)),
    )


def take_over(
    desk: Desk,
    person: Person,
    loaded: LoadedContract,
    lot: ReadLot,
    announced: Announced,
    question: Question,
) -> dict[str, Any]:
    """Open the lot and its cards, and return the answer; asked again, the first answer.

    Raises:
        ContractDateMissing, OutsideTerm: The contract does not run on the delivery date.
        DeadlineUnset: The contract does not say until when notices are due.
        LotAlreadyTaken: One of the cards came with this delivery before.
        KeyUsedOtherwise: The key came with other files before.
    """
    now = desk.clock()
    contract = in_force(desk, person, loaded, lot.delivered_on)
    deadline = deadline_for(desk, person.municipality, contract, DUE_RULE, lot.delivered_on)
    if deadline is None:
        raise DeadlineUnset("契約ファイルに交付通知書の引渡し期限がありません。")
    plan = _Plan(person=person, loaded=loaded, lot=lot, deadline=deadline, now=now)
    with scope(desk.engine, person.municipality) as connection:
        before = first_answer(connection, question)
        if before is not None:
            return before
        _require_new(connection, person.municipality, lot)
        opening.open_cases(
            connection,
            desk.keys,
            person.municipality,
            [plan.lot_case(announced), *plan.card_cases()],
            recorded_at=now,
        )
        lots.keep_rows(
            connection, person.municipality, plan.lot_id, lot.delivered_on, plan.rows()
        )
        contract_state.keep_version(
            connection,
            person.municipality,
            contract.slug,
            loaded.version,
            desk.book.document(loaded),
            at=now,
        )
        answer = plan.answer()
        keep_answer(connection, question, answer)
    return answer


def _require_new(connection: Connection, municipality: str, lot: ReadLot) -> None:
    refs = [row.inquiry_number for row in lot.results]
    taken = lots.already_taken(connection, municipality, lot.delivered_on, refs)
    if taken:
        raise LotAlreadyTaken(f"同じ納品日のカードが{len(taken)}件、取込み済みです。")


class _Plan:
    """The cases that a lot becomes."""

    def __init__(
        self,
        *,
        person: Person,
        loaded: LoadedContract,
        lot: ReadLot,
        deadline: Deadline,
        now: datetime,
    ) -> None:
        self.lot_id = new_case_id(now)
        self._loaded = loaded
        self._municipality = person.municipality
        self._actor = Actor(account_id=person.account_id, role=person.role)
        self._lot = lot
        self._deadline = deadline
        self._now = now
        self._results = _in_list_order(lot)
        # Ids and numbers follow the list, so that screens show the cards as they lie there.
        self._card_ids = {
            row.inquiry_number: new_case_id(now, place)
            for place, row in enumerate(self._results, 1)
        }
        self._sources = _sources(lot)

    def lot_case(self, announced: Announced) -> NewCase:
        """Return the lot itself."""
        ref = self._ref(self.lot_id, None)
        value = Lot(
            case_id=self.lot_id,
            cards=len(self._lot.results),
            listed=len(self._lot.issue.rows),
            unreadable=self._lot.issue.lost,
            announced=announced.count,
        )
        counts = {str(result): count for result, count in self._lot.tally.items() if count}
        event = self._event(
            "lot_taken_over",
            delivered_on=self._lot.delivered_on.isoformat(),
            cards=value.cards,
            listed=value.listed,
            announced=announced.count,
            unreadable=value.unreadable,
            **counts,
        )
        start = OpenLot(case=ref, lot=value, deadline=self._deadline)
        return NewCase(
            case=ref,
            kind=CaseKind.LOT,
            change=self._change(value),
            event=event,
            start=to_jsonable_python(start),
            person={"handed_by": announced.handed_by} if announced.handed_by else None,
        )

    def card_cases(self) -> list[NewCase]:
        """Return one case per card."""
        return [self._card_case(row) for row in self._results]

    def rows(self) -> list[lots.LotRow]:
        """Return the rows in the order of the issue list."""
        return [
            lots.LotRow(
                case_id=self._card_ids[row.inquiry_number],
                row_number=number,
                ref=row.inquiry_number,
                result=row.result,
                reasons=[*row.reasons, *row.notes],
                route=row.route or "",
            )
            for number, row in enumerate(self._results, 1)
        ]

    def answer(self) -> dict[str, Any]:
        """Return what the caller is told."""
        return {
            "case_id": self.lot_id,
            "due_at": self._deadline.due_at.isoformat(),
            "target_at": self._deadline.target_at.isoformat(),
            "rows": [
                {"ref": row.ref, "result": row.result, "case_id": row.case_id}
                for row in self.rows()
            ],
        }

    def _card_case(self, row: RowResult) -> NewCase:
        case_id = self._card_ids[row.inquiry_number]
        ref = self._ref(case_id, self.lot_id)
        value = card.begin(case_id, row.result, Route(row.route) if row.route else None)
        start = OpenCard(case=ref, card=value, deadline=self._deadline)
        return NewCase(
            case=ref,
            kind=CaseKind.CARD,
            change=self._change(value),
            event=self._event("card_matched", result=row.result, route=row.route),
            start=to_jsonable_python(start),
            person=self._sources.get(row.inquiry_number),
            movements=_taken_over(value),
        )

    def _ref(self, case_id: str, parent_id: str | None) -> CaseRef:
        return CaseRef(
            case_id=case_id,
            municipality=self._municipality,
            contract=self._loaded.contract.slug,
            contract_version=self._loaded.version,
            opened_on=month_of(self._now),
            parent_id=parent_id,
        )

    def _event(self, action: str, **detail: str | int | bool | None) -> CaseEvent:
        return CaseEvent(action=action, at=self._now, actor=self._actor, detail=detail)

    def _change(self, value: Lot | Card) -> CaseChange:
        return CaseChange(
            stage=value.stage,
            state={"value": asdict(value), "open_handoffs": []},
            closed=False,
            owner=value.owner,
            deadline=self._deadline,
        )


def _in_list_order(lot: ReadLot) -> list[RowResult]:
    """Return the results as the issue list has them, cards that were not on it last."""
    places = {row.inquiry_number: place for place, row in enumerate(lot.issue.rows)}
    return sorted(
        lot.results,
        key=lambda row: (places.get(row.inquiry_number, len(places)), row.inquiry_number),
    )


def _taken_over(value: Card) -> tuple[Movement, ...]:
    """Return the card's way from the city into our hands, if it came at all."""
    if value.card_at is not Holder.PROVIDER:
        return ()
    return (
        Movement(
            item_id=item_id(value.case_id, ItemKind.CARD),
            kind=ItemKind.CARD,
            source=Holder.OUTSIDE,
            target=Holder.PROVIDER,
        ),
    )


def _sources(lot: ReadLot) -> dict[str, Mapping[str, Any]]:
    """Return what is known of each person; all three lists only where they disagree."""
    residents = _first_by_number(lot.residents.rows)
    faces = _first_by_number(lot.faces.rows)
    listed = _first_by_number(lot.issue.rows)
    undecided = {row.inquiry_number for row in lot.results if needs_decision(row)}
    found: dict[str, Mapping[str, Any]] = {}
    for number in {row.inquiry_number for row in lot.results}:
        first = listed.get(number) or faces.get(number)
        if first is None:
            continue
        person = _person(first)
        if not person["postal_code"] and number in residents:
            # Cities may leave the column out of the issue list; the register has it.
            person["postal_code"] = residents[number].postal_code
        if number in undecided:
            person["lists"] = {
                name: _person(row)
                for name, rows in (
                    ("issue_list", listed),
                    ("resident", residents),
                    ("card_face", faces),
                )
                if (row := rows.get(number)) is not None
            }
        found[number] = person
    return found


def _person(row: IssueRow | ResidentRow | CardFaceRow) -> dict[str, Any]:
    return {
        "name": row.name,
        "kana": getattr(row, "name_kana", ""),
        "birth": to_jsonable_python(row.birth),
        "postal_code": getattr(row, "postal_code", ""),
        "address": row.address,
    }


def _first_by_number(rows: Sequence[Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for row in rows:
        found.setdefault(row.inquiry_number, row)
    return found
