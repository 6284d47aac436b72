"""Networks, IDs and retention on pages, without a script."""

from domain.parties import Role
from ops import accounts
from tests.journeys import desk
from tests.journeys.site import Site

AGEO = "ageo"
PLACES = "/contract/call-centre-places"


def test_a_manager_registers_and_withdraws_networks_on_the_contracts_page(site: Site) -> None:
    """
    With the own address beside the field; a wrong one comes back with the reason.
    """
    site.as_(Role.CALL_AGENT, AGEO)  # Its centre has one place and one network.
    manager, official = (site.as_(role, AGEO) for role in (Role.SITE_MANAGER, Role.OFFICIAL))
    form = manager.form("/contract", f"{PLACES}/1/networks")
    wide = manager.send(form, network="0.0.0.0/0")
    done = manager.send(form, network="203.0.113.0/24", label="予備の回線")
    section = desk.section(manager.get("/contract").text, "コールセンターの場所")
    withdrawn = manager.send(manager.form("/contract", f"{PLACES}/1/networks/2/withdraw"))

    assert (422, 303, 303) == (wide.status_code, done.status_code, withdrawn.status_code)
    assert "広すぎます" in wide.text
    assert "あなたのいまの接続元は 127.0.0.1" in section
    assert "203.0.113.0/24" in section
    assert "予備の回線" not in manager.get("/contract").text
    assert "回線を登録する" not in official.get("/contract").text


def test_a_place_is_not_approved_without_the_citys_document(site: Site) -> None:
    """
    The form asks for it, and what comes without it is sent back with the reason.
    """
    site.as_(Role.CALL_AGENT, AGEO)
    manager, official = (site.as_(role, AGEO) for role in (Role.SITE_MANAGER, Role.OFFICIAL))
    proposed = manager.form("/contract", PLACES)
    manager.send(proposed, name="新センター", address="埼玉県上尾市", country="JP")
    answer = official.send(official.form("/contract", f"{PLACES}/2/approve"), document="")

    assert (422, True) == (answer.status_code, "承認書がないと使えません" in answer.text)


def test_ids_are_entered_and_a_leavers_stand_first_until_revoked(site: Site) -> None:
    """
    The city reads the register and changes nothing in it.
    """
    manager, official = site.as_(Role.SITE_MANAGER), site.as_(Role.OFFICIAL)
    site.employ("leaver", Role.CLERK)
    empty = manager.get("/core-ids").text
    form = manager.form("/core-ids", "/core-ids")
    refused = manager.send(form, login="leaver", core_id="空白 あり", issued_on="2026-04-01")
    manager.send(form, login="leaver", core_id="K-1", issued_on="2026-04-01")
    accounts.disable(site.stack.engine, "leaver", now=site.stack.clock())
    left = official.get("/core-ids").text
    manager.send(manager.form("/core-ids", "/core-ids/1/revoke"))

    assert "まだ記録がありません" in empty
    assert (422, True) == (refused.status_code, "半角" in refused.text)
    assert "失効が必要" in left
    assert "/core-ids/1/revoke" not in left
    assert "失効が必要" not in manager.get("/core-ids").text


def test_retention_says_why_nothing_is_disposed_of_and_keeps_cases(site: Site) -> None:
    """
    Without a rule no list is offered; a case is kept and let go by the city.
    """
    official, manager = site.as_(Role.OFFICIAL), site.as_(Role.SITE_MANAGER)
    lot = site.ask(site.stack.as_(Role.CLERK).case(site.lot(2)))
    page = manager.get("/retention").text
    form = official.form("/retention", "/retention/holds")
    unknown = official.send(form, case_number="ない", cause="開示請求の審査中")
    official.send(form, case_number=lot["case_number"], cause="開示請求の審査中")
    kept = official.get("/retention").text

    assert "何も廃棄しません" in page
    assert "/retention/lists" not in page
    assert 404 == unknown.status_code
    assert lot["case_number"] in kept
    lift = next(part for part in kept.split('action="') if part.startswith("/retention/holds/"))
    official.send(official.form("/retention", lift.partition('"')[0]))
    assert "保全中の案件はありません" in official.get("/retention").text


def test_a_second_browser_is_told_how_to_move(site: Site) -> None:
    """
    From another address; the mark stands on the form that was refused.
    """
    site.employ("mover", Role.CLERK)
    first, second = site.stranger(), site.stranger()
    first.log_in("mover")
    second.http.headers["User-Agent"] = "Chrome/200"
    refused = second.log_in("mover")
    form_has_mark = 'name="move"' in refused.text
    sent = {
        "login": "mover",
        "password": "正しい馬と電池とホチキス",
        "next": "/",
        "move": "yes",
    }
    moved = second.http.post("/login", data=sent)

    assert (409, True, 303) == (refused.status_code, form_has_mark, moved.status_code)
    assert "/login" in first.get("/cases").headers["Location"]
