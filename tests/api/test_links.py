"""The citizen's link: good for one reservation as it stands, for one city, until the visit."""

import base64
import string
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.booking import links
from domain.booking.booking_errors import LinkExpired, LinkUnknown
from store.opening import search_key

KEY, OTHER_KEY = b"k" * 32, b"o" * 32
CASE = "01a2b3c4d5e6f708192a3b4c5d6e7f80"
NOW = datetime(2022, 9, 10, 3, 0, tzinfo=UTC)
OVER = NOW + timedelta(days=30)

case_ids = st.text(alphabet="0123456789abcdef", min_size=32, max_size=32)
generations = st.integers(min_value=0, max_value=2**32 - 1)


def token(case_id: str = CASE, generation: int = 1, city: str = "chiba") -> str:
    """Make a link."""
    return links.make(KEY, municipality=city, case_id=case_id, generation=generation)


def found(given: str, city: str = "chiba", key: bytes = KEY) -> links.Link:
    """Read a link."""
    return links.read(key, municipality=city, token=given)


@given(case_ids, generations)
def test_a_link_says_what_it_was_made_for(case_id: str, generation: int) -> None:
    """And it stands in a path as it is."""
    made = token(case_id, generation)

    assert links.Link(case_id=case_id, generation=generation) == found(made)
    assert set(made) <= set(string.ascii_letters + string.digits + "-_")


@given(case_ids, generations, st.integers(0, 47), st.sampled_from(string.ascii_letters))
def test_no_character_of_a_link_can_be_changed(
    case_id: str, generation: int, place: int, other: str
) -> None:
    """Neither the booking nor its generation can be chosen by whoever holds one link."""
    made = token(case_id, generation)
    changed = made[:place] + other + made[place + 1 :]

    if changed == made:
        assert found(changed).case_id == case_id
    else:
        with pytest.raises(LinkUnknown):
            found(changed)


def test_a_link_is_worth_nothing_in_another_city_or_under_another_key() -> None:
    """Cities share a product, not their citizens."""
    with pytest.raises(LinkUnknown):
        found(token(city="chiba"), city="ota")
    with pytest.raises(LinkUnknown):
        found(token(), key=OTHER_KEY)


def test_a_name_of_a_city_cannot_swallow_a_part_of_the_link() -> None:
    """The bytes that are signed divide in one way only."""
    assert token(city="chib") != token(city="chiba")
    with pytest.raises(LinkUnknown):
        found(token(city="chib"), city="chiba")


@pytest.mark.parametrize(
    "typed",
    ["", "x", "A" * 47, "A" * 48, "A" * 49, "あ" * 48, f"{'A' * 47}=", f"{'A' * 47}\n",
     "../" * 16, "\ud800" * 48, "A" * 100_000],
)  # fmt: skip
def test_what_is_no_link_is_refused(typed: str) -> None:
    """Addresses are cut by mail programs and made up by others."""
    with pytest.raises(LinkUnknown):
        found(typed)


@given(st.text())
def test_any_text_is_refused_and_never_an_error_of_ours(typed: str) -> None:
    """Whatever stands behind the last slash."""
    with pytest.raises(LinkUnknown):
        found(typed)


@pytest.mark.parametrize("held", [0, 1, 3])
def test_a_link_of_before_a_move_is_dead(held: int) -> None:
    """Whoever still has the old mail must not cancel the new visit."""
    with pytest.raises(LinkExpired):
        found(token(generation=held)).require(generation=2, valid_until=OVER, now=NOW)


def test_a_link_lives_while_its_reservation_stands_and_dies_with_the_visit() -> None:
    """To the second."""
    link = found(token(generation=2))

    link.require(generation=2, valid_until=OVER, now=OVER - timedelta(seconds=1))
    for late in (OVER, OVER + timedelta(days=400)):
        with pytest.raises(LinkExpired):
            link.require(generation=2, valid_until=OVER, now=late)


def test_what_signs_links_searches_no_names() -> None:
    """Each use of a municipality's key has a key of its own."""
    said = b"a" * 16 + (1).to_bytes(4, "big")
    made = base64.urlsafe_b64decode(token(said[:16].hex(), 1))

    assert made[:20] == said
    assert made[20:] != search_key(KEY, f"chiba\0{said.decode()}")[:16]


@pytest.mark.parametrize("case_id", ["", "R-2022-1", CASE.upper(), CASE[:-1], f"{CASE}0"])
def test_a_link_is_made_for_nothing_but_a_case(case_id: str) -> None:
    """A wrong one is a bug of ours, found at once."""
    with pytest.raises(ValueError, match="case id"):
        token(case_id)
