"""Three lists against each other: each planted fault is found, and no other."""

import json
import random
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from domain.lots.card_lists import read_list
from domain.lots.card_rows import ReceiptKind, ResidentStatus
from domain.lots.list_mapping import ListKind
from domain.lots.matching import (
    MATCH_TEXT,
    DeliveryRoute,
    MatchResult,
    RowResult,
    match,
    needs_decision,
    tally,
)
from domain.writing.eras import BirthDate
from ops.make_lot import LotPlan, MadeLot, make_lot, spread
from tests.domain.lots import (
    SAMPLE,
    face_row,
    issue_row,
    resident_row,
    sample_file,
    sample_mapping,
)

_FAULTS = [result for result in MatchResult if result is not MatchResult.MATCH]
_OTHER_BIRTH = BirthDate.of(date(1968, 2, 16))
_OTHER_PLACE = "群馬県太田市新見本町523番地34"


def _match_files(files: dict[str, bytes]) -> list[RowResult]:
    mapping = sample_mapping()
    return match(
        read_list(files["issue_list"], ListKind.ISSUE_LIST, mapping).rows,
        read_list(files["resident"], ListKind.RESIDENT, mapping).rows,
        read_list(files["card_face"], ListKind.CARD_FACE, mapping).rows,
    )


def _found(lot: MadeLot) -> dict[str, MatchResult]:
    return {row.inquiry_number: row.result for row in _match_files(dict(lot.files))}


def _one(issue: Any = (), residents: Any = (), faces: Any = ()) -> RowResult:
    results = match(issue, residents, faces)
    assert len(results) == 1
    return results[0]


def test_the_sample_lot_is_matched_as_its_answer_says() -> None:
    """All 301 numbers of the synthetic lot, faults and matches alike."""
    files = {kind.value: sample_file(kind) for kind in ListKind}
    answer = json.loads((SAMPLE / "expected.json").read_text(encoding="utf-8"))
    found = {row.inquiry_number: row.result.value for row in _match_files(files)}
    assert found == answer["rows"]


def test_of_100_rows_exactly_the_3_planted_mismatches_are_flagged() -> None:
    """The other 97 go on by themselves; that is what the import is for."""
    faults = {
        MatchResult.ADDRESS_DIFFERS: 1,
        MatchResult.MOVED_OUT: 1,
        MatchResult.BIRTH_DIFFERS: 1,
    }
    lot = make_lot(LotPlan(rows=100, seed=17, faults=faults))
    results = _match_files(dict(lot.files))
    flagged = {row.inquiry_number: row.result for row in results if needs_decision(row)}
    planted = {n: r for n, r in lot.expected.items() if r is not MatchResult.MATCH}
    assert len(results) == 100
    assert len(planted) == 3
    assert flagged == planted


@pytest.mark.parametrize("encoding", ["cp932", "utf-8", "utf-8-sig"])
@pytest.mark.parametrize("rough", [False, True])
def test_every_kind_of_fault_is_found_in_any_dress(encoding: str, rough: bool) -> None:
    """Encodings, column orders and spellings differ from city to city; people do not."""
    plan = LotPlan(rows=120, seed=5, faults=spread(120, 0.3), encoding=encoding, rough=rough)
    lot = make_lot(plan)
    assert _found(lot) == lot.expected


@pytest.mark.parametrize("fault", _FAULTS)
def test_a_lot_of_one_fault_only_has_that_fault_only(fault: MatchResult) -> None:
    """A fault in one row must not colour its neighbours."""
    lot = make_lot(LotPlan(rows=30, seed=3, faults={fault: 3}))
    counts = tally(_match_files(dict(lot.files)))
    assert counts[fault] == 3
    assert sum(counts.values()) == len(lot.expected)
    assert counts[MatchResult.MATCH] == len(lot.expected) - 3


_LOT = make_lot(LotPlan(rows=40, seed=9, faults=spread(40, 0.5)))
_ROWS = (
    read_list(_LOT.files["issue_list"], ListKind.ISSUE_LIST, sample_mapping()).rows,
    read_list(_LOT.files["resident"], ListKind.RESIDENT, sample_mapping()).rows,
    read_list(_LOT.files["card_face"], ListKind.CARD_FACE, sample_mapping()).rows,
)


@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_never_matters(rng: random.Random) -> None:
    """Each list comes sorted its own way, or not at all."""
    shuffled = [rng.sample(rows, len(rows)) for rows in _ROWS]
    assert match(*shuffled) == match(*_ROWS)  # type: ignore[arg-type]


@given(st.sampled_from(_FAULTS), st.integers(min_value=0, max_value=10**6))
def test_an_unrelated_row_changes_nothing_else(fault: MatchResult, number: int) -> None:
    """A lot grows while people work on it."""
    key = f"YY{number:07}"
    issue, residents, faces = _ROWS
    more = match(
        (*issue, issue_row(key)),
        (*residents, *_registered(key, fault)),
        (*faces, face_row(key)),
    )
    assert [row for row in more if row.inquiry_number != key] == match(*_ROWS)


def _registered(key: str, fault: MatchResult) -> list[Any]:
    if fault is MatchResult.NOT_REGISTERED:
        return []
    if fault is MatchResult.DECEASED:
        return [resident_row(key, status=ResidentStatus.DECEASED)]
    return [resident_row(key)]


_CHANGES: list[tuple[str, dict[str, Any], MatchResult]] = [
    ("face", {"name": "山崎　花子"}, MatchResult.NAME_VARIANT),
    ("resident", {"name": "山崎　花子"}, MatchResult.NAME_VARIANT),
    ("issue", {"name": "山崎　花子"}, MatchResult.NAME_VARIANT),
    ("face", {"name": "〓﨑　花子"}, MatchResult.NAME_VARIANT),
    ("face", {"name": "見本　太郎"}, MatchResult.CARD_UNEXPECTED),
    ("face", {"name": ""}, MatchResult.CARD_UNEXPECTED),
    ("resident", {"name": "見本　太郎"}, MatchResult.NOT_REGISTERED),
    ("issue", {"name": "見本　太郎"}, MatchResult.NOT_REGISTERED),
    ("face", {"birth": _OTHER_BIRTH}, MatchResult.BIRTH_DIFFERS),
    ("resident", {"birth": _OTHER_BIRTH}, MatchResult.BIRTH_DIFFERS),
    ("issue", {"birth": None}, MatchResult.BIRTH_DIFFERS),
    ("face", {"birth": BirthDate(year=1968, month=2)}, MatchResult.BIRTH_DIFFERS),
    ("face", {"address": _OTHER_PLACE}, MatchResult.ADDRESS_DIFFERS),
    ("resident", {"address": _OTHER_PLACE}, MatchResult.ADDRESS_DIFFERS),
    ("issue", {"address": _OTHER_PLACE}, MatchResult.ADDRESS_DIFFERS),
    ("face", {"address": "群馬県太田市見本町523番地34 101"}, MatchResult.ADDRESS_DIFFERS),
    ("face", {"address": ""}, MatchResult.ADDRESS_DIFFERS),
    ("resident", {"status": ResidentStatus.MOVED_OUT}, MatchResult.MOVED_OUT),
    ("resident", {"status": ResidentStatus.DECEASED}, MatchResult.DECEASED),
    ("resident", {"status": ResidentStatus.REMOVED}, MatchResult.NOT_REGISTERED),
    ("resident", {"status": ResidentStatus.UNKNOWN}, MatchResult.NOT_REGISTERED),
    ("face", {"name": "山﨑 花子"}, MatchResult.MATCH),
    ("face", {"address": "太田市見本町５２３－３４"}, MatchResult.MATCH),
]


@pytest.mark.parametrize(("where", "change", "result"), _CHANGES)
def test_a_difference_in_any_list_has_its_result(
    where: str, change: dict[str, Any], result: MatchResult
) -> None:
    """The list that is wrong may be any of the three."""
    row = _one(
        [issue_row(**change if where == "issue" else {})],
        [resident_row(**change if where == "resident" else {})],
        [face_row(**change if where == "face" else {})],
    )
    assert row.result is result
    assert bool(row.reasons) is (result is not MatchResult.MATCH)


def test_the_gravest_difference_decides_and_all_are_told() -> None:
    """Somebody who died needs no corrected address; but the clerk should know of both."""
    row = _one(
        [issue_row()],
        [resident_row(status=ResidentStatus.DECEASED, address=_OTHER_PLACE)],
        [face_row(name="山崎　花子", birth=_OTHER_BIRTH)],
    )
    assert row.result is MatchResult.DECEASED
    assert row.reasons == (
        "住民登録では死亡です",
        "生年月日が異なります（券面だけが他と違います）",
        "住所が異なります（住民登録だけが他と違います）",
        "氏名の字体が異なります（券面だけが他と違います）",
    )


def test_a_number_that_stands_twice_is_not_judged_further() -> None:
    """Until somebody says which row counts, any other finding may be about the wrong one."""
    other = _OTHER_PLACE
    twice = _one([issue_row(address=other), issue_row()], [resident_row()], [face_row()])
    assert twice.result is MatchResult.DUPLICATE_ROW
    assert twice.reasons == ("交付一覧表に同じ照会番号の行が複数あります",)
    again = _one([issue_row()], [resident_row(), resident_row()], [face_row(), face_row()])
    assert again.result is MatchResult.DUPLICATE_ROW
    assert len(again.reasons) == 2


def test_a_card_that_is_not_listed_is_unexpected_even_if_registered() -> None:
    """The list says what was delivered; a card beyond it belongs back with the city."""
    row = _one([], [resident_row()], [face_row()])
    assert row.result is MatchResult.CARD_UNEXPECTED
    assert row.route is None


def test_two_unlisted_cards_of_one_number_are_unexpected() -> None:
    """That they are two is told, but they are not on the list in the first place."""
    row = _one([], [], [face_row(), face_row()])
    assert row.result is MatchResult.CARD_UNEXPECTED
    assert row.reasons == (
        "交付一覧表にない照会番号の券面です",
        "券面に同じ照会番号の行が複数あります",
    )


def test_another_person_weighs_more_than_an_unreadable_birth_date() -> None:
    """The birth date of somebody else's card is of no interest."""
    row = _one([issue_row()], [resident_row()], [face_row(name="見本　太郎", birth=None)])
    assert row.result is MatchResult.CARD_UNEXPECTED


def test_people_without_a_card_in_the_lot_have_no_result() -> None:
    """A register extract may hold the whole town."""
    assert match([], [resident_row()], []) == []


@pytest.mark.parametrize(
    ("receipt", "route"),
    [
        (ReceiptKind.VISIT_AT_ISSUE, DeliveryRoute.PICKUP_NOTICE),
        (ReceiptKind.VISIT_AT_APPLICATION, DeliveryRoute.MAIL_TO_APPLICANT),
        (ReceiptKind.OUTREACH, DeliveryRoute.MAIL_TO_APPLICANT),
    ],
)
def test_only_who_comes_to_fetch_the_card_gets_a_notice(
    receipt: ReceiptKind, route: DeliveryRoute
) -> None:
    """Whoever applied in person gets the card by mail and must not be called in again."""
    row = _one([issue_row(receipt=receipt)], [resident_row()], [face_row()])
    assert row.route is route
    assert needs_decision(row) is False


def test_a_match_without_a_known_way_out_waits() -> None:
    """An unreadable 受取方法 must not become a notice by default."""
    row = _one([issue_row(receipt=None)], [resident_row()], [face_row()])
    assert row.result is MatchResult.MATCH
    assert needs_decision(row) is True
    assert row.notes == ("受取方法が読めないため、通知か郵送かが決まりません",)


def test_what_does_not_stop_a_card_is_noted() -> None:
    """The clerk sees it before printing, and the card goes on."""
    row = _one(
        [issue_row(name="山\ue000　花子", name_kana="ﾔﾏｻﾞｷ ﾊﾅｺ", postal_code="000-0001")],
        [resident_row(name="山\ue000　花子", name_kana="ヤマサキ　ハナコ")],
        [face_row(name="山\ue000　花子", address="群馬県太田市見本町523-34")],
    )
    assert row.result is MatchResult.MATCH
    assert row.notes == (
        "フリガナが交付一覧表と住民登録で異なります",
        "郵便番号が交付一覧表と住民登録で異なります",
        "住所の書き方が一覧表によって異なります",
        "外字があります。印字の前に字体を確かめてください",
    )


def test_a_result_says_nothing_about_the_person() -> None:
    """Results travel through histories and logs, where no name may be."""
    row = _one([issue_row()], [resident_row(name="見本　太郎")], [face_row(address="他町9")])
    text = TypeAdapter(RowResult).dump_json(row).decode()
    assert [word for word in ("山﨑", "見本", "他町", "1968", "太田市") if word in text] == []
    assert TypeAdapter(RowResult).validate_json(text) == row


def test_each_result_has_its_word_for_people() -> None:
    """A screen that shows card_missing to a clerk is not finished."""
    assert list(MATCH_TEXT) == list(MatchResult)


def test_a_row_without_its_number_cannot_be_made() -> None:
    """The number is the only thing that joins the three lists."""
    with pytest.raises(ValueError, match="照会番号"):
        issue_row(" ")
