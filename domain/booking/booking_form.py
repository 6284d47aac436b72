"""What a citizen is asked when booking, and the check of what was typed.

Here: the fields about the person (CHIBA-26 without day, place and slot, which are claimed
before), each with the one sentence that says what to do. All wrong fields are told at once.
Not here: the question before them (re-issue), limits of a line, the register of telephone
numbers, which is the caller's.

What is kept is what was typed, characters of the city's own included; only kana, telephone
and mail have one written form. A text that a spreadsheet would run, that turns the direction
of a line, or that holds a number nobody may keep, is refused.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.booking.booking_errors import FieldFault, FormRefused
from domain.errors import DomainError, UnreadableDate
from domain.writing.eras import read_date
from domain.writing.kana import katakana
from domain.writing.privacy import refuse_forbidden
from domain.writing.text import DASHES

Telephone = Callable[[str], str | None]
"""Returns a number in its international form, or ``None`` where there is no such number."""

OLDEST = date(1900, 1, 1)


class Language(StrEnum):
    """What the citizen is written to in."""

    JA = "ja"
    EASY = "easy"
    """やさしい日本語."""
    EN = "en"


class Asked(StrEnum):
    """The fields; the values are words of forms and of the HTTP interface."""

    KANA = "kana"
    NAME = "name"
    BIRTH_DATE = "birth_date"
    ADDRESS = "address"
    PEOPLE = "people"
    PHONE = "phone"
    MAIL = "mail"
    MAIL_WANTED = "mail_wanted"
    LANGUAGE = "language"


class Wrong(StrEnum):
    """What can be wrong with a field."""

    MISSING = "missing"
    TOO_LONG = "too_long"
    NOT_KANA = "not_kana"
    UNREADABLE = "unreadable"
    IN_FUTURE = "in_future"
    TOO_LONG_AGO = "too_long_ago"
    NOT_A_COUNT = "not_a_count"
    TOO_MANY = "too_many"
    NOT_A_PHONE = "not_a_phone"
    NOT_A_MAIL = "not_a_mail"
    NOT_A_CHOICE = "not_a_choice"
    MAIL_NEEDED = "mail_needed"
    UNUSABLE = "unusable"
    FORBIDDEN = "forbidden"


LABEL: Mapping[Asked, str] = {
    Asked.KANA: "氏名（カナ）",
    Asked.NAME: "氏名（漢字など）",
    Asked.BIRTH_DATE: "生年月日",
    Asked.ADDRESS: "住所",
    Asked.PEOPLE: "人数",
    Asked.PHONE: "電話番号",
    Asked.MAIL: "メールアドレス",
    Asked.MAIL_WANTED: "メールでのお知らせ",
    Asked.LANGUAGE: "ことば",
}

LONGEST: Mapping[Asked, int] = {
    Asked.KANA: 60,
    Asked.NAME: 60,
    Asked.BIRTH_DATE: 30,
    Asked.ADDRESS: 150,
    Asked.PEOPLE: 3,
    Asked.PHONE: 25,
    Asked.MAIL: 254,
    Asked.MAIL_WANTED: 5,
    Asked.LANGUAGE: 5,
}
"""In characters; a longer text is no name, no address and no number."""

_MESSAGE: Mapping[Wrong, str] = {
    Wrong.MISSING: "「{label}」を入力してください。",
    Wrong.TOO_LONG: "「{label}」は{most}文字までで入力してください。",
    Wrong.NOT_KANA: "「{label}」はカタカナかひらがなで入力してください。",
    Wrong.UNREADABLE: (
        "「{label}」は「昭和60年4月1日」「S60.4.1」「1985-04-01」のように、"
        "暦にある日付で入力してください。"
    ),
    Wrong.IN_FUTURE: "「{label}」に今日より後の日付は使えません。",
    Wrong.TOO_LONG_AGO: "「{label}」に1900年より前の日付は使えません。",
    Wrong.NOT_A_COUNT: "「{label}」は1以上の数で入力してください。",
    Wrong.TOO_MANY: "「{label}」は一度に{most}人までです。",
    Wrong.NOT_A_PHONE: (
        "「{label}」は市外局番からの番号か携帯電話の番号を入力してください。例：043-123-4567"
    ),
    Wrong.NOT_A_MAIL: "「{label}」は name@example.jp のような形で入力してください。",
    Wrong.NOT_A_CHOICE: "「{label}」は選択肢から選んでください。",
    Wrong.MAIL_NEEDED: "メールでのお知らせには「{label}」の入力が必要です。",
    Wrong.UNUSABLE: "「{label}」に使えない文字があります。消してから入力し直してください。",
    Wrong.FORBIDDEN: (
        "「{label}」にマイナンバーのような番号があります。ここには書かないでください。"
    ),
}

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Control, direction, halves of characters, line ends: nothing anybody types into a field."""

_RUNS = re.compile(r"[=+@\-\t\r]")
"""What a spreadsheet takes for the beginning of a formula."""

_PHONE = re.compile(r"\(?(?:\+81|0)[0-9() .-]{8,22}")
_MAIL = re.compile(
    # Telephone companies gave out addresses with dots in a row and before the @.
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,8}[A-Za-z]{2,63}"
)
_YES = frozenset({"yes", "true", "on", "1"})
_NO = frozenset({"", "no", "false", "off", "0"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """Who books, checked. Personal data: it goes into the vault and nowhere else."""

    kana: str
    """Full-width katakana, one full-width blank between words."""

    birth_date: date
    address: str
    people: int
    phone: str
    """International form: ``+81431234567``."""

    name: str | None = None
    mail: str | None = None
    mail_wanted: bool = False
    language: Language = Language.JA


@dataclass(frozen=True, slots=True, kw_only=True)
class Requester:
    """Who asks for something to be sent, checked. Personal data, as an applicant's."""

    kana: str
    address: str
    phone: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Whom to call about a case, checked. Personal data, as an applicant's."""

    kana: str
    phone: str
    name: str = ""


@dataclass(slots=True)
class _Reading:
    """The fields as they are read one after the other, and what was wrong so far."""

    raw: Mapping[str, str]
    faults: list[FieldFault]

    def text(self, field: Asked, *, required: bool) -> str:
        """Return a field that may be kept, or an empty text with its fault noted."""
        typed = self.raw.get(field, "").strip()
        if not typed:
            if required:
                self.wrong(field, Wrong.MISSING)
            return ""
        problem = _unkeepable(field, typed)
        if problem is not None:
            self.wrong(field, problem)
            return ""
        return typed

    def wrong(self, field: Asked, problem: Wrong, *, most: int | None = None) -> None:
        """Note that a field is wrong."""
        self.faults.append(fault(field, problem, most=most))


def fault(field: Asked, problem: Wrong, *, most: int | None = None) -> FieldFault:
    """Return a fault with its sentence."""
    limit = LONGEST[field] if most is None else most
    message = _MESSAGE[problem].format(label=LABEL[field], most=limit)
    return FieldFault(field=field.value, code=problem.value, message=message)


def read_applicant(
    raw: Mapping[str, str], *, today: date, party_max: int, telephone: Telephone
) -> Applicant:
    """Return the applicant that a form describes.

    Args:
        raw: The fields as they were typed, by the values of ``Asked``; others are ignored.
        today: The day in Tokyo; nobody is born after it.
        party_max: The most people of one booking.
        telephone: What knows which numbers there are.

    Raises:
        FormRefused: One or more fields are wrong; it tells each once.
    """
    reading = _Reading(raw=raw, faults=[])
    kana = _kana(reading)
    name = reading.text(Asked.NAME, required=False)
    birth_date = _birth_date(reading, today)
    address = reading.text(Asked.ADDRESS, required=True)
    people = _people(reading, party_max)
    phone = _phone(reading, telephone)
    mail, wanted = _mail(reading)
    language = _language(reading)
    if reading.faults or birth_date is None:
        raise FormRefused(*reading.faults)
    return Applicant(
        kana=kana,
        name=name or None,
        birth_date=birth_date,
        address=address,
        people=people,
        phone=phone,
        mail=mail or None,
        mail_wanted=wanted,
        language=language,
    )


def read_requester(raw: Mapping[str, str], *, telephone: Telephone) -> Requester:
    """Return who asks for something to be sent, as an applicant would be read.

    Raises:
        FormRefused: One or more fields are wrong; it tells each once.
    """
    reading = _Reading(raw=raw, faults=[])
    kana = _kana(reading)
    name = reading.text(Asked.NAME, required=False)
    address = reading.text(Asked.ADDRESS, required=True)
    phone = _phone(reading, telephone)
    if reading.faults:
        raise FormRefused(*reading.faults)
    return Requester(kana=kana, name=name, address=address, phone=phone)


def read_contact(raw: Mapping[str, str], *, telephone: Telephone) -> Contact:
    """Return whom to call, as an applicant would be read.

    Raises:
        FormRefused: One or more fields are wrong; it tells each once.
    """
    reading = _Reading(raw=raw, faults=[])
    kana = _kana(reading)
    name = reading.text(Asked.NAME, required=False)
    phone = _phone(reading, telephone)
    if reading.faults:
        raise FormRefused(*reading.faults)
    return Contact(kana=kana, name=name, phone=phone)


def read_people(raw: str, *, party_max: int) -> int:
    """Return the number of people alone, for the claim that comes before the form.

    Raises:
        FormRefused: It is no number, or more than one booking may have.
    """
    reading = _Reading(raw={Asked.PEOPLE: raw}, faults=[])
    people = _people(reading, party_max)
    if reading.faults:
        raise FormRefused(*reading.faults)
    return people


def _unkeepable(field: Asked, typed: str) -> Wrong | None:
    if len(typed) > LONGEST[field]:
        return Wrong.TOO_LONG
    if any(unicodedata.category(char) in _UNSEEN for char in typed):
        return Wrong.UNUSABLE
    first = unicodedata.normalize("NFKC", typed[0])
    if field in {Asked.NAME, Asked.ADDRESS} and _RUNS.match(first):
        return Wrong.UNUSABLE
    try:
        refuse_forbidden(typed, citizen_facing=True)
    except DomainError:
        return Wrong.FORBIDDEN
    return None


def _kana(reading: _Reading) -> str:
    typed = reading.text(Asked.KANA, required=True)
    found = katakana(typed) if typed else ""
    if found is None:
        reading.wrong(Asked.KANA, Wrong.NOT_KANA)
    return found or ""


def _birth_date(reading: _Reading, today: date) -> date | None:
    typed = reading.text(Asked.BIRTH_DATE, required=True)
    if not typed:
        return None
    try:
        found = read_date(typed)
    except UnreadableDate:
        reading.wrong(Asked.BIRTH_DATE, Wrong.UNREADABLE)
        return None
    if found > today:
        reading.wrong(Asked.BIRTH_DATE, Wrong.IN_FUTURE)
    elif found < OLDEST:
        reading.wrong(Asked.BIRTH_DATE, Wrong.TOO_LONG_AGO)
    return found


def _people(reading: _Reading, party_max: int) -> int:
    typed = unicodedata.normalize("NFKC", reading.text(Asked.PEOPLE, required=True))
    if not typed:
        return 0
    if not (typed.isascii() and typed.isdecimal()) or int(typed) == 0:
        reading.wrong(Asked.PEOPLE, Wrong.NOT_A_COUNT)
        return 0
    if int(typed) > party_max:
        reading.wrong(Asked.PEOPLE, Wrong.TOO_MANY, most=party_max)
    return int(typed)


def _phone(reading: _Reading, telephone: Telephone) -> str:
    typed = reading.text(Asked.PHONE, required=True)
    if not typed:
        return ""
    folded = unicodedata.normalize("NFKC", typed).translate(DASHES)
    found = telephone(folded) if _PHONE.fullmatch(folded) else None
    if found is None:
        reading.wrong(Asked.PHONE, Wrong.NOT_A_PHONE)
    return found or ""


def _mail(reading: _Reading) -> tuple[str, bool]:
    before = len(reading.faults)
    typed = unicodedata.normalize("NFKC", reading.text(Asked.MAIL, required=False))
    if typed and not _MAIL.fullmatch(typed):
        reading.wrong(Asked.MAIL, Wrong.NOT_A_MAIL)
    answer = reading.text(Asked.MAIL_WANTED, required=False)
    if answer not in _YES | _NO:
        reading.wrong(Asked.MAIL_WANTED, Wrong.NOT_A_CHOICE)
    wanted = answer in _YES
    if wanted and not typed and len(reading.faults) == before:
        reading.wrong(Asked.MAIL, Wrong.MAIL_NEEDED)
    return typed, wanted


def _language(reading: _Reading) -> Language:
    typed = reading.text(Asked.LANGUAGE, required=False)
    if typed not in {"", *Language}:
        reading.wrong(Asked.LANGUAGE, Wrong.NOT_A_CHOICE)
        return Language.JA
    return Language(typed or Language.JA)
