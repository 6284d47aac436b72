"""What happened to a reservation is told in words, whatever happened."""

import pytest

from api.pages.detail_words import detail_words
from api.pages.words import event_words
from domain.booking.reservation_clock import Due, MessageKind
from domain.booking.reservation_parts import Means, Step
from domain.case import CaseKind

BY_ITSELF = [str(due) for due in Due if due is not Due.REMIND]
CLAIMED = [
    f"reservation_{step}" for step in ("held", "taken", "confirmed", "changed", "cancelled")
]
ACTIONS = [
    *BY_ITSELF,
    *CLAIMED,
    *(str(step) for step in Step),
    "reservation_displaced",
    "message_sent",
    "message_failed",
]


@pytest.mark.parametrize("action", ACTIONS)
def test_everything_that_is_recorded_of_a_reservation_has_words(action: str) -> None:
    """
    A code in the timeline tells nobody anything.
    """
    assert action != event_words(action, CaseKind.RESERVATION, {})


@pytest.mark.parametrize("kind", MessageKind)
def test_a_message_says_what_it_told_and_how_it_went(kind: MessageKind) -> None:
    """
    Which message, by what, and whether somebody now has to phone.
    """
    detail = {"stage": "confirmed", "generation": 1, "kind": str(kind), "means": "mail"}

    what, means, call = detail_words(detail | {"must_phone": True}, CaseKind.RESERVATION)

    assert ("内容", "方法", "電話での連絡が必要") == (what[0], means[0], call[0])
    assert str(kind) != what[1]
    assert ("メール", "はい") == (means[1], call[1])


def test_guidance_and_arrivals_say_how() -> None:
    """
    Read out, with its version; late, if it was.
    """
    told = detail_words({"version": "g-2", "means": str(Means.SPOKEN)}, CaseKind.RESERVATION)

    assert [("案内の版", "g-2"), ("方法", "読み上げ")] == told
    arrived = detail_words({"stage": "arrived", "came_late": True}, CaseKind.RESERVATION)
    assert [("遅れての来場", "はい")] == arrived
    number = [("市のシステムの受付番号", "A-1")]
    assert number == detail_words(
        {"stage": "confirmed", "reference": "A-1"}, CaseKind.RESERVATION
    )
