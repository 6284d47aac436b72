"""What an auditor sees of the record, and of a case run again."""

from domain.parties import Role
from tests.journeys.site import Site


def test_the_auditor_reads_first_whether_the_record_holds(site: Site) -> None:
    """
    The heading is the answer; how many cases and lines were looked at stands below it.
    """
    page = site.as_(Role.AUDITOR).get("/audit").text

    assert "<h1>記録は正しくつながっています</h1>" in page
    assert "を、いま調べました" in page


def test_a_case_is_run_again_step_by_step(site: Site) -> None:
    """
    Also one that is still under way: up to where it is.
    """
    auditor = site.as_(Role.AUDITOR)
    case_id = site.card(site.lot(), "matched")

    page = auditor.get(f"/cases/{case_id}/replay").text

    assert "再生の結果は、記録と同じです" in page
    assert "進行中の案件を、ここまで再生しました" in page
    assert f"/cases/{case_id}/replay" in auditor.get(f"/cases/{case_id}").text


def test_a_clerk_cannot_run_cases_again(site: Site) -> None:
    """
    The link is not shown and the page does not open.
    """
    clerk = site.as_(Role.CLERK)
    case_id = site.card(site.lot(), "matched")

    assert 403 == clerk.get(f"/cases/{case_id}/replay").status_code
    assert "/replay" not in clerk.get(f"/cases/{case_id}").text
