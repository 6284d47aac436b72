"""One place in many spellings, and two places in nearly one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.writing.addresses import AddressRelation, compare_addresses

_CITY = "群馬県太田市"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("見本町229番地12", "見本町229-12"),
        ("見本町２２９番地の１２", "見本町229−12"),
        ("見本町229番地12", "見本町229ー12"),
        ("見本町三丁目2番1号", "見本町3-2-1"),
        ("見本町26番地", "見本町26"),
        ("見本町1-2　メゾン・ド・みほん２０３", "見本町1番地2メゾンドみほん203号室"),
        ("見本町1-2　ハイツ①　１０２号", "見本町1-2 ハイツ1 102"),
        ("見本町1-2 203", "見本町1-2-203"),
        ("藪塚町1", "薮塚町1"),
        ("内ケ島町1", "内ヶ島町１"),
        ("見本町０１", "見本町1"),
    ],
)
def test_other_spellings_of_one_place_are_told_apart_from_other_places(
    one: str, other: str
) -> None:
    """A list says 229番地12 where the card says 229-12; nobody should have to decide that."""
    relation = compare_addresses(_CITY + one, _CITY + other)
    assert relation is AddressRelation.WRITTEN_DIFFERENTLY


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("見本町759番地26", "新田見本町759番地26"),
        ("見本町759番地26", "大字見本町759番地26"),
        ("見本町229番地12", "見本町22番地912"),
        ("見本町229番地12", "見本町229番地13"),
        ("見本町12", "見本町1 2"),
        ("見本町1丁目12", "見本町1番地12"),
        ("見本町1番", "見本町1番2"),
        ("見本町1", "架空町1"),
        ("見本町1", ""),
    ],
)
def test_another_place_differs(one: str, other: str) -> None:
    """A notice to the wrong door is a leak."""
    assert compare_addresses(_CITY + one, _CITY + other) is AddressRelation.DIFFERENT


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("見本町1-2　ハイツ①　１０２号", "見本町1-2"),
        ("見本町1-2　ハイツ①　１０２号", "見本町1-2　ハイツ①　１０３号"),
        ("見本町1-2　ハイツ１０２", "見本町1-2　コーポ１０２"),
        ("見本町1-2　コーポー2", "見本町1-2　コーポ2"),
    ],
)
def test_another_building_or_room_differs(one: str, other: str) -> None:
    """Without its room a notice comes back, or lands with a neighbour."""
    relation = compare_addresses(_CITY + one, _CITY + other)
    assert relation is AddressRelation.BUILDING_DIFFERS


def test_a_prefecture_may_be_left_out_but_not_changed() -> None:
    """Lists within one city often begin with the city."""
    one = "太田市見本町1"
    assert compare_addresses(_CITY + "見本町1", one) is AddressRelation.WRITTEN_DIFFERENTLY
    assert compare_addresses("群馬県" + one, "栃木県" + one) is AddressRelation.DIFFERENT


def test_no_address_is_no_place() -> None:
    """Two empty cells agree on nothing."""
    assert compare_addresses("", "　") is AddressRelation.DIFFERENT


_ADDRESS = st.text(alphabet="見本町丁目番地の号0129１２一三-ー　 ハイツ①県市", max_size=24)


@given(_ADDRESS, _ADDRESS)
def test_which_address_comes_first_does_not_matter(one: str, other: str) -> None:
    """Three lists are compared pair by pair in any order."""
    assert compare_addresses(one, other) is compare_addresses(other, one)


@given(_ADDRESS.filter(lambda text: text.strip()))
def test_an_address_is_itself(text: str) -> None:
    """Whatever stands in a list, twice the same is the same."""
    assert compare_addresses(text, text) is AddressRelation.SAME
    assert compare_addresses(f" {text} ", text) in (
        AddressRelation.SAME,
        AddressRelation.WRITTEN_DIFFERENTLY,
    )
