"""What calls end in, with forms only: an entry into the city's system, and inquiries."""

import csv
import io
import re

import pytest

from domain.parties import Role
from tests.journeys.site import Site

AGEO = "ageo"
WHO = {"kana": "ハッソウ タロウ", "address": "上尾市本町三丁目1番1号", "phone": "048-775-5111"}


def number_in(page: str) -> str:
    """Return the number of the case that a page is about."""
    found = re.search(r"[A-Z]+-[XQ]\d\d-\d{6}-\d", page)
    assert found is not None
    return found[0]


@pytest.mark.req("AGEO-35")
def test_a_form_that_somebody_wants_sent_waits_on_the_list_until_it_is_entered(
    site: Site,
) -> None:
    """
    The agent sees where to send it; the reference of the city's system takes it off the list.
    """
    agent = site.as_(Role.CALL_AGENT, AGEO)
    sent = agent.send(
        agent.form("/external-entries", "/external-entries"), **WHO, what="form_dispatch"
    )
    assert 303 == sent.status_code, sent.text
    path = sent.headers["Location"].partition("?")[0]
    shown = agent.get(path).text
    number = number_in(shown)
    before = agent.get("/external-entries").text

    entered = agent.send(agent.form(path, "do-record_external_entry"), reference="D-7")
    after = agent.get("/external-entries").text

    assert 303 == entered.status_code, entered.text
    assert "ハッソウ　タロウ" in shown
    assert "048-775-5111" in shown
    assert (True, False) == (number in before, number in after)
    assert "D-7" in agent.get(path).text


def test_a_form_that_cannot_be_sent_anywhere_is_asked_for_again(site: Site) -> None:
    """
    With what was typed, and nothing opened.
    """
    agent = site.as_(Role.CALL_AGENT, AGEO)
    form = agent.form("/external-entries", "/external-entries")

    refused = agent.send(form, **(WHO | {"phone": "12"}), what="form_dispatch")
    unsaid = agent.send(form, **WHO, what="")

    assert (422, 422) == (refused.status_code, unsaid.status_code)
    assert "電話番号" in refused.text
    assert 'value="上尾市本町三丁目1番1号"' in refused.text


def test_a_city_without_such_entries_is_not_offered_any(site: Site) -> None:
    """
    Ota's contract names none.
    """
    agent = site.as_(Role.CALL_AGENT)

    told = agent.get("/external-entries").text
    assert "この契約では「市のシステムへの入力」を扱いません" in told
    assert 'href="/external-entries"' not in agent.get("/").text
    assert 'href="/external-entries"' in site.as_(Role.CALL_AGENT, AGEO).get("/").text


@pytest.mark.req("CHIBA-23")
def test_an_inquiry_takes_three_selections(site: Site) -> None:
    """
    What about, how it came, what was done; the rest is the question and the answer.
    """
    staff = site.as_(Role.SUPPORT_STAFF)
    sent = staff.send(
        staff.form("/inquiries", "inquiry"),
        category="venue",
        channel="counter",
        question="窓口はどこか",
    )
    assert 303 == sent.status_code, sent.text
    path = sent.headers["Location"].partition("?")[0]
    number = number_in(staff.get(path).text)
    before = staff.get("/inquiries").text

    done = staff.send(
        staff.form(path, "do-close_inquiry"),
        outcome="referred",
        destination="戸籍住民課",
        reason="=市に確認するよう案内",
    )
    after = staff.get("/inquiries").text

    assert 303 == done.status_code, done.text
    assert (True, False) == (number in before, number in after)
    assert "市へ案内" in staff.get(path).text
    month = site.app.state.desk.clock().strftime("%Y-%m")
    taken = staff.http.get("/api/v1/contracts/ota/inquiries/csv", params={"month": month})
    rows = list(csv.reader(io.StringIO(taken.content.decode("utf-8-sig"))))
    (mine,) = [row for row in rows if row[0] == number]
    assert ["窓口", "会場のこと", "窓口はどこか", "'=市に確認するよう案内", "市へ案内"] == mine[
        2:7
    ]


def test_what_is_missing_of_an_inquiry_is_said_and_nothing_typed_is_lost(site: Site) -> None:
    """
    What looks like a number that may not be kept has to be confirmed to be none.
    """
    agent = site.as_(Role.CALL_AGENT)
    form = agent.form("/inquiries", "inquiry")

    unsorted = agent.send(form, channel="phone", question="持ち物は")
    nowhere = agent.send(form, category="other", channel="pigeon", question="持ち物は")
    silent = agent.send(form, category="other", channel="phone", question=" ")
    number = agent.send(form, category="other", channel="phone", question="123456789018")

    assert [422] * 4 == [each.status_code for each in (unsorted, nowhere, silent, number)]
    assert "持ち物は" in unsorted.text
    assert "記録してはならない番号ではありません" in number.text


def test_who_only_reads_inquiries_gets_no_form(site: Site) -> None:
    """
    An official sees what waits and takes the list of a month.
    """
    page = site.as_(Role.OFFICIAL).get("/inquiries")

    assert 200 == page.status_code
    assert "問合せを記録する" not in page.text
    assert "CSVで出力する" in page.text
