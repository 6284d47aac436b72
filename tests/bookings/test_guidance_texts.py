"""What people are told before they come, and a contract that runs longer than was agreed."""

from datetime import date

from domain.parties import Role
from store import contract_state
from store.scope import scope
from tests.bookings import centre, venue
from tests.stack import Stack

TEXTS = f"/api/v1/contracts/{venue.CITY}/guidance"


async def test_a_text_is_followed_by_a_new_version_and_never_changed(stack: Stack) -> None:
    """
    The proof that somebody was told names the version they were told.
    """
    venue.prepare(stack)
    manager = stack.as_(Role.SITE_MANAGER, venue.CITY)
    texts = ["本人確認書類をお持ちください。", "本人確認書類を2点お持ちください。"]

    numbers = [
        (await manager.post(TEXTS, json={"text": each})).json()["number"] for each in texts
    ]
    own = await manager.post(TEXTS, json={"text": "正面入口から。", "site": venue.SITE})

    assert [1, 2] == numbers
    assert f"{venue.SITE}/ja/1" == own.json()["version"]
    listed = await stack.as_(Role.CALL_AGENT, venue.CITY).get(TEXTS)
    assert [*reversed(texts), "正面入口から。"] == [i["text"] for i in listed.json()["items"]]


async def test_a_text_with_a_number_that_must_not_be_kept_is_refused(stack: Stack) -> None:
    """
    It is read out to everybody who books.
    """
    venue.prepare(stack)
    manager = stack.as_(Role.SITE_MANAGER, venue.CITY)

    answers = [
        (await manager.post(TEXTS, json={"text": text, **more})).json()["code"]
        for text, more in (
            ("マイナンバー 123456789018 を控えてください", {}),
            ("   ", {}),
            ("持ち物", {"site": "no-such-place"}),
            ("持ち物", {"language": "klingon"}),
        )
    ]

    assert ["ForbiddenNumber", "FieldMissing", "FieldMissing", "InvalidRequest"] == answers


async def test_a_term_is_prolonged_by_an_amendment(stack: Stack) -> None:
    """
    The venue calendar ends with the term and goes on with it.
    """
    venue.prepare(stack)
    manager = stack.as_(Role.OPERATIONS_MANAGER, venue.CITY)
    path = f"/api/v1/contracts/{venue.CITY}/extension"
    body = {"until": "2023-06-30", "agreement": "変更契約第1号"}

    nameless = await manager.post(path, json=body | {"agreement": " "})
    earlier = await manager.post(path, json=body | {"until": "2023-03-31"})
    done = await manager.post(path, key="once", json=body)
    again = await manager.post(path, key="once", json=body)
    shorter = await manager.post(path, json=body | {"until": "2023-05-31"})

    assert ["FieldMissing", "ExtensionNotLater", "ExtensionNotLater"] == [
        each.json()["code"] for each in (nameless, earlier, shorter)
    ]
    assert (201, done.json()) == (done.status_code, again.json())
    with scope(stack.engine, venue.CITY) as connection:
        kept = contract_state.extension(connection, venue.CITY, venue.CITY)
    assert kept == contract_state.Extension(until=date(2023, 6, 30), agreement="変更契約第1号")
    path = f"/api/v1/contracts/{venue.CITY}"
    shown = await manager.get(
        f"{path}/calendars/venue", **{"from": "2023-06-30", "to": "2023-07-01"}
    )
    assert [True, False] == [day["open"] for day in shown.json()["days"]]
    assert "2023-06-30" == (await manager.get(path)).json()["extended_to"]


async def test_what_nobody_signed_cannot_be_prolonged(stack: Stack) -> None:
    """
    Its term has not even begun.
    """
    manager = stack.as_(Role.OPERATIONS_MANAGER, centre.CITY)
    body = {"until": "2030-03-31", "agreement": "変更契約第1号"}

    answer = await manager.post(f"{centre.API}/extension", json=body)

    assert "ContractDateMissing" == answer.json()["code"]
