"""Whole pieces of work with forms and links only, as a browser without scripts does them."""

import re
from collections.abc import Mapping
from typing import Any

import pytest

from domain.lots.matching import MatchResult
from domain.parties import Role
from tests.journeys.site import Site, Visitor, form_in
from tests.stack import eventually

UPLOAD = "/lots/new"


def upload(clerk: Visitor, files: Mapping[str, bytes], **typed: Any) -> Any:
    """Send the lists of a lot and return the answer."""
    sent = {name: (f"{name}.csv", content, "text/csv") for name, content in files.items()}
    return clerk.send(clerk.form(UPLOAD, UPLOAD), **sent, **typed)


def step(site: Site, lot_id: str, action: str, **typed: str) -> Any:
    """Do a step with all cards that are ready, and wait until it is done."""
    clerk, path = site.as_(Role.CLERK), f"/cases/{lot_id}"
    answer = clerk.send(clerk.form(path, f"do-{action}"), **typed)
    assert 303 == answer.status_code, answer.text

    async def finished() -> int:
        events = await site.stack.as_(Role.CLERK).timeline(lot_id)
        return sum(
            event["action"] == "batch_finished" and event["detail"]["step"] == action
            for event in events
        )

    site.ask(eventually(finished))
    return answer


@pytest.mark.req("OTA-16")
def test_a_clerk_takes_a_lot_over_after_seeing_what_it_holds(site: Site) -> None:
    """
    Nothing begins before a person has seen the counts, and twice is once.
    """
    clerk = site.as_(Role.CLERK)
    lot = site.lot_files(8, faults={MatchResult.NAME_VARIANT: 1}, unreadable=1)
    kept = upload(clerk, lot.files, count="10", handed_by="市民課")
    preview = clerk.get(kept.headers["Location"]).text
    form = form_in(preview, f"{kept.headers['Location']}/take-over")
    taken = [clerk.send(form).headers["Location"] for _ in range(2)]
    page = clerk.get(taken[0]).text

    assert "カード 8件・うち要判断 1件" in preview
    assert "申告の数と-1件違います" in preview
    assert "14日目" in preview
    assert taken[0] == taken[1]
    assert "数の相違があります" in page


def test_lists_that_cannot_be_taken_over_say_why(site: Site) -> None:
    """
    The clerk has to know which list to ask the city for again.
    """
    clerk, lot = site.as_(Role.CLERK), site.lot_files()
    missing = upload(clerk, {name: lot.files[name] for name in ("issue_list", "resident")})
    swapped = upload(
        clerk, {**lot.files, "resident": lot.files["card_face"]}, handed_by="市民課の係"
    )
    location = upload(clerk, lot.files).headers["Location"]
    clerk.send(clerk.form(location, f"{location}/take-over"))
    again = clerk.get(upload(clerk, lot.files).headers["Location"])

    assert (422, True) == (missing.status_code, "「券面事項の一覧」のファイル" in missing.text)
    assert (422, True) == (
        swapped.status_code,
        "この種類の一覧表ではありません" in swapped.text,
    )
    assert 'value="市民課の係"' in swapped.text
    assert "この納品分はすでに取り込まれています" in again.text
    assert "件を取り込む" not in again.text


def test_a_draft_is_its_uploaders_alone(site: Site) -> None:
    """
    Lists of people are not shown to whoever guesses an address.
    """
    clerk, manager = site.as_(Role.CLERK), site.as_(Role.SITE_MANAGER)
    path = upload(clerk, site.lot_files().files).headers["Location"]

    assert 200 == clerk.get(path).status_code
    assert "控えが見つかりません" in manager.get(path).text
    clerk.send(clerk.form(path, f"{path}/drop"))
    assert "控えが見つかりません" in clerk.get(path).text


@pytest.mark.req("OTA-20")
def test_a_lot_reaches_the_official_by_forms_alone(site: Site) -> None:
    """
    The two weeks end with the receipt, and a wrong count is no receipt.
    """
    lot_id = site.lot(3)
    step(site, lot_id, "record_pre_issue_setup", terminal="T-01")
    for action, typed in (
        ("make_notice", {}),
        ("update_destination", {"terminal": "T-01"}),
        ("seal", {}),
        ("prepare_dispatch", {"mail_kind": "registered_mail"}),
        ("hand_over", {}),
    ):
        if f'id="do-{action}"' in site.as_(Role.CLERK).get(f"/cases/{lot_id}").text:
            step(site, lot_id, action, **typed)
    official = site.as_(Role.OFFICIAL)
    slip_id = site.ask(site.stack.as_(Role.OFFICIAL).get(f"/api/v1/cases/{lot_id}/slips"))
    form_id = f"do-acknowledge_receipt-{slip_id.json()['items'][0]['slip_id']}"
    wrong = official.send(official.form("/", form_id), count="2")
    refusal = re.findall(r'role="alert".*?</div>', wrong.text, re.S)
    right = official.send(form_in(wrong.text, form_id), count="3")

    assert (409, True) == (
        wrong.status_code,
        "受け取った数が引渡しの数と異なります" in wrong.text,
    ), refusal
    assert 'value="2"' in wrong.text
    assert (303, "/?done=acknowledge_receipt") == (
        right.status_code,
        right.headers["Location"],
    )


def test_a_document_is_handed_out_and_the_reading_recorded(site: Site) -> None:
    """
    Whoever opens the notices of a lot has seen every person on them.
    """
    lot_id = site.lot(8)
    clerk, path = site.as_(Role.CLERK), f"/cases/{lot_id}"
    step(site, lot_id, "record_pre_issue_setup", terminal="T-01")
    step(site, lot_id, "make_notice")
    found = re.findall(rf'href="({path}/documents/[^"]+)"', clerk.get(path).text)
    opened = clerk.get(found[0])
    refused = site.as_(Role.OPERATIONS_MANAGER).get(found[0])

    assert opened.content.startswith(b"%PDF")
    assert opened.headers["Content-Disposition"].startswith("attachment")
    assert 403 == refused.status_code
    assert "書類を開く" in site.as_(Role.OFFICIAL).get(f"{path}/accesses").text


def test_a_form_sent_twice_is_one_act(site: Site) -> None:
    """
    A double click is not two decisions.
    """
    lot_id = site.lot(3, faults={MatchResult.NAME_VARIANT: 1})
    clerk, card = site.as_(Role.CLERK), site.card(lot_id, "undecided")
    form = clerk.form(f"/cases/{card}", "do-decide_mismatch")
    typed = {"decision": "return_to_city", "reason": "字体が違うため"}
    answers = [clerk.send(form, **typed).status_code for _ in range(2)]

    assert [303, 303] == answers
    assert 1 == len(site.events(card, "decide_mismatch"))


def test_a_refusal_keeps_what_was_typed(site: Site) -> None:
    """
    Nobody writes a reason twice because a choice was missing.
    """
    lot_id = site.lot(3, faults={MatchResult.NAME_VARIANT: 1})
    clerk, card = site.as_(Role.CLERK), site.card(lot_id, "undecided")
    form = clerk.form(f"/cases/{card}", "do-decide_mismatch")
    refused = clerk.send(form, reason="市民課に電話で確認した")

    assert 422 == refused.status_code
    assert "市民課に電話で確認した</textarea>" in refused.text
    assert [] == site.events(card, "decide_mismatch")


def test_a_forbidden_number_is_not_shown_again(site: Site) -> None:
    """
    What must never be kept must not stay on a screen either.
    """
    lot_id = site.lot(3, faults={MatchResult.NAME_VARIANT: 1})
    clerk, card = site.as_(Role.CLERK), site.card(lot_id, "undecided")
    form = clerk.form(f"/cases/{card}", "do-decide_mismatch")
    refused = clerk.send(form, decision="return_to_city", reason="マイナンバー 123456789018")

    assert 422 == refused.status_code
    assert "123456789018" not in refused.text
    assert "記録してはならない番号" in refused.text


def card_named(site: Site, name: str) -> str:
    """Take over a lot whose people carry ``name`` in theirs; return one of its cards."""
    files = {
        list_: content.replace("見本".encode("cp932"), name.encode("cp932"))
        for list_, content in site.lot_files(40).files.items()
    }
    clerk = site.stack.as_(Role.CLERK)
    rows = site.ask(clerk.take_over(files)).json()["rows"]
    for row in rows:
        person = f"/api/v1/cases/{row['case_id']}/person"
        if name in site.ask(clerk.get(person, purpose="試験")).json()["name"]:
            case_id: str = row["case_id"]
            return case_id
    raise AssertionError("nobody carries the name")


def test_what_people_type_is_text_and_never_markup(site: Site) -> None:
    """
    A reason is shown to auditors and officials for years.
    """
    hostile = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>"
    lot_id = site.lot(3, faults={MatchResult.NAME_VARIANT: 1})
    clerk, card = site.as_(Role.CLERK), site.card(lot_id, "undecided")
    form = clerk.form(f"/cases/{card}", "do-decide_mismatch")
    refused = clerk.send(form, reason=hostile)
    clerk.send(form, decision="return_to_city", reason=hostile)
    named = card_named(site, "見<img src=x>")
    manager = site.as_(Role.SITE_MANAGER)
    closure = manager.form("/calendar", "/calendar/closures")
    manager.send(closure, day="2027-01-20", cause=hostile)
    pages = [
        refused.text,
        clerk.get(f"/cases/{card}").text,
        site.as_(Role.AUDITOR).get(f"/cases/{card}/record").text,
        manager.get("/calendar").text,
        clerk.send(clerk.form("/", "/search"), q=hostile).text,
        clerk.get(f"/cases?stage={hostile}&owner={hostile}").text,
    ]

    assert "&lt;script&gt;" in pages[1]
    assert "見&lt;img src=x&gt;" in clerk.get(f"/cases/{named}").text
    assert not [page for page in pages if "<script>alert" in page or "<img src=x" in page]
