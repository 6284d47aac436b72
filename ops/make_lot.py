"""Synthetic lots of any size and badness: ``python -m ops.make_lot OUT --rows 1200``.

Belongs here: three lists of one delivered lot, and what a right match finds in them, for
the demo, tests and benchmarks. Does not belong here: reading or matching them.

The people are visibly invented (見本, 架空, SAMPLE), as are towns and postal codes; the same
seed gives the same bytes. No number in a lot has twelve digits.
"""

import argparse
import csv
import io
import json
import random
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from domain.lots.matching import MatchResult
from domain.writing.eras import era_short

HEADERS: Mapping[str, tuple[str, ...]] = {
    "issue_list": (
        "通番", "照会番号", "氏名", "氏名カナ", "生年月日", "郵便番号", "住所", "受取方法",
        "納品日",
    ),
    "resident": (
        "照会番号", "氏名", "氏名カナ", "生年月日", "性別", "郵便番号", "住所", "異動区分",
    ),
    "card_face": ("照会番号", "券面氏名", "券面生年月日", "券面住所"),
}  # fmt: skip

_SURNAMES = (
    ("見本", "ﾐﾎﾝ"), ("架空", "ｶｸｳ"), ("例示", "ﾚｲｼﾞ"), ("髙例", "ﾀｶﾚｲ"), ("例﨑", "ﾚｲｻﾞｷ"),
    ("德見本", "ﾄｸﾐﾎﾝ"), ("濵例", "ﾊﾏﾚｲ"), ("仮邉", "ｶﾘﾍﾞ"), ("例齋", "ﾚｲｻｲ"), ("架澤", "ｶｻﾜ"),
)  # fmt: skip
_GIVEN = (("太郎", "ﾀﾛｳ"), ("花子", "ﾊﾅｺ"), ("さくら", "ｻｸﾗ"), ("一", "ﾊｼﾞﾒ"), ("蓮", "ﾚﾝ"))
_FOREIGN = (("SAMPLE JOHN TARO", "ｻﾝﾌﾟﾙ ｼﾞｮﾝ ﾀﾛｳ"), ("EXAMPLE MARIA", "ｴｸﾞｻﾞﾝﾌﾟﾙ ﾏﾘｱ"))
_TOWNS = ("見本町", "架空町", "例示ケ丘町", "仮本町")
_BUILDINGS = ("", "", "", "　サンプル荘①　１０２号", "　メゾン・ド・みほん２０３")
_SHAPES = str.maketrans("髙﨑德濵邉齋澤", "高崎徳浜辺斉沢")
_ROUGH_SHARE = 0.3
_BIRTHS = (date(1927, 1, 1), date(2025, 12, 31))


@dataclass(frozen=True, slots=True, kw_only=True)
class LotPlan:
    """What kind of lot to make."""

    rows: int = 300
    """Cards on the issue list; repeated lines and unexpected cards come on top."""

    seed: int = 1
    delivered: date = date(2026, 6, 1)
    place: str = "群馬県太田市"
    faults: Mapping[MatchResult, int] = field(default_factory=dict)
    """How many cards end in each result other than a match."""

    encoding: str = "cp932"
    rough: bool = False
    """Write many rows otherwise than the register does, meaning the same."""

    unreadable: int = 0
    """Lines of the issue list that are no rows: totals, torn lines."""

    def __post_init__(self) -> None:
        listed = sum(self.faults.values()) - self.faults.get(MatchResult.CARD_UNEXPECTED, 0)
        if listed > self.rows:
            raise ValueError("more faults than cards")
        if MatchResult.MATCH in self.faults:
            raise ValueError("a match is no fault")


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeLot:
    """The files of a lot by name without suffix, and the right answer for each number."""

    files: Mapping[str, bytes]
    expected: Mapping[str, MatchResult]
    delivered: date


@dataclass(slots=True, kw_only=True)
class _Card:
    """One card's lines in each list, before they are written."""

    number: str
    issue: list[dict[str, str]]
    resident: list[dict[str, str]]
    face: list[dict[str, str]]


def spread(rows: int, badness: float) -> dict[MatchResult, int]:
    """Return faults of every kind, in equal parts, for ``badness`` of all cards."""
    kinds = [result for result in MatchResult if result is not MatchResult.MATCH]
    each, rest = divmod(round(rows * badness), len(kinds))
    return {kind: each + (place < rest) for place, kind in enumerate(kinds)}


def make_lot(plan: LotPlan) -> MadeLot:
    """Return a lot as planned; the same plan gives the same bytes."""
    rng = random.Random(plan.seed)  # noqa: S311  -- invented people, not secrets
    todo = [
        result
        for result, count in sorted(plan.faults.items())
        for _ in range(count)
        if result is not MatchResult.CARD_UNEXPECTED
    ]
    todo += [MatchResult.MATCH] * (plan.rows - len(todo))
    rng.shuffle(todo)
    cards: list[_Card] = []
    expected: dict[str, MatchResult] = {}
    for place, result in enumerate(todo, start=1):
        card = _card(plan, rng, place, variant=result is MatchResult.NAME_VARIANT)
        _PLANT[result](card)
        if plan.rough:
            _roughen(card, rng)
        cards.append(card)
        expected[card.number] = result
    for place in range(plan.faults.get(MatchResult.CARD_UNEXPECTED, 0)):
        stray = _card(plan, rng, place, variant=False)
        stray.number = stray.face[0]["照会番号"] = f"ZZ{place:07}"
        cards.append(replace(stray, issue=[], resident=[]))
        expected[stray.number] = MatchResult.CARD_UNEXPECTED
    return MadeLot(files=_files(plan, cards, rng), expected=expected, delivered=plan.delivered)


def _card(plan: LotPlan, rng: random.Random, place: int, *, variant: bool) -> _Card:
    number = f"X{rng.choice('ABCDEFGHJKLMNPQRSTUVWXYZ')}{place:07}"
    name, kana = _name(rng, variant=variant)
    span = (_BIRTHS[1] - _BIRTHS[0]).days
    born = _BIRTHS[0] + timedelta(days=rng.randrange(span))
    address = (
        f"{plan.place}{rng.choice(_TOWNS)}{rng.randrange(1, 2000)}番地{rng.randrange(1, 60)}"
        f"{rng.choice(_BUILDINGS)}"
    )
    person = {
        "照会番号": number,
        "氏名": name,
        "氏名カナ": kana,
        "生年月日": era_short(born),
        "郵便番号": f"000-{rng.randrange(10000):04}",
        "住所": address,
    }
    receipt = "交付時来庁" if rng.random() < 0.68 else "申請時来庁"
    face = {"照会番号": number, "券面氏名": name, "券面住所": address}
    return _Card(
        number=number,
        issue=[person | {"受取方法": receipt, "納品日": era_short(plan.delivered)}],
        resident=[person | {"性別": rng.choice("男女"), "異動区分": ""}],
        face=[face | {"券面生年月日": f"{born:%Y/%m/%d}"}],
    )


def _name(rng: random.Random, *, variant: bool) -> tuple[str, str]:
    if not variant and rng.random() < 0.04:
        return rng.choice(_FOREIGN)
    surnames = [one for one in _SURNAMES if not variant or one[0].translate(_SHAPES) != one[0]]
    surname, given = rng.choice(surnames), rng.choice(_GIVEN)
    return f"{surname[0]}　{given[0]}", f"{surname[1]} {given[1]}"


def _other_shape(card: _Card) -> None:
    card.face[0]["券面氏名"] = card.face[0]["券面氏名"].translate(_SHAPES)


def _other_address(card: _Card) -> None:
    resident = card.resident[0]
    resident["住所"] = resident["住所"].replace("市", "市新", 1)


def _other_birth(card: _Card) -> None:
    born = date.fromisoformat(card.face[0]["券面生年月日"].replace("/", "-"))
    card.face[0]["券面生年月日"] = f"{born + timedelta(days=1):%Y/%m/%d}"


_PLANT: Mapping[MatchResult, Callable[[_Card], None]] = {
    MatchResult.MATCH: lambda _card: None,
    MatchResult.NAME_VARIANT: _other_shape,
    MatchResult.ADDRESS_DIFFERS: _other_address,
    MatchResult.BIRTH_DIFFERS: _other_birth,
    MatchResult.MOVED_OUT: lambda card: card.resident[0].update({"異動区分": "転出"}),
    MatchResult.DECEASED: lambda card: card.resident[0].update({"異動区分": "死亡"}),
    MatchResult.CARD_MISSING: lambda card: card.face.clear(),
    MatchResult.NOT_REGISTERED: lambda card: card.resident.clear(),
    MatchResult.DUPLICATE_ROW: lambda card: card.issue.append(dict(card.issue[0])),
}


def _roughen(card: _Card, rng: random.Random) -> None:
    """Write some lines otherwise, so that they still mean the same."""
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    for face in card.face:
        if rng.random() < _ROUGH_SHARE:
            face["券面氏名"] = face["券面氏名"].replace("　", " ")
            face["券面住所"] = face["券面住所"].replace("番地", "-", 1)
    for resident in card.resident:
        if rng.random() < _ROUGH_SHARE:
            resident["住所"] = resident["住所"].translate(wide).replace("番地", "番地の", 1)
            resident["生年月日"] = resident["生年月日"].translate(wide)
            resident["氏名"] = resident["氏名"].replace("　", " ")


def _files(plan: LotPlan, cards: Sequence[_Card], rng: random.Random) -> dict[str, bytes]:
    issue = [line for card in cards for line in card.issue]
    for place, line in enumerate(issue, start=1):
        line["通番"] = str(place)
    resident = [line for card in cards for line in card.resident]
    face = [line for card in cards for line in card.face]
    rng.shuffle(resident)
    rng.shuffle(face)
    files = {}
    for name, lines in (("issue_list", issue), ("resident", resident), ("card_face", face)):
        headers = list(HEADERS[name])
        if plan.rough:
            rng.shuffle(headers)
            headers.append("備考")
        torn = plan.unreadable if name == "issue_list" else 0
        files[name] = _csv(headers, lines, torn=torn).encode(plan.encoding)
    return files


def _csv(headers: list[str], lines: Sequence[Mapping[str, str]], *, torn: int) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, headers, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(lines)
    out.writelines(f"合計,{place}\r\n" for place in range(torn))
    return out.getvalue()


def write_lot(lot: MadeLot, folder: Path) -> None:
    """Write the lists and ``expected.json`` into ``folder``, which is made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in lot.files.items():
        (folder / f"{name}.csv").write_bytes(content)
    answer: dict[str, Any] = {
        "delivered": lot.delivered.isoformat(),
        "rows": dict(lot.expected),
    }
    text = json.dumps(answer, ensure_ascii=False, indent=1)
    (folder / "expected.json").write_text(text + "\n", encoding="utf-8")


def main(arguments: Sequence[str]) -> None:
    """Make one lot as the command line says."""
    parser = argparse.ArgumentParser(prog="python -m ops.make_lot", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--delivered", type=date.fromisoformat, default=date(2026, 6, 1))
    parser.add_argument("--badness", type=float, default=0.07, help="share of cards at fault")
    parser.add_argument("--encoding", choices=("cp932", "utf-8", "utf-8-sig"), default="cp932")
    parser.add_argument("--rough", action="store_true", help="other ways of writing the same")
    parser.add_argument("--unreadable", type=int, default=0, help="torn lines")
    chosen = parser.parse_args(arguments)
    plan = LotPlan(
        rows=chosen.rows,
        seed=chosen.seed,
        delivered=chosen.delivered,
        faults=spread(chosen.rows, chosen.badness),
        encoding=chosen.encoding,
        rough=chosen.rough,
        unreadable=chosen.unreadable,
    )
    lot = make_lot(plan)
    write_lot(lot, chosen.folder)
    print(f"{len(lot.expected)} numbers, {sum(plan.faults.values())} faults")


if __name__ == "__main__":
    main(sys.argv[1:])
