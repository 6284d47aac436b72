"""The daily report on paper: what it says where there is nothing to count."""

from dataclasses import replace

from activities.preview import list_sample
from activities.render import render_list
from domain.sending.daily_report import DailyReport, Figures
from tests.activities import pdf_reading


def test_a_daily_report_without_a_venue_says_that_there_was_none() -> None:
    """
    And of a venue to which nobody came, that it was nobody.
    """
    paper = list_sample("daily_report")
    assert isinstance(paper, DailyReport)
    shut = replace(paper, terms=replace(paper.terms, venue=False), figures=Figures())
    quiet = replace(paper, figures=Figures(visitors=()))

    (none,), (nobody,) = (pdf_reading.texts(render_list(each)) for each in (shut, quiet))

    assert "来場者数：該当なし" in none
    assert "③" not in none
    assert "来場した人はいませんでした（0人）" in nobody
