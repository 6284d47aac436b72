"""Values nobody should send, in every place of every route: refused, never an error of ours."""

import json
import random
import string
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import quote

import httpx

from domain.parties import Role
from tests.lots import work
from tests.stack import Stack

MARK = "HOSTILE7F3A"
REQUESTS = 2_500
LISTS = ("issue_list", "resident", "card_face")
ODD = (
    "\x00", "\ud800", "\u202e", "\ufeff", "\u2028", "🏯", "髙", "ﾊﾟ", "e\u0301", "'", '"', "`",
    "\\", "/", "../", "%00", "%ff", "%2e%2e%2f", "{{7*7}}", "${7}", "<script>", "--", ";",
    "' OR 1=1 --", "\r\nX-Injected: 1", "=1+1", "@SUM(1)", "null", "undefined", "NaN",
    "9" * 400, "-1", "1e999", "0x1f", "٣", "１２３", " " * 300, "あ" * 5_000,
    "令和99年99月99日",
)  # fmt: skip
INSTEAD: tuple[Any, ...] = (
    None, True, 0, -1, 2**63, 2**200, 1.5e308, [], {}, [[[[]]]], {"a": {"b": [1]}}, "",
    [MARK] * 50, {MARK: MARK},
)  # fmt: skip


def texts(chance: random.Random) -> str:
    """Return a text with the mark and something odd in it."""
    parts = [chance.choice(ODD) for _ in range(chance.randrange(1, 4))]
    letters = "".join(chance.choices(string.printable, k=chance.randrange(8)))
    parts += [MARK, letters]
    chance.shuffle(parts)
    return "".join(parts)


def values(chance: random.Random) -> Any:
    """Return a value for a body."""
    return chance.choice(INSTEAD) if chance.random() < 0.3 else texts(chance)


class Sender:
    """Fills routes with hostile values, some of them well formed, and counts them."""

    def __init__(self, spec: dict[str, Any], known: dict[str, str], seed: int) -> None:
        self.count = 0
        self._chance = random.Random(seed)
        self._known = known
        self._schemas = spec["components"]["schemas"]
        self._routes = [
            (method, path, operation)
            for path, methods in spec["paths"].items()
            for method, operation in methods.items()
            # Logging in counts attempts and would only be told to wait; see test_auth_door.
            if not path.endswith(("/session", "/readyz"))
        ]

    def requests(self, number: int) -> Iterator[dict[str, Any]]:
        for _ in range(number):
            method, path, operation = self._chance.choice(self._routes)
            yield self._request(method, path, operation)

    def _request(self, method: str, path: str, operation: dict[str, Any]) -> dict[str, Any]:
        query: dict[str, str] = {}
        headers = {name: self._plain() for name in ("User-Agent", "Accept", "Cookie")}
        for parameter in operation.get("parameters", []):
            name = parameter["name"]
            if parameter["in"] == "path":
                path = path.replace(f"{{{name}}}", self._segment(name))
            elif parameter["in"] == "header":
                headers["Idempotency-Key"] = self._plain()
            elif self._chance.random() < 0.7 or parameter.get("required"):
                query[name] = self._in_query(name)
        encoded = "&".join(
            f"{quote(name)}={quote(value, errors='surrogatepass')}"
            for name, value in query.items()
        )
        given = {"method": method.upper(), "url": f"{path}?{encoded}", "headers": headers}
        return given | self._body(operation)

    def _segment(self, name: str) -> str:
        if self._chance.random() < 0.75:
            return self._known.get(name, "x")
        self.count += 1
        return quote(texts(self._chance)[:300], safe="", errors="surrogatepass")

    def _in_query(self, name: str) -> str:
        if name in self._known and self._chance.random() < 0.5:
            return self._known[name]
        self.count += 1
        return texts(self._chance)[:1500]

    def _plain(self) -> str:
        self.count += 1
        return "".join(self._chance.choices(string.ascii_letters + "!;'\"%", k=20))

    def _body(self, operation: dict[str, Any]) -> dict[str, Any]:
        content = operation.get("requestBody", {}).get("content", {})
        if "multipart/form-data" in content:
            self.count += 5
            junk = {name: (self._clean(), self._clean().encode()) for name in LISTS}
            return {"files": junk, "data": {"count": "x", "handed_by": "y"}}
        if not content:
            return {}
        schema = content["application/json"]["schema"]
        reference = schema.get("$ref", "").rpartition("/")[2]
        fields = self._schemas.get(reference, {}).get("properties", {"reason": {}, "count": {}})
        body = {name: self._field(name) for name in fields}
        if not reference:
            # Steps of cases are answered by their courses; here nothing may get that far.
            body[MARK] = values(self._chance)
        self.count += len(body)
        text = json.dumps(body)
        if self._chance.random() < 0.05:
            text = text[: self._chance.randrange(len(text))]
        return {"content": text.encode("utf-8", "surrogatepass")}

    def _clean(self) -> str:
        return texts(self._chance).replace("\x00", "").encode("utf-8", "replace").decode()

    def _field(self, name: str) -> Any:
        if name in self._known and self._chance.random() < 0.7:
            return self._known[name]
        return values(self._chance)


async def send(stack: Stack, token: str, request: dict[str, Any]) -> httpx.Response:
    headers = request.pop("headers") | {"Authorization": f"Bearer {token}"}
    if "content" in request:
        headers["Content-Type"] = "application/json"
    return await stack.http.request(headers=headers, **request)


async def test_ten_thousand_hostile_values_are_no_error_of_ours_and_never_repeated(
    stack: Stack,
) -> None:
    """
    A fault would tell how we are built; an echo would put somebody's data into a log.
    """
    lot = await work.take_over(stack, work.small_lot())
    known = {
        "case_id": lot["case_id"],
        "slug": "ota",
        "name": "counter",
        "action": "take_back",
        "from": "2026-09-01",
        "to": "2026-09-30",
        "purpose": "確認",
        "calendar": "counter",
        "day": "2026-09-24",
        "procedure": "card_delivery",
        "site": "city_hall",
        "contract_date": date(2026, 4, 1).isoformat(),
        "from_day": "2026-09-24",
        "to_day": "2026-09-25",
        "reason": "moved",
    }
    spec = (await stack.http.get("/openapi.json")).json()
    sender = Sender(spec, known, seed=1)
    roles = [stack.as_(role).token for role in Role]
    seen: Counter[int] = Counter()
    faults: list[Any] = []
    async with stack.staffed():
        for number, request in enumerate(sender.requests(REQUESTS)):
            about = (request["method"], request["url"][:160], request.get("content", b"")[:300])
            answer = await send(stack, roles[number % len(roles)], request)
            seen[answer.status_code] += 1
            if answer.status_code >= 500 or (answer.is_error and MARK in answer.text):
                faults.append((answer.status_code, about, answer.text[:200]))

    assert [] == faults, (len(faults), faults[:12])
    assert sender.count >= 10_000
    assert {200, 403, 404, 422} <= set(seen), seen


async def test_characters_that_nobody_types_are_refused_in_every_text_of_a_step(
    stack: Stack,
) -> None:
    """
    A course that has taken one over can neither record it nor go on.
    """
    clerk, manager = stack.as_(Role.CLERK), stack.as_(Role.SITE_MANAGER)
    lot_id = (await work.take_over(stack, work.small_lot(3, seed=5)))["case_id"]
    answers = [
        await person.act(lot_id, action, **body | {name: f"見本{odd}"})
        for odd in ("\x00", "\x1b", "\x7f")
        for person, action, name, body in (
            (clerk, "record_pre_issue_setup", "terminal", {}),
            (clerk, "offer_handoff", "section", {"reason": "確認"}),
            (clerk, "offer_handoff", "reason", {"section": "係"}),
            (manager, "suspend_deadline", "reason", {}),
        )
    ]
    case = await clerk.case(lot_id)
    async with stack.staffed():
        after = await clerk.act(lot_id, "record_pre_issue_setup", terminal="見本\n2行目")
        await work.settled(stack, lot_id)

    assert {(422, "UnusableCharacter")} == {(a.status_code, a.json()["code"]) for a in answers}
    assert [] == case["open_handoffs"]
    assert 200 == after.status_code
