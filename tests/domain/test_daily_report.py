"""The daily report: what counts as what, what a version changed, what an empty day says."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from domain.sending.daily_report import (
    Asked,
    Count,
    DailyReport,
    Figures,
    ReportTerms,
    Visitors,
    Way,
    differences,
    way_of,
)

DAY = date(2022, 10, 11)
FIGURES = Figures(
    counts=(
        Count(asked=Asked.BOOKING, way=Way.PHONE, number=5, people=7),
        Count(asked=Asked.BOOKING, way=Way.WEB, number=11, people=20),
        Count(asked=Asked.CHANGE, way=Way.PHONE, number=2, people=3),
        Count(asked=Asked.CANCELLATION, way=Way.WEB, number=1, people=1),
        Count(asked=Asked.OTHER, way=Way.PHONE, number=4),
        Count(asked=Asked.OTHER, way=Way.ELSEWHERE, number=8),
    ),
    visitors=(
        Visitors(site="a", booked=6, walk_ins=2),
        Visitors(site="", booked=0, walk_ins=1),
    ),
)


def paper(figures: Figures, **terms: Any) -> DailyReport:
    """Return the report of a day."""
    return DailyReport(
        city_name="千葉市",
        day=DAY,
        terms=ReportTerms(since=DAY, venue=figures.visitors is not None, **terms),
        figures=figures,
        as_of=datetime(2022, 10, 11, 15, 0, tzinfo=UTC),
        rows=3,
        places=(("a", "中央モール"),),
    )


def test_calls_are_those_of_the_telephone_and_a_cancellation_is_a_change() -> None:
    """
    The four numbers of the clause, and who came.
    """
    told = dict(FIGURES.told)

    assert told == {
        "受電数": 11,
        "予約者数": 16,
        "予約変更者数": 3,
        "その他問い合わせ数": 12,
        "来場者数": 9,
    }
    assert FIGURES.received == sum(FIGURES.number(asked, Way.PHONE) for asked in Asked)


@pytest.mark.parametrize(
    ("channel", "way"),
    [
        ("phone", Way.PHONE),
        ("web", Way.WEB),
        ("mail", Way.WEB),
        *((elsewhere, Way.ELSEWHERE) for elsewhere in ("window", "counter", "booth", "")),
    ],
)
def test_every_channel_has_its_column(channel: str, way: Way) -> None:
    """
    So that the sum of the columns is the whole.
    """
    assert way is way_of(channel)


def test_an_empty_day_says_nought_and_a_day_without_a_venue_none() -> None:
    """
    Nobody came is another thing than nobody could come.
    """
    quiet, shut = Figures(visitors=()), Figures()

    assert [0, 0, 0, 0, 0] == [number for _, number in quiet.told]
    assert [0, 0, 0, 0, None] == [number for _, number in shut.told]
    assert ("来場者数 該当なし→0",) == differences(shut, quiet)


def test_a_version_says_what_it_changed() -> None:
    """
    And says nothing where every number stayed.
    """
    fewer = Figures(counts=FIGURES.counts[1:], visitors=FIGURES.visitors)

    changed = paper(FIGURES, version=2, before=fewer)
    same = paper(FIGURES, version=2, before=FIGURES)

    assert ("受電数 6→11", "予約者数 11→16") == changed.corrections
    assert () == same.corrections == paper(FIGURES).corrections
    assert "日次報告書 2022年10月11日（火）（第2版）" == changed.title


def test_the_paper_names_its_days_and_venues() -> None:
    """
    Days off before it are counted with it; a venue nobody recorded is called that.
    """
    made = paper(FIGURES)
    with_days_off = DailyReport(
        city_name="千葉市",
        day=DAY,
        terms=ReportTerms(since=date(2022, 10, 9), venue=False),
        figures=Figures(),
        as_of=made.as_of,
        rows=None,
    )

    assert ["中央モール", "会場の記録なし"] == [name for name, _ in made.by_venue]
    assert ("予約", (5, 11, 0, 16), 27) == made.table[0]
    assert "2022年10月9日（日）～10月11日（火）" == with_days_off.days_text
    assert ("2022年10月11日（火）", "2022年10月12日（水） 0:00") == (
        made.days_text,
        made.as_of_text,
    )
