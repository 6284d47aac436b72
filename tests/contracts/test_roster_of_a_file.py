"""What a contract file says of people who have to be there is read strictly."""

import pytest

from contracts.loader import FOLDER, load_text
from domain.errors import ContractFileRefused

CHIBA = (FOLDER / "chiba.toml").read_text(encoding="utf-8")


NOT_THERE = {
    'apart_from = ["overall_manager"]': ('apart_from = ["manager"]', "「manager」という役割"),
    'venue_calendar = "venue"': ('venue_calendar = "venues"', "「venues」という暦"),
    'due = "roster_vacancy"': ('due = "vacancy"', "「vacancy」という期限"),
}
ITSELF = {
    'apart_from = ["responsible_person"]': (
        'apart_from = ["overall_manager"]',
        "値の組合せが正しくありません",
    )
}


@pytest.mark.parametrize("mistakes", [NOT_THERE, ITSELF], ids=["not there", "itself"])
def test_what_a_post_refers_to_has_to_be_there(mistakes: dict[str, tuple[str, str]]) -> None:
    """
    The refusal names everything that is not there, and a post that is apart from itself.
    """
    text = CHIBA
    for old, (new, _) in mistakes.items():
        assert old in text
        text = text.replace(old, new, 1)

    with pytest.raises(ContractFileRefused) as refused:
        load_text(text, "chiba.toml")

    assert all(said in str(refused.value) for _, said in mistakes.values())
