"""Messages to people outside: by what they travel, how far they came, what may stand in them.

Belongs here: what holds for every message, whatever it tells. Does not belong here: when one
is owed (the case's own module), its words (``report_templates/mail``), sending it
(``activities.messages_sending``).
"""

import unicodedata
from collections.abc import Mapping
from enum import StrEnum


class Carrier(StrEnum):
    """By what a message travels."""

    MAIL = "mail"
    SMS = "sms"


class MessageState(StrEnum):
    """How far a message has come."""

    QUEUED = "queued"
    """Not taken by any server yet; tried again until it is, or given up."""

    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    """Refused for good: trying again would be refused again."""

    GIVEN_UP = "given_up"
    """Nobody waits for it any more: it was tried for too long, or has become pointless."""


OPEN_STATES = (MessageState.QUEUED, MessageState.SENDING)
"""Where a message may still leave."""


class Problem(StrEnum):
    """Why a message has not left; never a word of a server, which may repeat an address."""

    NO_SERVER = "no_server"
    NO_CONNECTION = "no_connection"
    TIMEOUT = "timeout"
    TLS = "tls"
    LOGIN = "login"
    SERVER_BUSY = "server_busy"
    SERVER_REFUSED = "server_refused"
    RECIPIENT_REFUSED = "recipient_refused"
    ADDRESS_MISSING = "address_missing"
    ADDRESS_UNUSABLE = "address_unusable"
    PERSON_ERASED = "person_erased"
    TEXT = "text"
    """A fault of ours: a template and its facts do not fit."""


PROBLEM_TEXT: Mapping[Problem, str] = {
    Problem.NO_SERVER: "送信サーバーが設定されていません",
    Problem.NO_CONNECTION: "送信サーバーにつながりません",
    Problem.TIMEOUT: "送信サーバーの応答がありません",
    Problem.TLS: "送信サーバーと暗号化した通信ができません",
    Problem.LOGIN: "送信サーバーの利用者名かパスワードが受け付けられません",
    Problem.SERVER_BUSY: "送信サーバーが一時的に受け付けません",
    Problem.SERVER_REFUSED: "送信サーバーがメッセージを受け付けません",
    Problem.RECIPIENT_REFUSED: "あて先が受け付けられません",
    Problem.ADDRESS_MISSING: "あて先の登録がありません",
    Problem.ADDRESS_UNUSABLE: "あて先の形が正しくありません",
    Problem.PERSON_ERASED: "本人の情報は消去されています",
    Problem.TEXT: "文面を作成できません（システムの担当に連絡してください）",
}

MESSAGE_TEXT: Mapping[str, str] = {
    "booking_confirmed": "予約の受付",
    "booking_changed": "予約の変更",
    "booking_cancelled": "予約の取消",
    "reminder": "予約日のお知らせ",
    "displaced": "休止と日時の再調整",
    "new_times_offered": "別の日時のご案内",
}
"""What each kind of message is about, as staff call it."""

_BREAKS = frozenset({"Cc", "Zl", "Zp", "Cs"})
_TURNS = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def one_line(text: str) -> str:
    """Return a text without anything that ends a line or turns its direction.

    In the head of a mail a line break begins a field of its own, in its body a new sentence
    that we never wrote. Letters, rare ones and their variants included, stay as they are.
    """
    plain = (
        " " if unicodedata.category(each) in _BREAKS else "" if each in _TURNS else each
        for each in text
    )
    return " ".join(word for word in "".join(plain).split(" ") if word)


def state_words(state: MessageState, tries: int) -> str:
    """Return how far a message has come, as lists say it."""
    match state:
        case MessageState.SENT:
            return "送信済み"
        case MessageState.FAILED:
            return "送信できませんでした（あて先に届きません）"
        case MessageState.GIVEN_UP:
            return (
                f"送信を取りやめました（{tries}回試みました）"
                if tries
                else "送信を取りやめました"
            )
        case MessageState.SENDING if tries <= 1:
            return "送信中"
        case MessageState.QUEUED if not tries:
            return "送信待ち"
    return f"送信できていません（{tries}回試みました）"
