"""What a contract says of applications that come back, for the follow-up to keep to.

Belongs here: the contract's values. Does not belong here: reading them from the file
(``contracts.build_defects``), which moment follows from them (``next_try``).
"""

from dataclasses import dataclass
from datetime import time

FIRST_CONTACT_DUE = "defect_contact"
RETRY_DUE = "defect_retry"
LETTER_DUE = "defect_letter"
HAND_OFF_DUE = "defect_handoff"
DUE_RULES = (FIRST_CONTACT_DUE, RETRY_DUE, LETTER_DUE, HAND_OFF_DUE)
"""By which rules of a contract the steps of a follow-up are due; one with the section has
them all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DefectRules:
    """One contract's way of following up. Sources: Ageo §5(1)③(ア), Chiba 第2-1(2)イ."""

    calendar: str
    """When the person can be called: its open days and hours."""

    tries: int
    """Attempts in a row that failed, after which a letter goes out."""

    try_at: tuple[time, ...]
    """Times of day, taken in turn: who is out in the morning may be there in the evening."""

    letter_wait_days: int
    """How long an answer to the letter is waited for before the city is asked."""

    own_wait_days: int
    """When to ask again whoever wanted to see to it themselves."""

    clause: str = ""

    def __post_init__(self) -> None:
        if self.tries < 1 or self.letter_wait_days < 1 or self.own_wait_days < 1:
            raise ValueError("count from 1")
        if not self.try_at:
            raise ValueError("there is a time to try")
