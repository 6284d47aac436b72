"""Editions of the knowledge base as tests bring them about: over HTTP, step by step.

Here: writing, putting together, handing in, approving. Not here: what tests expect.
"""

from datetime import datetime
from typing import Any

from activities.obligations import ObligationOpener
from domain.knowledge.edition import Edition
from domain.obligations.obligation import Obligation
from domain.parties import Role
from store import knowledge
from store.scope import scope
from tests.obligations_at_hand import a_promise, keep
from tests.stack import Stack, eventually

ANSWER = {
    "category": "certificate_and_pin",
    "title": "暗証番号を忘れたときは",
    "body": "窓口で再設定できます。",
    "reason": "最初の版",
}


def path(city: str, end: str = "knowledge") -> str:
    """Return where a city's articles are, or what belongs to them."""
    return f"/api/v1/contracts/{city}/{end}"


def let_it_run(stack: Stack, city: str, now: datetime) -> None:
    """Let it be a moment at which the contract owes its documents."""
    stack.clock.now = now
    ObligationOpener(stack.engine, stack.keys, stack.book, clock=lambda: now).look_at(city)


async def written(stack: Stack, city: str, **more: Any) -> dict[str, int]:
    """Write an article, or its next version; return both numbers."""
    answer = await stack.as_(Role.CLERK, city).post(path(city), json=ANSWER | more)
    assert 201 == answer.status_code, answer.text
    found: dict[str, int] = answer.json()
    return found


def let_be_used(stack: Stack, city: str, *since: datetime) -> None:
    """Let the first versions of the first article be approved, each from its moment on.

    The document has no course: one city's has the same id in every test, and is for one.
    """
    code = {"chiba": "manual_qa"}.get(city, "manual_and_faq")
    value: Obligation = a_promise(city, code)
    with scope(stack.engine, city) as connection:
        for number, at in enumerate(since, 1):
            edition = Edition(
                number=number, entries=((1, number),), digest=f"digest-{number}", made_at=at
            )
            knowledge.add_edition(connection, city, city, edition, by="system")
            value = value.save(edition.reference, (), at, provisional=False)
            value = value.submit(at, late=False).approve(at, late=False)
    keep(stack.engine, stack.keys, value, slug=city)


async def handed_in(stack: Stack, city: str) -> str:
    """Put an edition together and hand it in; return the case of the document."""
    manager = stack.as_(Role.SITE_MANAGER, city)
    # The relay may not have handed the course over yet; the same key asks again.
    made = await eventually(
        lambda: manager.post(path(city, "knowledge-editions"), key="edition-of-a-test"),
        lambda answer: answer.status_code == 201,
    )
    case_id: str = made.json()["case_id"]
    submitted = await manager.act(case_id, "submit_version")
    assert 200 == submitted.status_code, submitted.text
    return case_id


async def approve(stack: Stack, city: str, document: str) -> None:
    """Let the city approve what was handed in."""
    answer = await stack.as_(Role.OFFICIAL, city).act(document, "approve_version")
    assert 200 == answer.status_code, answer.text


async def found(
    stack: Stack, city: str, words: str = "", role: Role = Role.OPERATOR
) -> list[tuple[int, int]]:
    """Return article and version of what somebody finds."""
    answer = await stack.as_(role, city).get(path(city), q=words)
    assert 200 == answer.status_code, answer.text
    return [(each["article"], each["number"]) for each in answer.json()["items"]]
