"""Three lists of one lot against each other: what came, who is registered, what is printed.

Belongs here: the ten results, what leads to them and which of several wins. Does not belong
here: the rows (``card_rows``), reading files (``card_lists``), the lot as a whole
(``lot_facts``), what happens to a card afterwards (``card``).

Every 照会番号 on the issue list or on a card ends in exactly one result. Where several
differences meet, all are given as reasons and the gravest decides, in this order: the card
is not listed; a number stands twice; the person is not registered, deceased or moved out;
the card is missing; the name is another person's; the birth date, the address, the shape of
a name. So what stops a card for good comes before what can be put right, and nothing is
judged against a row that may be the wrong one.

A name that is no variant has no result of its own. If list and register name different
people, the person listed is not registered under this number (``not_registered``); if both
agree and the card does not, it is not the card that was listed (``card_unexpected``). Both
go back to the city. People who are only in the register extract have no card here and
no result.
Source: Ota specification §6(2)①, read as matching (突合), see Q-OTA-01.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Protocol, TypeVar

from domain.lots.card_rows import (
    CardFaceRow,
    IssueRow,
    ReceiptKind,
    ResidentRow,
    ResidentStatus,
)
from domain.writing.addresses import AddressRelation, compare_addresses
from domain.writing.eras import BirthDate
from domain.writing.text import NameRelation, compare_names, find_gaiji, name_search


class MatchResult(StrEnum):
    """What a three-way match finds for one 照会番号; exactly one of these."""

    MATCH = "match"
    NAME_VARIANT = "name_variant"
    ADDRESS_DIFFERS = "address_differs"
    BIRTH_DIFFERS = "birth_differs"
    MOVED_OUT = "moved_out"
    DECEASED = "deceased"
    CARD_MISSING = "card_missing"
    CARD_UNEXPECTED = "card_unexpected"
    NOT_REGISTERED = "not_registered"
    DUPLICATE_ROW = "duplicate_row"


MATCH_TEXT: Mapping[MatchResult, str] = {
    MatchResult.MATCH: "一致",
    MatchResult.NAME_VARIANT: "氏名の字体違い",
    MatchResult.ADDRESS_DIFFERS: "住所の相違",
    MatchResult.BIRTH_DIFFERS: "生年月日の相違",
    MatchResult.MOVED_OUT: "転出",
    MatchResult.DECEASED: "死亡",
    MatchResult.CARD_MISSING: "カードなし",
    MatchResult.CARD_UNEXPECTED: "一覧表にないカード",
    MatchResult.NOT_REGISTERED: "住民登録なし",
    MatchResult.DUPLICATE_ROW: "照会番号の重複",
}


class DeliveryRoute(StrEnum):
    """Which way a matched card leaves; the words are those of ``card.Route``."""

    PICKUP_NOTICE = "pickup_notice"
    MAIL_TO_APPLICANT = "mail_to_applicant"


ROUTES: Mapping[ReceiptKind, DeliveryRoute] = {
    ReceiptKind.VISIT_AT_ISSUE: DeliveryRoute.PICKUP_NOTICE,
    ReceiptKind.VISIT_AT_APPLICATION: DeliveryRoute.MAIL_TO_APPLICANT,
    ReceiptKind.OUTREACH: DeliveryRoute.MAIL_TO_APPLICANT,
}
"""Source: Ota specification §6(2)⑤."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowResult:
    """What was found for one 照会番号. It holds no personal data, so it may travel."""

    inquiry_number: str
    result: MatchResult
    reasons: tuple[str, ...] = ()
    """Every difference found, gravest first, in words for the clerk; empty for a match."""

    notes: tuple[str, ...] = ()
    """What does not stop the card but is good to know before printing."""

    route: DeliveryRoute | None = None
    """``None`` if the list does not say: then a person has to, also for a match."""


class _Cause(Enum):
    """Why a row is no match, its result and its words. The order is the precedence."""

    NOT_LISTED = (MatchResult.CARD_UNEXPECTED, "交付一覧表にない照会番号の券面です")
    LISTED_TWICE = (MatchResult.DUPLICATE_ROW, "交付一覧表に同じ照会番号の行が複数あります")
    REGISTERED_TWICE = (MatchResult.DUPLICATE_ROW, "住民登録に同じ照会番号の行が複数あります")
    PRINTED_TWICE = (MatchResult.DUPLICATE_ROW, "券面に同じ照会番号の行が複数あります")
    NOT_IN_REGISTER = (MatchResult.NOT_REGISTERED, "住民登録に見つかりません")
    REMOVED = (MatchResult.NOT_REGISTERED, "住民登録から消除されています")
    STATUS_UNKNOWN = (MatchResult.NOT_REGISTERED, "住民登録の異動区分が分かりません")
    DECEASED = (MatchResult.DECEASED, "住民登録では死亡です")
    MOVED_OUT = (MatchResult.MOVED_OUT, "住民登録では転出です")
    NO_CARD = (MatchResult.CARD_MISSING, "カードがありません")
    REGISTERED_NAME = (MatchResult.NOT_REGISTERED, "氏名が別の名前です")
    PRINTED_NAME = (MatchResult.CARD_UNEXPECTED, "券面の氏名が別の名前です")
    BIRTH_UNREADABLE = (MatchResult.BIRTH_DIFFERS, "生年月日の読めない行があります")
    BIRTH = (MatchResult.BIRTH_DIFFERS, "生年月日が異なります")
    ADDRESS = (MatchResult.ADDRESS_DIFFERS, "住所が異なります")
    BUILDING = (MatchResult.ADDRESS_DIFFERS, "建物・部屋が異なります")
    VARIANT = (MatchResult.NAME_VARIANT, "氏名の字体が異なります")

    def __init__(self, result: MatchResult, words: str) -> None:
        self.result = result
        self.words = words


_RANK = {cause: rank for rank, cause in enumerate(_Cause)}
_STATUS = {
    ResidentStatus.REMOVED: _Cause.REMOVED,
    ResidentStatus.UNKNOWN: _Cause.STATUS_UNKNOWN,
    ResidentStatus.DECEASED: _Cause.DECEASED,
    ResidentStatus.MOVED_OUT: _Cause.MOVED_OUT,
}


class _Pair(StrEnum):
    """Two lists that are compared."""

    LISTED_REGISTERED = "交付一覧表と住民登録"
    LISTED_PRINTED = "交付一覧表と券面"
    REGISTERED_PRINTED = "住民登録と券面"


_STANDS_OUT = {
    frozenset({_Pair.LISTED_REGISTERED, _Pair.LISTED_PRINTED}): "交付一覧表だけが他と違います",
    frozenset(
        {_Pair.LISTED_REGISTERED, _Pair.REGISTERED_PRINTED}
    ): "住民登録だけが他と違います",
    frozenset({_Pair.LISTED_PRINTED, _Pair.REGISTERED_PRINTED}): "券面だけが他と違います",
    frozenset(_Pair): "三つとも違います",
}

_ROUTE_UNKNOWN = "受取方法が読めないため、通知か郵送かが決まりません"
_KANA = "フリガナが交付一覧表と住民登録で異なります"
_POSTAL_CODE = "郵便番号が交付一覧表と住民登録で異なります"
_ADDRESS_STYLE = "住所の書き方が一覧表によって異なります"
_BIRTH_PARTIAL = "生年月日に不詳の部分があります"
_GAIJI = "外字があります。印字の前に字体を確かめてください"


class _Person(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def birth(self) -> BirthDate | None: ...
    @property
    def address(self) -> str: ...


_Pairs = Mapping[_Pair, tuple[_Person, _Person]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """All rows of one 照会番号."""

    issue: Sequence[IssueRow]
    residents: Sequence[ResidentRow]
    faces: Sequence[CardFaceRow]

    def pairs(self) -> _Pairs:
        """Return what can be compared: nothing while a number stands twice in any list.

        Then nobody knows yet which rows belong together.
        """
        if max(len(self.issue), len(self.residents), len(self.faces)) > 1 or not self.issue:
            return {}
        found: dict[_Pair, tuple[_Person, _Person]] = {}
        for resident in self.residents:
            found[_Pair.LISTED_REGISTERED] = self.issue[0], resident
        for face in self.faces:
            found[_Pair.LISTED_PRINTED] = self.issue[0], face
        for resident, face in zip(self.residents, self.faces, strict=False):
            found[_Pair.REGISTERED_PRINTED] = resident, face
        return found


def match(
    issue: Iterable[IssueRow], residents: Iterable[ResidentRow], faces: Iterable[CardFaceRow]
) -> list[RowResult]:
    """Return one result per 照会番号 on the list or on a card, sorted by number.

    The order of rows has no influence. See the module for what wins over what.
    """
    listed, registered, printed = _by_number(issue), _by_number(residents), _by_number(faces)
    return [
        _judge(
            number,
            _Group(
                issue=listed.get(number, ()),
                residents=registered.get(number, ()),
                faces=printed.get(number, ()),
            ),
        )
        for number in sorted(listed.keys() | printed.keys())
    ]


def needs_decision(row: RowResult) -> bool:
    """Tell whether a named person has to look before the card may go on.

    Only a match whose route is known goes on by itself. A ``name_variant`` goes on once a
    clerk has confirmed it; the others need a decision on what becomes of the card.
    """
    return row.result is not MatchResult.MATCH or row.route is None


def tally(results: Iterable[RowResult]) -> dict[MatchResult, int]:
    """Return how often each of the ten results occurs, also those that do not."""
    counts = dict.fromkeys(MatchResult, 0)
    for row in results:
        counts[row.result] += 1
    return counts


_Row = TypeVar("_Row", IssueRow, ResidentRow, CardFaceRow)


def _by_number(rows: Iterable[_Row]) -> dict[str, list[_Row]]:
    found: dict[str, list[_Row]] = defaultdict(list)
    for row in rows:
        found[row.inquiry_number].append(row)
    return dict(found)


def _judge(number: str, group: _Group) -> RowResult:
    pairs = group.pairs()
    found = [(cause, cause.words) for cause in _presence(group)] + list(_differences(pairs))
    found.sort(key=lambda difference: _RANK[difference[0]])
    route = _route(group.issue)
    return RowResult(
        inquiry_number=number,
        result=found[0][0].result if found else MatchResult.MATCH,
        reasons=tuple(dict.fromkeys(words for _, words in found)),
        notes=tuple(_notes(group, pairs, route)),
        route=route,
    )


def _route(issue: Sequence[IssueRow]) -> DeliveryRoute | None:
    kinds = {row.receipt for row in issue}
    kind = kinds.pop() if len(kinds) == 1 else None
    return ROUTES[kind] if kind else None


def _presence(group: _Group) -> Iterator[_Cause]:
    if len(group.faces) > 1:
        yield _Cause.PRINTED_TWICE
    if not group.issue:
        yield _Cause.NOT_LISTED
        return
    if len(group.issue) > 1:
        yield _Cause.LISTED_TWICE
    if len(group.residents) > 1:
        yield _Cause.REGISTERED_TWICE
    if not group.residents:
        yield _Cause.NOT_IN_REGISTER
    if not group.faces:
        yield _Cause.NO_CARD
    for resident in group.residents:
        if resident.status in _STATUS:
            yield _STATUS[resident.status]


def _differences(pairs: _Pairs) -> Iterator[tuple[_Cause, str]]:
    names = {pair: compare_names(one.name, other.name) for pair, (one, other) in pairs.items()}
    places = {
        pair: compare_addresses(one.address, other.address)
        for pair, (one, other) in pairs.items()
    }
    others = _pairs_with(names, NameRelation.DIFFERENT)
    name = _Cause.REGISTERED_NAME if _Pair.LISTED_REGISTERED in others else _Cause.PRINTED_NAME
    births = {pair for pair, (one, other) in pairs.items() if one.birth != other.birth}
    if any(None in (one.birth, other.birth) for one, other in pairs.values()):
        yield _Cause.BIRTH_UNREADABLE, _Cause.BIRTH_UNREADABLE.words
        births = set()
    for cause, where in (
        (name, others),
        (_Cause.BIRTH, frozenset(births)),
        (_Cause.ADDRESS, _pairs_with(places, AddressRelation.DIFFERENT)),
        (_Cause.BUILDING, _pairs_with(places, AddressRelation.BUILDING_DIFFERS)),
        (_Cause.VARIANT, _pairs_with(names, NameRelation.VARIANT)),
    ):
        if where:
            yield cause, f"{cause.words}（{_where(where)}）"


_Relation = TypeVar("_Relation", NameRelation, AddressRelation)


def _pairs_with(found: Mapping[_Pair, _Relation], relation: _Relation) -> frozenset[_Pair]:
    return frozenset(pair for pair, one in found.items() if one is relation)


def _where(pairs: frozenset[_Pair]) -> str:
    return _STANDS_OUT.get(pairs) or "、".join(pair for pair in _Pair if pair in pairs)


def _notes(group: _Group, pairs: _Pairs, route: DeliveryRoute | None) -> Iterator[str]:
    if group.issue and route is None:
        yield _ROUTE_UNKNOWN
    if _Pair.LISTED_REGISTERED in pairs:
        listed, registered = group.issue[0], group.residents[0]
        if name_search(listed.name_kana) != name_search(registered.name_kana):
            yield _KANA
        if _digits(listed.postal_code) != _digits(registered.postal_code):
            yield _POSTAL_CODE
    if any(
        compare_addresses(one.address, other.address) is AddressRelation.WRITTEN_DIFFERENTLY
        for one, other in pairs.values()
    ):
        yield _ADDRESS_STYLE
    rows: list[_Person] = [*group.issue, *group.residents, *group.faces]
    if any(row.birth is not None and row.birth.exact is None for row in rows):
        yield _BIRTH_PARTIAL
    if any(find_gaiji(row.name) or find_gaiji(row.address) for row in rows):
        yield _GAIJI


def _digits(postal_code: str) -> str:
    folded = unicodedata.normalize("NFKC", postal_code)
    return "".join(char for char in folded if char.isdigit())
