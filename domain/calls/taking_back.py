"""Taking back a note that somebody made by a slip of the hand.

Belongs here: whose note can be taken back, and until when. Does not belong here: what a note
is (``inquiry``), counting (``domain.catalogue.counts``). The record keeps both lines; what is
counted is what was meant.

Source: Ageo specification §5(2)① (the guidance and questions of a day are counted).
"""

from datetime import datetime

from domain.calendars.hours import local
from domain.errors import NotYourDuty, WrongStage
from domain.records.replay import AFTERWARDS

ACTION = "note_taken_back"
KEY = f"{AFTERWARDS}{ACTION}"
"""Under which a case records it; once and for all."""


def require_own_slip(
    *, author: str, by: str, made_at: datetime, closed_at: datetime | None, now: datetime
) -> None:
    """Return if a note can be taken back.

    Args:
        author: Whose account made it.
        by: Whose account takes it back.
        made_at: When it was made.
        closed_at: When it was dealt with.
        now: What time it is.

    Raises:
        WrongStage: It is no note that was over at once, or not of today.
        NotYourDuty: Somebody else made it.
    """
    if closed_at != made_at:
        raise WrongStage("その場で済んだ記録だけを取り消せます。")
    if author != by:
        raise NotYourDuty("取り消せるのは、記録した本人だけです。")
    if local(made_at).date() != local(now).date():
        raise WrongStage("取り消せるのは、記録した日のうちだけです。")
