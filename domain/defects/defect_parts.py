"""What a follow-up is made of: its stages, its steps, the visit for a new photo.

Belongs here: values without steps. Does not belong here: the follow-up and what can be done
with it (``defect``).
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.applications.defect_kinds import DefectKind


class Stage(StrEnum):
    """How far a follow-up has come."""

    TO_CONTACT = "to_contact"
    CONTACTING = "contacting"
    LETTER_DUE = "letter_due"
    LETTER_SENT = "letter_sent"
    UNREACHABLE = "unreachable"
    AWAITING = "awaiting"
    RETAKE_BOOKED = "retake_booked"
    RETAKEN = "retaken"
    WITH_CITY = "with_city"
    RESUBMITTED = "resubmitted"
    WITHDRAWN = "withdrawn"
    TAKEN_OVER = "taken_over"


STAGE_TEXT: Mapping[Stage, str] = {
    Stage.TO_CONTACT: "連絡前",
    Stage.CONTACTING: "連絡中",
    Stage.LETTER_DUE: "手紙を送る番",
    Stage.LETTER_SENT: "手紙の返事待ち",
    Stage.UNREACHABLE: "連絡つかず",
    Stage.AWAITING: "本人の対応待ち",
    Stage.RETAKE_BOOKED: "撮り直しの予約あり",
    Stage.RETAKEN: "来場済み・再申請待ち",
    Stage.WITH_CITY: "市へ引継ぎ中",
    Stage.RESUBMITTED: "再申請済み",
    Stage.WITHDRAWN: "申請取りやめ",
    Stage.TAKEN_OVER: "市が引き取り",
}

ENDS: Set[Stage] = frozenset({Stage.RESUBMITTED, Stage.WITHDRAWN, Stage.TAKEN_OVER})
"""Where nothing is left to be done; the words are those of ``Settlement``."""


class Step(StrEnum):
    """What can be done; the words are those of ``parties.Action``."""

    RECORD_CONTACT_ATTEMPT = "record_contact_attempt"
    LINK_RETAKE = "link_retake"
    RECORD_RESUBMISSION = "record_resubmission"
    RECORD_GIVING_UP = "record_giving_up"


CITYS_MATTERS: Set[DefectKind] = frozenset(
    {DefectKind.DECEASED, DefectKind.MOVED_OUT, DefectKind.RESIDENCE_PERIOD}
)
"""What the person cannot put right with us: the city is asked without anybody calling."""

_DAILY = timedelta(days=1)
_HOURLY = timedelta(hours=1)
_LOOKED_CLOSELY = timedelta(days=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Retake:
    """The visit for a new photo: a reservation of the citizen."""

    reservation: str
    """Its case."""

    number: str
    starts_at: datetime
    ends_at: datetime

    def looks_at(self, looked_at: datetime) -> datetime:
        """Return when to look again what became of it.

        Once a day, so that a cancelled one is noticed; every hour once it is over, until
        whoever receives people has recorded that they came; and then daily again.
        """
        if looked_at < self.ends_at:
            return min(self.ends_at, looked_at + _DAILY)
        over_long_ago = looked_at >= self.ends_at + _LOOKED_CLOSELY
        return looked_at + (_DAILY if over_long_ago else _HOURLY)


class RetakeState(StrEnum):
    """What has become of it."""

    AHEAD = "ahead"
    CAME = "came"
    NOBODY_CAME = "nobody_came"
    GONE = "gone"
    """Cancelled, or its time was closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenRetake:
    """A visit as it is found."""

    retake: Retake
    state: RetakeState
