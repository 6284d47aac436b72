"""The roster on a page: a month by day, entered and replaced by forms alone."""

from domain.parties import Role
from tests.journeys.site import Site

DUTY = "responsible_person|"


def test_a_day_is_filled_and_its_person_replaced_with_a_reason(site: Site) -> None:
    """
    From the line of the day to the form with the day in it; who only reads gets no form.
    """
    manager, _ = site.as_(Role.SITE_MANAGER), site.as_(Role.CLERK)
    month = manager.get("/roster?month=2026-12").text
    here = "/roster?month=2026-12&day=2026-12-24&for=responsible_person%7C"
    form = manager.form(here, "roster")
    first, second = _people(manager.get(here).text)
    done = manager.send(form, duty=DUTY, account_id=first)
    chosen = {"duty": DUTY, "account_id": second}
    silent = manager.send(manager.form(here, "roster"), **chosen)
    replaced = manager.send(manager.form(here, "roster"), **chosen, reason="absence")
    after = manager.get(replaced.headers["Location"]).text
    read = site.as_(Role.OFFICIAL).get("/roster?month=2026-12").text

    assert "決まっていない日" in month
    assert "day=2026-12-24&amp;for=responsible_person%7C" in month
    assert "2026-12-24" == form.fields["first"]
    assert f'value="{DUTY}" selected' in manager.get(here).text
    assert ("/roster?month=2026-12&entered=1", 303) == (
        done.headers["Location"],
        replaced.status_code,
    )
    assert 422 == silent.status_code
    assert "替える理由" in silent.text
    assert f'value="{second}" selected' in silent.text
    assert "1日に入れました" in after
    for page in (after, read):
        assert "替えた記録 2件" in page
        assert "急な不在" in page
    assert 'action="/roster"' not in read


def test_a_month_that_nobody_can_mean_is_this_one(site: Site) -> None:
    """
    An old or broken link shows something; a day that is no day is told.
    """
    manager = site.as_(Role.SITE_MANAGER)
    form = manager.form("/roster?month=2026-12", "roster")
    refused = manager.send(form, duty=DUTY, first="次の月曜", account_id="nobody")

    for month in ("", "2026-13", "９", "9999-01"):
        assert "2026年12月の当番" in manager.get(f"/roster?month={month}").text
    assert (422, True) == (refused.status_code, "年-月-日で入力" in refused.text)


def _people(page: str) -> tuple[str, str]:
    choice = page.partition('id="account_id"')[2].partition("</select>")[0]
    values = [part.partition('"')[0] for part in choice.split('value="')[1:]]
    first, second, *_ = [value for value in values if value not in {"", "nobody"}]
    return first, second
