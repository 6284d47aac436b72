"""What an agent types while somebody says a day and a time."""

from datetime import date, datetime

import pytest

from api.pages.desk.desk_times import read_when
from domain.calendars.hours import TOKYO
from domain.errors import FieldMissing

TODAY = date(2022, 12, 20)


@pytest.mark.parametrize(
    ("text", "moment", "place"),
    [
        ("12/21 13", (2022, 12, 21, 13, 0), ""),
        ("１２／２１　１３：３０", (2022, 12, 21, 13, 30), ""),
        ("12月21日13時半", None, ""),
        ("12月21日 13時半", (2022, 12, 21, 13, 30), ""),
        ("12月21日の13時30分 中央", (2022, 12, 21, 13, 30), "中央"),
        ("12月21日(水) 9:05", (2022, 12, 21, 9, 5), ""),
        ("12月21日（水） 9:05", (2022, 12, 21, 9, 5), ""),
        ("21 13", (2022, 12, 21, 13, 0), ""),
        ("5 10", (2023, 1, 5, 10, 0), ""),
        ("1/5 10", (2023, 1, 5, 10, 0), ""),
        ("12/20 10", (2022, 12, 20, 10, 0), ""),
        ("2/30 10", None, ""),
        ("12/21", None, ""),
        ("12/21 25", None, ""),
        ("あした", None, ""),
        ("", None, ""),
        ("9" * 400, None, ""),
    ],
)
def test_a_time_is_read_as_it_is_said(
    text: str, moment: tuple[int, int, int, int, int] | None, place: str
) -> None:
    """
    A day without a year is the next one there is; what is no time is refused.
    """
    if moment is None:
        with pytest.raises(FieldMissing):
            read_when(text, TODAY)
        return

    found = read_when(text, TODAY)

    assert (datetime(*moment, tzinfo=TOKYO), place) == (found.starts_at, found.place)
