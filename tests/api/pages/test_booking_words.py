"""The booking pages in their languages: the same words everywhere, and every kanji read."""

import re
import string
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from markupsafe import Markup

from api.pages.booking.booking_views import Room
from api.pages.booking.booking_words import CATALOGUE, Speech
from api.pages.rendering import WEB
from domain.booking.booking_form import Asked, Language, Wrong
from domain.booking.reservation_parts import Stage

TRANSLATED_ONLY = "lines."
"""Names of lines stand in the contract, in Japanese."""

MOMENT = datetime(2022, 9, 20, 13, 5, tzinfo=ZoneInfo("Asia/Tokyo"))


def placeholders(text: str) -> set[str]:
    """Return what is put into a text."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", Language)
def test_every_language_has_the_same_words(language: Language) -> None:
    """A page in English must not fail because somebody added a sentence in Japanese."""
    words = {name for name in CATALOGUE[language] if not name.startswith(TRANSLATED_ONLY)}

    assert set(CATALOGUE[Language.JA]) == words


@pytest.mark.parametrize("language", [Language.EASY, Language.EN])
def test_what_is_put_into_a_sentence_is_the_same(language: Language) -> None:
    """A date that is left out of one language is a visit missed."""
    differing = {
        name
        for name, text in CATALOGUE[Language.JA].items()
        if placeholders(text) != placeholders(CATALOGUE[language][name])
        # English months have names.
        and name != "calendar.month"
    }

    assert set() == differing


def test_every_kanji_of_easy_japanese_has_its_reading() -> None:
    """Whoever chose these words may not read one of them."""
    without = {
        name: bare
        for name, text in CATALOGUE[Language.EASY].items()
        if re.search(r"[一-鿿]", bare := re.sub(r"｜[^《]+《[ぁ-んァ-ンー]+》", "", text))
    }

    assert {} == without


def test_no_word_is_left_that_no_page_says() -> None:
    """Somebody would translate it."""
    sources = [
        *(WEB / "templates/booking").iterdir(),
        *(WEB.parent / "api/pages/booking").glob("booking*.py"),
    ]
    said = "".join(path.read_text() for path in sources)
    # Put together from what is the case; the test below asks for all of them.
    built = (
        "fault.",
        "problem.",
        "mine.title_",
        "frame.step_",
        "home.",
        "calendar.",
        "details.",
    )
    unsaid = {
        name
        for name in CATALOGUE[Language.JA]
        if name not in said and not name.startswith(built)
    }

    assert set() == unsaid


@pytest.mark.parametrize("language", Language)
def test_everything_a_page_may_have_to_say_has_words(language: Language) -> None:
    """Names are put together from what is the case."""
    speech = Speech(language=language)
    wanted = {
        *(f"fault.{each}" for each in Wrong),
        *(f"details.{each}" for each in Asked if each not in {"mail_wanted", "language"}),
        *(f"calendar.{each}_long" for each in Room),
        *(f"mine.title_{each}" for each in Stage if each is not Stage.HELD),
    }
    hints = {name for name in CATALOGUE[language] if name.startswith("problem.")}

    assert set() == {name for name in wanted if not speech.knows(name)}
    assert set() == {n for n in hints if not n.endswith("_hint") and f"{n}_hint" not in hints}


@pytest.mark.parametrize("language", Language)
def test_what_comes_from_outside_is_escaped(language: Language) -> None:
    """Names of venues are typed by people."""
    said = Speech(language=language).t("calendar.now_booked", when="<b>｜x《y》</b>")

    assert "&lt;b&gt;｜x《y》&lt;/b&gt;" in said
    assert "<b>" not in said


def test_days_are_read_as_people_read_them() -> None:
    """20日 is はつか, and September くがつ."""
    easy = Speech(language=Language.EASY)

    assert "<rt>はつか</rt>" in easy.day(MOMENT)
    assert "<rt>くがつ</rt>" in easy.day(MOMENT)
    assert "9月20日（火）" == easy.plain_day(MOMENT)
    assert "9月20日（火）" == Speech(language=Language.JA).plain_day(MOMENT)
    assert "Tuesday 20 September" == Speech(language=Language.EN).plain_day(MOMENT)


def test_titles_have_no_markup() -> None:
    """A tab of the browser cannot draw furigana."""
    easy = Speech(language=Language.EASY)
    title = easy.plain("home.title_next", when=easy.moment(MOMENT))

    assert "いちばん早い時間は 9月20日（火） 13:05 です" == title
    assert not isinstance(title, Markup)


def test_a_day_of_birth_can_be_checked_in_any_language() -> None:
    """Who knows one of the two ways to count years finds it."""
    day = date(1985, 4, 1)

    assert all(
        "1985" in shown and "昭和60年" in shown
        for shown in (Speech(language=each).birth_date(day) for each in Language)
    )
