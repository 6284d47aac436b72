"""The fields of a booking: what is read, what is refused, and that each fault is told once."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from api.booking.telephone import international
from domain.booking.booking_errors import FieldFault, FormRefused
from domain.booking.booking_form import (
    LONGEST,
    Applicant,
    Asked,
    Language,
    Wrong,
    fault,
    read_applicant,
    read_people,
)
from domain.writing.eras import era_short, era_text

TODAY = date(2022, 9, 10)
PUBLISHED_NUMBER = "621498320257"
"""With a fitting check digit, from the examples of python-stdnum; nobody's."""

RIGHT: Mapping[str, str] = {
    "kana": "ヤマダ タロウ",
    "birth_date": "昭和60年4月1日",
    "address": "千葉市中央区千葉港1-1 メゾン千葉 203",
    "people": "2",
    "phone": "043-245-5111",
}


def read(**typed: str) -> Applicant:
    """Read a right form with something else in it."""
    return read_applicant({**RIGHT, **typed}, today=TODAY, party_max=4, telephone=international)


def faults(**typed: str) -> list[tuple[str, str]]:
    """Return what is wrong with a form."""
    try:
        read(**typed)
    except FormRefused as refused:
        return [(found.field, found.code) for found in refused.faults]
    return []


def outcome(typed: Mapping[str, str]) -> Sequence[FieldFault]:
    """Return the faults of a form as they are told."""
    try:
        read_applicant(typed, today=TODAY, party_max=4, telephone=international)
    except FormRefused as refused:
        return refused.faults
    return ()


def test_a_form_filled_in_becomes_an_applicant() -> None:
    """What people type, in the one form that lists and telephones understand."""
    assert read(mail="taro@example.jp", mail_wanted="yes", language="easy") == Applicant(
        kana="ヤマダ　タロウ",
        birth_date=date(1985, 4, 1),
        address="千葉市中央区千葉港1-1 メゾン千葉 203",
        people=2,
        phone="+81432455111",
        mail="taro@example.jp",
        mail_wanted=True,
        language=Language.EASY,
    )


@pytest.mark.req("CHIBA-26")
@pytest.mark.parametrize("field", ["kana", "birth_date", "address", "people", "phone"])
@pytest.mark.parametrize("nothing", ["", " ", "　"])
def test_what_the_city_wants_to_know_has_to_be_there(field: str, nothing: str) -> None:
    """The clause names seven; day and place are claimed before these five are asked."""
    assert faults(**{field: nothing}) == [(field, "missing")]


def test_every_wrong_field_is_told_at_once_and_once() -> None:
    """Nobody should learn of the fourth mistake after mending three."""
    wrong = faults(
        kana="山田", birth_date="H31.5.1", address="", people="0", phone="12", mail="a@b"
    )

    assert wrong == [
        ("kana", "not_kana"),
        ("birth_date", "unreadable"),
        ("address", "missing"),
        ("people", "not_a_count"),
        ("phone", "not_a_phone"),
        ("mail", "not_a_mail"),
    ]


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("令和元年5月1日", date(2019, 5, 1)),
        ("R6.1.2", None),
        ("Ｒ４．１．２", date(2022, 1, 2)),
        ("平成元年1月8日", date(1989, 1, 8)),
        ("S60.4.1", date(1985, 4, 1)),
        ("大正15年12月24日", date(1926, 12, 24)),
        ("明治45年7月29日", date(1912, 7, 29)),
        ("1985/4/1", date(1985, 4, 1)),
        ("1985-04-01", date(1985, 4, 1)),
        ("１９８５年４月１日", date(1985, 4, 1)),
        ("19850401", date(1985, 4, 1)),
    ],
)
def test_birth_dates_are_read_in_eras_and_in_western_years(
    typed: str, day: date | None
) -> None:
    """Papers at home have the one or the other; R6 lies ahead on this day."""
    if day is None:
        assert faults(birth_date=typed) == [("birth_date", "in_future")]
    else:
        assert read(birth_date=typed).birth_date == day


@given(st.dates(min_value=date(1900, 1, 1), max_value=TODAY))
def test_every_day_of_birth_is_read_however_it_is_written(day: date) -> None:
    """The boundaries of eras included."""
    written = (era_text(day), era_short(day), day.isoformat(), f"{day:%Y%m%d}")

    assert {day} == {read(birth_date=each).birth_date for each in written}


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ((TODAY + timedelta(days=1)).isoformat(), "in_future"),
        ("1899-12-31", "too_long_ago"),
        ("1985-02-29", "unreadable"),
        ("昭和64年1月8日", "unreadable"),
        ("4月1日", "unreadable"),
        ("不詳", "unreadable"),
    ],
)
def test_a_day_on_which_nobody_here_was_born_is_refused(typed: str, code: str) -> None:
    """Also what looks like a day and is none."""
    assert faults(birth_date=typed) == [("birth_date", code)]


def test_whoever_was_born_today_may_be_booked_for() -> None:
    """Cards are made for the newborn."""
    assert read(birth_date=TODAY.isoformat()).birth_date == TODAY


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("０４３－２４５－５１１１", "+81432455111"),
        ("(043) 245-5111", "+81432455111"),
        ("090 1234 5678", "+819012345678"),
        ("+81 90-1234-5678", "+819012345678"),
        ("＋８１９０１２３４５６７８", "+819012345678"),
        ("050ー3000ー0000", "+815030000000"),
    ],
)
def test_a_telephone_number_may_be_typed_as_people_write_it(typed: str, kept: str) -> None:
    """Blanks, brackets, full width, the long vowel mark for a dash."""
    assert read(phone=typed).phone == kept


@pytest.mark.parametrize(
    "typed",
    ["110", "090-1234", "000-0000-0000", "+1 202 555 0100", "自宅", "043-245-5111 内線2",
     "043-245-5111;drop", "٠٤٣٢٤٥٥١١١"],
)  # fmt: skip
def test_what_nobody_can_call_is_refused(typed: str) -> None:
    """Somebody has to reach the person when a storm closes the venue."""
    assert faults(phone=typed) == [("phone", "not_a_phone")]


@pytest.mark.parametrize(("typed", "people"), [("1", 1), ("４", 4), (" 3 ", 3)])
def test_people_are_counted(typed: str, people: int) -> None:
    """The claim and the form read the same number."""
    assert read(people=typed).people == people == read_people(typed, party_max=4)


@pytest.mark.parametrize(
    ("typed", "code"),
    [("0", "not_a_count"), ("-1", "not_a_count"), ("1.5", "not_a_count"), ("5", "too_many"),
     ("二", "not_a_count"), ("٣", "not_a_count"), ("9999", "too_long")],
)  # fmt: skip
def test_a_party_nobody_can_seat_is_refused(typed: str, code: str) -> None:
    """One to what the contract allows."""
    assert faults(people=typed) == [("people", code)]
    with pytest.raises(FormRefused):
        read_people(typed, party_max=4)


@pytest.mark.parametrize(
    "mail", ["a..b@docomo.ne.jp", "a.@ezweb.ne.jp", "x+y@sub.example.co.jp", "ａ@example.jp"]
)
def test_addresses_that_telephone_companies_gave_out_are_taken(mail: str) -> None:
    """They are against the rules of mail, and people have had them for twenty years."""
    assert read(mail=mail).mail is not None


@pytest.mark.parametrize(
    "mail",
    ["a@b", "a b@example.jp", "a@example.jp\r\nBcc: b@example.jp", "@example.jp", "a@@b.jp",
     "<a@example.jp>", "a@example.jp,b@example.jp", "あ@example.jp"],
)  # fmt: skip
def test_what_is_not_one_mail_address_is_refused(mail: str) -> None:
    """A second line would be a second header."""
    assert [field for field, _ in faults(mail=mail)] == ["mail"]


def test_mail_that_is_wanted_needs_an_address() -> None:
    """Nobody should wait for a reminder that cannot be sent."""
    assert faults(mail_wanted="yes") == [("mail", "mail_needed")]
    assert faults(mail_wanted="maybe") == [("mail_wanted", "not_a_choice")]


@pytest.mark.parametrize("field", [f for f in Asked if f is not Asked.PEOPLE])
@pytest.mark.parametrize(
    "typed",
    [PUBLISHED_NUMBER, "6214 9832 0257", "６２１４-９８３２-０２５７",
     f"マイナンバー {PUBLISHED_NUMBER}"],
)  # fmt: skip
def test_an_individual_number_is_refused_in_every_field(field: Asked, typed: str) -> None:
    """People type it because the card has it; it must not be kept."""
    found = faults(**{field: typed})

    assert found
    assert found in ([(field, "forbidden")], [(field, "too_long")])


HOSTILE = (
    "\x00", "a\x1b[31m", "千葉\u202e市", "\u2066x\u2069", "a\u200bb", "\u2028", "\ud800",
    "あ\nい", "あ\tい", "\ufeffあ",
)  # fmt: skip


@pytest.mark.parametrize("field", [Asked.KANA, Asked.NAME, Asked.ADDRESS, Asked.PHONE])
@pytest.mark.parametrize("typed", HOSTILE)
def test_characters_nobody_sees_are_refused(field: Asked, typed: str) -> None:
    """They turn lines around, end them, or are lost on the way to a list."""
    assert [(found, typed) for found, _ in faults(**{field: f"東{typed}西"})] == [
        (field, typed)
    ]


@pytest.mark.parametrize("field", [Asked.NAME, Asked.ADDRESS])
@pytest.mark.parametrize("typed", ["=1+1", "＝HYPERLINK()", "+A1", "@SUM(1)", "-2+3"])
def test_what_a_spreadsheet_would_run_is_refused(field: Asked, typed: str) -> None:
    """Lists are opened with one."""
    assert faults(**{field: typed}) == [(field, "unusable")]


@pytest.mark.parametrize("field", Asked)
def test_a_text_without_end_is_refused(field: Asked) -> None:
    """Ten thousand characters are no address."""
    assert faults(**{field: "ア" * 10_000}) == [(field, "too_long")]


@pytest.mark.parametrize(
    "typed",
    ["髙橋", "𠮷田", "神\ufa19", "葛\U000e0100城", "外\ue000字", "<b>太郎</b>", "O'Neil"],
)
def test_a_name_is_kept_as_it_was_typed(typed: str) -> None:
    """The counter needs the shape that stands on the card; pages and lists escape it."""
    assert read(name=typed).name == typed
    assert read(address=typed).address == typed


@given(st.fixed_dictionaries({}, optional={field.value: st.text() for field in Asked}))
def test_any_text_is_read_or_refused_in_plain_words(typed: dict[str, str]) -> None:
    """No fault of ours, no echo of what was typed, one sentence per field."""
    found = list(outcome(typed))
    fields = [each.field for each in found]

    assert len(fields) == len(set(fields))
    assert set(fields) <= set(Asked)
    assert all(
        each.message == fault(Asked(each.field), Wrong(each.code), most=limit).message
        for each in found
        for limit in [4 if each.code == Wrong.TOO_MANY else None]
    )


@given(st.text(min_size=1), st.text(min_size=1))
def test_an_applicant_travels_through_json_unchanged(name: str, address: str) -> None:
    """The vault keeps JSON; what was let in has to come out."""
    typed = {**RIGHT, "name": name, "address": address}
    if not list(outcome(typed)):
        kind = TypeAdapter(Applicant)
        found = read(name=name, address=address)

        assert found == kind.validate_json(kind.dump_json(found))


def test_every_field_has_a_limit_and_every_fault_its_words() -> None:
    """A sentence is written where the rule is."""
    assert set(LONGEST) == set(Asked)
    for field in Asked:
        for problem in Wrong:
            assert "{" not in fault(field, problem).message
