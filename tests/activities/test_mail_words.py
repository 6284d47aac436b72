"""Every kind of message has words in every language, and every address is judged."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from activities.mail import NotSent, Security, Server, address, compose, new_message_id
from activities.messages_facts import Guide, Told, Venue, contact_of, told
from activities.messages_text import kinds, letter, short_message, with_lines
from activities.messages_words import LANGUAGES, hours_words, moment_words
from contracts.loader import load
from domain.contract import calendar_of
from domain.sending.outgoing import MessageState, Problem, one_line, state_words
from workflows.messages import Facts

FACTS: Facts = {
    "line": "application",
    "site": "hall",
    "starts_at": "2026-10-08T13:00:00+09:00",
    "party": 2,
    "cause": "台風のため",
    "was_at": "2026-10-07T10:30:00+09:00",
    "offers": ("2026-10-09T13:00:00+09:00",),
    "reference": "K-77",
}
SECTION = {"ja": "お越しになる前に", "easy": "来（く）る前（まえ）に", "en": "Before you come"}


def about(language: str) -> Told:
    """Return what a message about a booking in Chiba tells."""
    return told(
        load("chiba").contract,
        FACTS | {"language": language},
        number="CHIBA-R26-000001-3",
        places={"hall": Venue(name="𠮷野髙島屋", address="千葉市中央区1-1")},
        link="https://city.example/r/token",
        guide=with_lines(Guide(version="1", text="・旅券\n・通知カード")),
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", kinds())
def test_every_kind_has_its_words_in_every_language(kind: str, language: str) -> None:
    """
    Number, time and place stand in each; no word of a template is left over.
    """
    mail = letter(kind, language, "髙橋", about(language))
    short = short_message(kind, language, about(language))

    for text in (mail.body, short):
        assert "CHIBA-R26-000001-3" in text
        assert not {"{", "}", "None"} & {*text, *text.split()}
    assert "髙橋" in mail.body
    assert moment_words(datetime(2026, 10, 8, 4, tzinfo=UTC), language) in mail.body
    assert "𠮷野髙島屋" in mail.body
    assert SECTION[language] in mail.body
    assert "\n\n\n" not in mail.body
    assert 0 < len(mail.subject) < 120
    assert len(short) <= 200


def test_the_kinds_are_those_that_a_course_may_ask_for() -> None:
    """
    A kind without words would be tried for days.
    """
    assert [
        "booking_cancelled",
        "booking_changed",
        "booking_confirmed",
        "displaced",
        "new_times_offered",
        "reminder",
    ] == kinds()


def test_what_is_not_known_is_left_out() -> None:
    """
    A city's own system says where; a heading without anything under it asks for a call.
    """
    bare = replace(about("ja"), venue=Venue(), link="", guide=None, party=None, reference="")
    body = letter("booking_confirmed", "ja", "髙橋", bare).body

    assert not [
        w for w in ("場所", "人数", "お越しになる前", "https", "市の受付番号") if w in body
    ]
    assert "受付時間　月〜金曜日 8:30〜17:00（祝日・年末年始を除く）" in body


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ja", "2026年12月31日（木）9:05"),
        ("easy", "2026年12月31日 木曜日（もくようび） 午前（ごぜん）9時5分"),
        ("en", "Thursday, 31 December 2026, 9:05"),
    ],
)
def test_a_moment_is_said_on_the_clock_of_tokyo(language: str, words: str) -> None:
    """
    Whoever reads it has to be there.
    """
    assert words == moment_words(datetime(2026, 12, 31, 0, 5, tzinfo=UTC), language)


def test_hours_are_said_whole_or_not_at_all() -> None:
    """
    An opening that is no weekday's alone cannot be said in a line.
    """
    chiba, ageo = load("chiba").contract, load("ageo").contract

    assert "Every day 8:30–20:00" == contact_of(ageo, "en").hours
    assert "Call centre" == contact_of(chiba, "en").label
    assert "横須賀市" == contact_of(load("yokosuka").contract, "ja").label
    assert "月〜金曜日 8:30〜17:00（祝日・年末年始を除く）" == contact_of(chiba, "ja").hours
    assert None is hours_words(calendar_of(chiba, "venue"), "ja")


@pytest.mark.parametrize(
    "written",
    ["a@city.example", "a..b@docomo.ne.jp", ".a.@ezweb.ne.jp", "x+y@sub.city.example"],
)
def test_addresses_that_people_have_are_taken(written: str) -> None:
    """
    Some were given out before anybody looked at the standard.
    """
    assert written == address(written).addr_spec


def test_a_name_of_a_machine_in_japanese_is_written_as_machines_do() -> None:
    """
    Every server can look it up.
    """
    assert "a@xn--wgv71a.jp" == address("a@日本.jp").addr_spec


@pytest.mark.parametrize(
    "written",
    [
        "",
        "a",
        "@city.example",
        "a@city",
        "a@city..example",
        "a b@city.example",
        "a@b@city.example",
        "a@city.example\r\nDATA",
        "a\r\nBcc: b@city.example",
        "a@city.example>\r\nRCPT TO:<b@city.example",
        "<a@city.example>",
        "a,b@city.example",
        "髙橋@city.example",
        "a\x00@city.example",
        "a" * 65 + "@city.example",
        "a@" + "b" * 250 + ".example",
    ],
)
def test_what_is_no_address_is_never_shown_to_a_server(written: str) -> None:
    """
    A line break would end the command and begin another.
    """
    with pytest.raises(NotSent) as caught:
        address(written)

    assert (Problem.ADDRESS_UNUSABLE, True) == (caught.value.problem, caught.value.final)


@pytest.mark.parametrize(
    ("url", "security", "port"),
    [
        ("smtp://mail.example", Security.WHERE_OFFERED, 25),
        ("smtp://127.0.0.1:2525", Security.WHERE_OFFERED, 2525),
        ("smtp://user:pw@127.0.0.1:2525", Security.WHERE_OFFERED, 2525),
        ("smtp://user:pw@mail.example:587", Security.STARTTLS, 587),
        ("smtp+tls://user:pw@mail.example", Security.STARTTLS, 587),
        ("smtps://user:p%40w@mail.example", Security.TLS, 465),
    ],
)
def test_a_password_is_never_sent_in_clear(url: str, security: Security, port: int) -> None:
    """
    Unless it stays on this machine.
    """
    server = Server.at(url)

    assert (security, port) == (server.security, server.port)
    assert server.password in {None, "pw", "p@w"}


def test_the_same_message_is_the_same_bytes() -> None:
    """
    A repetition must look like one.
    """
    sender = address("no-reply@city.example")
    one, other = (
        compose(
            sender=sender,
            recipient=address("a@city.example"),
            subject="予約\r\nBcc: b@city.example",
            body="本文\n",
            message_id=new_message_id("chiba", "case", "reminder/1", sender),
            at=datetime(2026, 10, 1, tzinfo=UTC),
            language="ja",
        )
        for _ in range(2)
    )

    assert one == other
    assert b"\r\nBcc" not in one
    assert max(len(line) for line in one.split(b"\r\n")) <= 78


def test_a_line_keeps_its_letters_and_loses_its_breaks() -> None:
    """
    Variants of a letter are part of a name; what turns a line's direction is not.
    """
    assert "葛\U000e0100城 𠮷 﨑" == one_line("葛\U000e0100城\r\n𠮷 \u202e﨑\u2028")


def test_a_list_says_that_something_has_not_left() -> None:
    """
    The first try is no trouble yet; the second is.
    """
    said = [
        state_words(state, tries)
        for state, tries in [
            (MessageState.QUEUED, 0),
            (MessageState.SENDING, 1),
            (MessageState.QUEUED, 4),
            (MessageState.GIVEN_UP, 9),
        ]
    ]

    assert [
        "送信待ち",
        "送信中",
        "送信できていません（4回試みました）",
        "送信を取りやめました（9回試みました）",
    ] == said
