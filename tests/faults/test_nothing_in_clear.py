"""After a journey with planted names and numbers nothing of them lies anywhere in clear."""

import base64
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import httpx
import pytest

from domain.parties import Role
from ops.make_lot import LotPlan, make_lot
from tests.faults.installation import Installation
from tests.ops.waiting import eventually

NUMBERS = ("621498320257", "983205673214", "123456789018")
PLANTED = {
    "name": "植込　秘太郎",
    "kana": "ｳｴｺﾐ ﾋﾀﾛｳ",
    "address": "群馬県太田市植込秘町",
    "handed_by": "植込秘係長",
    "reason": "植込秘理由あり",
    "note": "植込秘備考あり",
}
IN_CLEAR = "T-CONTROL-77"
NOTED = (*NUMBERS, "暗証番号は8712", *PLANTED.values())


def ways(text: str) -> Iterator[bytes]:
    """Yield how a text may lie in a file."""
    yield text.encode()
    yield text.encode("cp932")
    yield text.encode("utf-16-le")
    yield text.encode("unicode_escape")
    yield text.encode().hex().encode()
    for shift in range(3):
        # Of base64 only what does not depend on its neighbours.
        coded = base64.b64encode(b"\0" * shift + text.encode())
        yield coded[4:-4]


def found_in(folder: Path, text: str) -> list[str]:
    wanted = [way for way in ways(text) if len(way) > 5]
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            content = path.read_bytes()
            if any(way in content for way in wanted):
                found.append(str(path.relative_to(folder)))
    return found


def planted_lot() -> dict[str, tuple[str, bytes]]:
    lot = make_lot(LotPlan(rows=2, seed=31, delivered=date(2026, 11, 30)))
    files = {}
    for name, content in lot.files.items():
        header, *lines = content.decode("cp932").splitlines()
        columns = header.split(",")
        planted = []
        for line in lines:
            cells = dict(zip(columns, line.split(","), strict=True))
            for column in ("氏名", "券面氏名"):
                cells |= {column: PLANTED["name"]} if column in cells else {}
            for column in ("住所", "券面住所"):
                cells |= {column: PLANTED["address"]} if column in cells else {}
            cells |= {"氏名カナ": PLANTED["kana"]} if "氏名カナ" in cells else {}
            planted.append(",".join(cells[column] for column in columns))
        text = "\r\n".join([header, *planted]) + "\r\n"
        files[name] = (f"{PLANTED['name']}.csv", text.encode("cp932"))
    return files


def journey(there: Installation) -> tuple[str, str]:
    """Take the lot over, make a notice, register mail; return the lot and a card."""
    taken = there.ask(
        Role.CLERK,
        "POST",
        "/api/v1/contracts/ota/card-lots",
        files=planted_lot(),
        data={"handed_by": PLANTED["handed_by"], "count": "3"},
    )
    assert 201 == taken.status_code, taken.text
    lot, card = taken.json()["case_id"], taken.json()["rows"][0]["case_id"]
    settled = there.act(Role.SITE_MANAGER, lot, "settle_discrepancy", reason=PLANTED["reason"])
    assert 200 == settled.status_code
    for action in ("record_pre_issue_setup", "make_notice", "take_back"):
        body = {
            "record_pre_issue_setup": {"terminal": IN_CLEAR},
            "take_back": {"reason": PLANTED["reason"]},
        }.get(action, {})
        answer = there.act(Role.CLERK, card, action, **body)
        assert answer.status_code in {200, 409}, answer.text
    there.act(Role.SITE_MANAGER, card, "suspend_deadline", reason=PLANTED["reason"])
    there.act(Role.CLERK, card, "offer_handoff", section="係", reason=PLANTED["reason"])
    number = there.ask(Role.CLERK, "GET", f"/api/v1/cases/{card}").json()["case_number"]
    mail = {"case_number": number, "reason": "moved", "note": PLANTED["note"]}
    registered = there.ask(Role.CLERK, "POST", "/api/v1/contracts/ota/returned-mail", json=mail)
    assert 201 == registered.status_code, registered.text
    return lot, card


def refused_everywhere(there: Installation, lot: str, card: str, secret: str) -> list[int]:
    """Try to leave a secret in every text the interface takes; return the answers."""
    answers = [
        there.act(Role.CLERK, lot, "record_pre_issue_setup", terminal=secret),
        there.act(Role.CLERK, card, "take_back", reason=secret),
        there.act(Role.CLERK, card, "offer_handoff", section=secret, reason="確認"),
        there.act(Role.SITE_MANAGER, lot, "suspend_deadline", reason=secret),
    ]
    city = "/api/v1/contracts/ota"
    for role, path, body in (
        (Role.CLERK, "returned-mail", {"case_number": "x", "reason": "moved", "note": secret}),
        (
            Role.OFFICIAL,
            "closures",
            {"calendar": "counter", "day": "2026-09-24", "cause": secret},
        ),
        (Role.CLERK, "check-ins", {"site": "city_hall", "desk": secret}),
        (
            Role.SITE_MANAGER,
            "sites",
            {
                "name": secret,
                "from_day": "2026-09-24",
                "to_day": "2026-09-25",
                "agreement": "x",
            },
        ),
    ):
        answers.append(there.ask(role, "POST", f"{city}/{path}", json=body))
    upload = planted_lot()
    name, content = upload["resident"]
    upload["resident"] = (name, content.replace("秘町".encode("cp932"), secret.encode("cp932")))
    answers.append(there.ask(Role.CLERK, "POST", f"{city}/card-lots", files=upload))
    good = planted_lot()
    answers.append(
        there.ask(
            Role.CLERK, "POST", f"{city}/card-lots", files=good, data={"handed_by": secret}
        )
    )
    assert not [answer for answer in answers if secret in answer.text]
    return [answer.status_code for answer in answers]


@pytest.mark.timeout(600)
def test_names_numbers_and_reasons_lie_nowhere_in_clear(installation: Installation) -> None:
    """
    Every table, the engine's database, logs, metrics: one search of everything kept.
    """
    lot, card = journey(installation)
    secrets = [f"マイナンバー {number}" for number in NUMBERS] + ["暗証番号は8712です"]
    answers = [refused_everywhere(installation, lot, card, secret) for secret in secrets]
    eventually(lambda: len(installation.timeline(card)) >= 3)
    person = installation.ask(
        Role.OFFICIAL, "GET", f"/api/v1/cases/{card}/person", params={"purpose": "確認"}
    )
    metrics = httpx.get(f"{installation.facts['url']}/metrics").text
    tables = everything(installation)

    assert {422} == {status for each in answers for status in each}, answers
    assert PLANTED["name"] == person.json()["name"]
    assert {} == {text: tables.count(text) for text in NOTED if text in tables}
    assert [] == [text for text in NOTED if text in metrics]
    assert {} == {t: where for t in NOTED if (where := found_in(installation.directory, t))}
    # The control: what may stand in clear is found by the same search.
    assert IN_CLEAR in tables
    assert found_in(installation.directory, IN_CLEAR)


def everything(there: Installation) -> str:
    """Return every row of every table as text."""
    names = there.rows(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " AND relkind IN ('r', 'p') AND NOT relispartition"
        " AND has_table_privilege(oid, 'SELECT')"
    )
    rows = [
        row["all"]
        for name in names
        for row in there.rows(f"SELECT t::text AS all FROM {name['relname']} t")
    ]
    assert rows
    return "\n".join(rows)
