"""Reaching a person: by what means it was tried, and how it ended.

Belongs here: one attempt as a value, for every kind of case in which somebody is called.
Does not belong here: what follows from attempts that failed (the kinds of cases), at which
hours it is tried again (``domain.defects.next_try``).
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.errors import FieldMissing


class ContactOutcome(StrEnum):
    """How an attempt to reach the person ended."""

    REACHED = "reached"
    NO_ANSWER = "no_answer"
    WRONG_NUMBER = "wrong_number"
    MESSAGE_LEFT = "message_left"
    SENT = "sent"
    """Something written has left; whether it was read nobody knows yet."""

    UNDELIVERED = "undelivered"


OUTCOME_TEXT: Mapping[ContactOutcome, str] = {
    ContactOutcome.REACHED: "つながった",
    ContactOutcome.NO_ANSWER: "応答なし",
    ContactOutcome.WRONG_NUMBER: "番号違い",
    ContactOutcome.MESSAGE_LEFT: "伝言を残した",
    ContactOutcome.SENT: "送った（返事待ち）",
    ContactOutcome.UNDELIVERED: "届かなかった",
}

CALL_OUTCOME_TEXT: Mapping[ContactOutcome, str] = {
    outcome: OUTCOME_TEXT[outcome]
    for outcome in (
        ContactOutcome.REACHED,
        ContactOutcome.NO_ANSWER,
        ContactOutcome.WRONG_NUMBER,
        ContactOutcome.MESSAGE_LEFT,
    )
}
"""How a call can end."""


class ContactMeans(StrEnum):
    """By what the person was to be reached."""

    PHONE = "phone"
    SMS = "sms"
    MAIL = "mail"
    LETTER = "letter"
    IN_PERSON = "in_person"
    """They stood before us, called or not."""


MEANS_TEXT: Mapping[ContactMeans, str] = {
    ContactMeans.PHONE: "電話",
    ContactMeans.SMS: "SMS",
    ContactMeans.MAIL: "メール",
    ContactMeans.LETTER: "手紙",
    ContactMeans.IN_PERSON: "来庁・来場",
}

_WRITTEN = frozenset({ContactOutcome.SENT, ContactOutcome.UNDELIVERED, ContactOutcome.REACHED})
_ENDS: Mapping[ContactMeans, Set[ContactOutcome]] = {
    ContactMeans.PHONE: frozenset(CALL_OUTCOME_TEXT),
    ContactMeans.SMS: _WRITTEN,
    ContactMeans.MAIL: _WRITTEN,
    ContactMeans.LETTER: _WRITTEN,
    ContactMeans.IN_PERSON: frozenset({ContactOutcome.REACHED}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactAttempt:
    """One attempt; who made it and when."""

    at: datetime
    by: str
    means: ContactMeans
    outcome: ContactOutcome

    @property
    def reached(self) -> bool:
        """Tell whether the person was spoken to, or has answered."""
        return self.outcome is ContactOutcome.REACHED

    @property
    def is_letter_sent(self) -> bool:
        """Tell whether a letter is on its way with it."""
        return self.means is ContactMeans.LETTER and self.outcome is ContactOutcome.SENT

    @property
    def is_letter_back(self) -> bool:
        """Tell whether a letter came back with it."""
        return self.means is ContactMeans.LETTER and self.outcome is ContactOutcome.UNDELIVERED


def attempt(
    *, at: datetime, by: str, means: ContactMeans, outcome: ContactOutcome
) -> ContactAttempt:
    """Return an attempt that can have been made.

    Raises:
        FieldMissing: A letter does not go unanswered at once, nor does a call stay on its way.
    """
    if outcome not in _ENDS[means]:
        words = "・".join(OUTCOME_TEXT[each] for each in ContactOutcome if each in _ENDS[means])
        raise FieldMissing(f"{MEANS_TEXT[means]}の結果は「{words}」から選んでください。")
    return ContactAttempt(at=at, by=by, means=means, outcome=outcome)
