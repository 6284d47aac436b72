"""What the screen in front of a resident shows: words of the present step, and a name.

It holds nothing of the person. As soon as nobody stands behind it, since the visit is over or
the one who drives it has logged out or gone, it says where help is to be had and no name. It
is blank once its link has ended. Where the words come from stands in ``web/guide``.

Source: Urasoe specification §11(4) (the name of the person in charge is shown while serving).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

LIFETIME = timedelta(hours=4)
"""A link to a screen serves half a day: whoever comes back after lunch opens it anew."""

PRESENT = timedelta(minutes=10)
"""Who has asked for nothing this long is taken to have left."""

WAITING = "scene/between"
"""What is shown while the one in charge looks at something else."""


NOBODY = "scene/nobody"
"""What is shown while nobody is in charge."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Driven:
    """A screen as its driver left it."""

    in_charge: str
    """The name they are shown by."""

    words: str
    """Name of the words of the step they look at; empty: none yet."""

    expires_at: datetime
    here_at: datetime | None
    """When the driver was last seen; ``None`` once they have logged out."""

    away: bool = False
    """Whether they have turned from the guide to something else."""

    over: bool = False
    """Whether the visit has ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What stands on the screen; nothing at all where both are empty."""

    in_charge: str = ""
    words: str = ""


BLANK = Shown()
UNATTENDED = Shown(words=NOBODY)


def shown(driven: Driven | None, now: datetime) -> Shown:
    """Return what a screen shows at this moment; ``None``: there is none any more."""
    if driven is None or now >= driven.expires_at:
        return BLANK
    gone = driven.here_at is None or now - driven.here_at >= PRESENT
    if driven.over or gone:
        return UNATTENDED
    words = WAITING if driven.away or not driven.words else driven.words
    return Shown(in_charge=driven.in_charge, words=words)
