"""What a contract file says of people who have to be there is read strictly."""

import pytest

from contracts.loader import FOLDER, load_text
from domain.errors import ContractFileRefused

CHIBA = (FOLDER / "chiba.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            'apart_from = ["overall_manager"]',
            'apart_from = ["manager"]',
            "「manager」という役割",
        ),
        ('venue_calendar = "venue"', 'venue_calendar = "venues"', "「venues」という暦"),
        ('due = "roster_vacancy"', 'due = "vacancy"', "「vacancy」という期限"),
        (
            'apart_from = ["responsible_person"]',
            'apart_from = ["overall_manager"]',
            "値の組合せが正しくありません",
        ),
    ],
    ids=["post", "calendar", "due", "apart from itself"],
)
def test_what_a_post_refers_to_has_to_be_there(old: str, new: str, said: str) -> None:
    """
    The refusal names what is not there.
    """
    assert old in CHIBA

    with pytest.raises(ContractFileRefused) as refused:
        load_text(CHIBA.replace(old, new, 1), "chiba.toml")

    assert said in str(refused.value)
