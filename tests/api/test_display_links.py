"""Links to the screen in front of a resident: ours, until they end, for one city."""

from datetime import UTC, datetime

import pytest

from api.counter.display_links import DisplayLink, make, municipality_in, read

KEY, ENDS = b"k" * 32, datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
NAME = "0123456789abcdef" * 2
TOKEN = make(KEY, municipality="ota", display_id=NAME, expires_at=ENDS)


def test_a_link_says_which_screen_and_until_when() -> None:
    """
    And nothing else: no person, no case, no account.
    """
    assert DisplayLink(display_id=NAME, expires_at=ENDS) == read(KEY, TOKEN)
    assert ("ota", 52) == (municipality_in(TOKEN), len(TOKEN))


@pytest.mark.parametrize(
    "token",
    [
        "",
        "ota",
        TOKEN[:-1],
        TOKEN.replace("ota.", "chiba."),
        TOKEN[:-6] + "AAAAAA",
        TOKEN[:4] + ("B" if TOKEN[4] != "B" else "C") + TOKEN[5:],
        f"{TOKEN}A",
    ],
)
def test_a_link_that_was_made_up_or_changed_shows_nothing(token: str) -> None:
    """
    Nobody prolongs a link, guesses a screen, or reads one city's in another.
    """
    assert read(KEY, token) is None


def test_another_citys_key_opens_nothing() -> None:
    """
    Each city signs with its own.
    """
    assert read(b"x" * 32, TOKEN) is None
