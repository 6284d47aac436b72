"""A wrong line of bookings is refused with its line, its field and what would be right."""

import re

import pytest

from contracts.loader import FOLDER, load_text
from domain.booking.booking_rules import BookingMode
from domain.errors import ContractFileRefused
from domain.parties import Party

OTA = (FOLDER / "ota.toml").read_text(encoding="utf-8")
CHIBA = (FOLDER / "chiba.toml").read_text(encoding="utf-8")

OWN_HOLD = 'hold_minutes = { value = 10, assumed = true, note = "入力の間だけ枠を押さえる" }\n'
SECOND = """
[[bookings]]
clause = "§6(3)①"
id = "{id}"
label = "電話の受付"
mode = "walk_in"
procedures = ["{procedure}"]
required = {required}
"""


def refusal(text: str, filename: str = "ota.toml") -> list[str]:
    """Return the lines of the refusal of a text."""
    with pytest.raises(ContractFileRefused) as refused:
        load_text(text, filename)
    return str(refused.value).splitlines()


def changed(old: str, new: str, text: str = OTA) -> str:
    """Return a file with one change inside its bookings."""
    head, mark, rest = text.partition("[[bookings]]")
    assert old in rest
    return head + mark + rest.replace(old, new, 1)


@pytest.mark.parametrize(
    ("old", "new", "where", "said"),
    [
        ('value = "own"', 'value = "ours"', "bookings.1.mode", "「ours」は使えません。"),
        (
            "slot_minutes",
            "slot_minuets",
            "bookings.1.slot_minuets",
            "「slot_minutes」ではありませんか",
        ),
        (
            "slot_minutes = { value = 30",
            "slot_minutes = { value = 4",
            "bookings.1.slot_minutes",
            "5 から 720 まで",
        ),
        (
            "per_slot = { value = 6",
            'per_slot = { value = "6"',
            "bookings.1.per_slot",
            "整数にしてください",
        ),
        ('["phone"]', '["fax"]', "bookings.1.channels", "「fax」は使えません"),
        ('["phone"]', '["phone", "phone"]', "bookings.1.channels", "重ねずに"),
        ('["phone"]', "[]", "bookings.1.mode", "mode = own には channels が要ります"),
        (
            'calendar = { value = "counter"',
            'calendar = { value = "moon"',
            "bookings.1.calendar",
            "「moon」という暦はありません。あるのは counter です",
        ),
        (
            'site = { value = "city_hall"',
            'site = { value = "moon"',
            "bookings.1.site",
            "「moon」という場所はありません",
        ),
        (
            'site = { value = "city_hall"',
            'site = { value = "designated"',
            "bookings.1.site",
            "まだ決まっていない場所",
        ),
        (
            'procedures = ["card_delivery"]',
            'procedures = ["moon"]',
            "bookings.1.procedures",
            "「moon」という手続きはありません",
        ),
        (
            'value = "reservation_entry"',
            'value = "moon"',
            "bookings.1.entry_due",
            "「moon」という期限はありません",
        ),
        (
            'site = { value = "city_hall", clause = "§4" }\n',
            "",
            "bookings.1.venues",
            'venues = "site" には site',
        ),
        (OWN_HOLD, "", "bookings.1.mode", "mode = own には hold_minutes が要ります"),
        (
            'per_day = { unset = true, question = "Q-OTA-11" }\n',
            "",
            "bookings.1.mode",
            "per_day（なければ unset = true） が要ります",
        ),
        (
            'per_hour = { unset = true, question = "Q-OTA-11" }\n'
            'per_day = { unset = true, question = "Q-OTA-11" }',
            'per_hour = { unset = true, question = "Q-OTA-11" }\nper_day = 5',
            "bookings.1.party_max",
            "枠の人数（5）以下に",
        ),
        (
            'reminder = { days_before = 1, at = "10:00" }',
            "reminder = { days_before = 1 }",
            "bookings.1.reminder.at",
            "時刻 がありません",
        ),
        (
            'reminder = { days_before = 1, at = "10:00" }',
            'reminder = { days_before = 1, at = "10時" }',
            "bookings.1.reminder.at",
            "時刻（",
        ),
    ],
)
def test_each_mistake_is_named_with_its_field_and_remedy(
    old: str, new: str, where: str, said: str
) -> None:
    """A clerk finds the place without a programmer."""
    found = "\n".join(refusal(changed(old, new)))

    assert where in found
    assert said in found


def test_a_mistake_is_named_with_its_line() -> None:
    """Six hundred lines are too many to search."""
    text = changed("per_slot = { value = 6", "per_slot = { value = 0")
    number = next(n for n, said in enumerate(text.splitlines(), 1) if "per_slot" in said)

    assert [f"ota.toml {number}行目 bookings.1.per_slot：1 から 10000 までにしてください"] == (
        refusal(text)
    )


@pytest.mark.parametrize(
    ("more", "where", "said"),
    [
        (
            {"id": "card_delivery", "procedure": "lapse", "required": "false"},
            "bookings.2.id",
            "「card_delivery」は前に使われています",
        ),
        (
            {"id": "other", "procedure": "card_delivery", "required": "false"},
            "bookings.2.procedures",
            "「card_delivery」は前の受付にあります",
        ),
        (
            {"id": "other", "procedure": "lapse", "required": "true"},
            "bookings.2.required",
            "予約を必須にできません",
        ),
    ],
)
def test_two_lines_do_not_contradict_each_other(
    more: dict[str, str], where: str, said: str
) -> None:
    """A procedure on two lines would be booked on the one and walked into on the other."""
    found = refusal(OTA + SECOND.format(**more))

    assert 1 == len(found)
    assert where in found[0]
    assert said in found[0]


def test_an_hourly_limit_needs_slots_that_fill_an_hour() -> None:
    """45 minutes beside 12 an hour: nobody could say which hour a slot belongs to."""
    slots = changed("slot_minutes = { value = 60", "slot_minutes = { value = 45", CHIBA)
    found = refusal(slots, "chiba.toml")

    assert any("bookings.1.per_hour：1時間の人数を決めるなら" in line for line in found)
    assert load_text(
        changed("slot_minutes = { value = 60", "slot_minutes = { value = 20", CHIBA),
        "chiba.toml",
    )


def test_what_the_city_keeps_needs_a_time_to_enter_it() -> None:
    """Without one, nobody would ever hear of a booking that was not entered."""
    text = changed('value = "own"', 'value = "city_system"')
    text = re.sub(r"entry_due = .*\n", "", text)

    assert any("mode = city_system には entry_due が要ります" in line for line in refusal(text))


def test_a_line_whose_keeper_is_unset_needs_nothing_more_and_takes_nothing() -> None:
    """Honest, and warned of."""
    text = re.sub(r"mode = \{ value.*", 'mode = { unset = true, question = "Q-OTA-11" }', OTA)
    contract = load_text(text, "ota.toml").contract

    assert BookingMode.UNSET is contract.booking("card_delivery").mode
    assert not contract.booking("card_delivery").is_bookable
    assert any("カードの受取の予約をどこで管理するか" in said for said in contract.warnings)


def test_who_answers_the_telephone_takes_its_bookings_unless_the_line_says_so() -> None:
    """One value stands in one place."""
    said = 'phone_party = "city"\nchannels = ["phone"]'
    unsaid = OTA.replace('phone_party = "provider"\n', "")
    shared = OTA.replace('phone_party = "provider"', 'phone_party = "shared"')

    for text in (OTA, unsaid, shared):
        line = load_text(changed('channels = ["phone"]', said, text), "ota.toml").contract
        assert Party.CITY is line.booking("card_delivery").phone_party
    for text in (unsaid, shared):
        assert any("bookings.1.channels：電話を受ける側" in found for found in refusal(text))


def test_the_line_that_the_documentation_shows_can_be_read() -> None:
    """People copy it."""
    written = (FOLDER.parent / "docs/contracts.md").read_text(encoding="utf-8")
    shown = written.partition("```toml\n[[bookings]]")[2].partition("```")[0]
    head, _, rest = CHIBA.partition("[[bookings]]")
    text = f"{head}[[bookings]]{shown}\n[[deliverables]]{rest.partition('[[deliverables]]')[2]}"
    (line,) = load_text(text, "chiba.toml").contract.bookings

    assert ("application", 80) == (line.id, line.per_day)


OLD_WORDS = """
[parameters.reservation]
clause = "§6(3)①"
master = { unset = true, question = "Q-OTA-11" }
bookable = ["card_delivery"]
channels = ["phone"]
"""


def test_a_value_of_a_line_is_not_also_a_parameter() -> None:
    """Two places would soon say two things."""
    found = refusal(OTA + OLD_WORDS)

    assert 3 == len(found)
    assert all("[[bookings]] に書いてください" in line for line in found)


def test_the_text_of_an_earlier_version_is_still_read() -> None:
    """A case that began under it must be understood for years."""
    head, _, rest = OTA.partition("[[bookings]]")
    earlier = head + "[[deliverables]]" + rest.partition("[[deliverables]]")[2] + OLD_WORDS
    contract = load_text(earlier, "ota.toml").contract

    assert () == contract.bookings
    assert ("phone",) == contract.texts("reservation.channels")
