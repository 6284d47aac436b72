"""Reporting what must not be forgotten, and dealing with it, with forms only."""

from domain.parties import Role
from tests.journeys.site import Site

AGEO = "ageo"


def test_a_booth_that_fails_is_reported_in_three_inputs_and_seen_by_all(site: Site) -> None:
    """
    What, which and how; it stands on the list with its clock, and the booth as out of use.
    """
    operator, manager = site.as_(Role.OPERATOR, AGEO), site.as_(Role.SITE_MANAGER, AGEO)
    sent = operator.send(
        operator.form("/incidents", "incident"),
        kind="fault",
        thing="booth_3",
        what="画面が映らない",
    )
    assert 303 == sent.status_code, sent.text
    path = sent.headers["Location"].partition("?")[0]

    stopped = operator.send(operator.form(path, "do-take_out_of_service"))
    listed = manager.get("/incidents").text
    replaced = operator.send(operator.form(path, "do-assign_substitute"), substitute="予備")
    after = manager.get("/incidents").text
    case = manager.get(path).text

    assert (303, 303) == (stopped.status_code, replaced.status_code)
    assert "3番ブース：使用中止" in listed
    assert path in listed
    assert "3番ブース：代わりの機器で運用" in after
    assert "画面が映らない" in case
    assert "画面が映らない" not in after
    assert "機器・ブースの故障" in case


def test_what_is_missing_of_a_report_is_said_and_nothing_typed_is_lost(site: Site) -> None:
    """
    What looks like a number that may not be kept has to be confirmed to be none.
    """
    agent = site.as_(Role.CALL_AGENT)
    form = agent.form("/incidents", "incident")

    unsorted = agent.send(form, what="待たされた")
    number = agent.send(form, kind="complaint", what="123456789018")

    assert [422, 422] == [unsorted.status_code, number.status_code]
    assert "待たされた" in unsorted.text
    assert "記録してはならない番号ではありません" in number.text


def test_who_only_looks_gets_no_form_and_a_city_only_the_kinds_of_its_contract(
    site: Site,
) -> None:
    """
    An auditor sees what is open; Chiba's contract speaks of vacancies and of no faults.
    """
    auditor = site.as_(Role.AUDITOR).get("/incidents")
    # Chiba's term is over by then, and who renders account is still there.
    chiba = site.as_(Role.OPERATIONS_MANAGER, "chiba").get("/incidents").text

    assert 200 == auditor.status_code
    assert "報告する" not in auditor.text
    assert "欠員" in chiba
    assert "機器・ブースの故障" not in chiba
