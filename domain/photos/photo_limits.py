"""Every number that photos are held to, with where it comes from.

The file's limits are the national site's; the sizes are its guide; the rest was measured on
one portrait and some thirty damaged copies of it, and says where to look, not what is so.
What is said at a limit stands in ``domain/photos/photo_rules.py``.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """From where on a measured value is worth a look, and from where on it is hardly good.

    A limit whose ``refused`` is the lesser one is a lower limit.
    """

    look: float
    refused: float | None
    """``None``: however far off, a person has to decide."""

    source: str


_SITE = "national application site, notes on photo files (JPEG, 20 KB-7 MB, 480-6000 px)"
_GUIDE = "national leaflet on photos, guide sizes: head 34 ± 2 mm of 45 mm, 4 ± 2 mm above it"
_SEEN = "assumed: measured on one portrait and damaged copies of it"

LEAST_BYTES: Final = 20_000
MOST_BYTES: Final = 7_000_000
LEAST_SIDE_PX: Final = 480
MOST_SIDE_PX: Final = 6_000
FILE_SOURCE: Final = _SITE

PRINT_MM: Final = (45, 35)
"""Height and width of the photo. Source: form of application, box for the photo."""

ASPECT: Final = PRINT_MM[0] / PRINT_MM[1]
ASPECT_OFF: Final = Limit(look=0.03, refused=None, source="form of application, 45 by 35 mm")

LOOKED_AT_BYTES: Final = 20_000_000
"""What is looked at at all: a larger photo may become good by cutting it out."""

HEAD_OF_FACE: Final = 1.35
"""A head with its hair, in heights of what the detector calls a face. Source: measured."""

HEAD_SHARE: Final = 34 / 45
ABOVE_SHARE: Final = 4 / 45
GUIDE_SOURCE: Final = _GUIDE

FACE_SMALL: Final = Limit(look=0.44, refused=0.30, source=f"{_GUIDE}; {_SEEN}")
"""Height of the face as detected, of the picture's: the guide's head is 0.56 of it."""

FACE_LARGE: Final = Limit(look=0.66, refused=0.80, source=f"{_GUIDE}; {_SEEN}")
OFF_CENTRE: Final = Limit(look=0.07, refused=0.15, source=_SEEN)
"""Between the eyes and the middle of the width, of the width."""

HEAD_CUT: Final = Limit(look=0.02, refused=-0.06, source=f"{_GUIDE}; {_SEEN}")
"""Room above the head, hair as ``HEAD_OF_FACE`` guesses it, of the picture's height."""

EYES_LOW: Final = Limit(look=0.58, refused=0.66, source=f"{_GUIDE}; {_SEEN}")
TILT_DEG: Final = Limit(look=7.0, refused=11.5, source=_SEEN)
TURN: Final = Limit(look=0.25, refused=0.45, source=_SEEN)
BLURRED: Final = Limit(look=50.0, refused=25.0, source=_SEEN)
BLOCKY: Final = Limit(look=2.2, refused=5.0, source=_SEEN)
DARK: Final = Limit(look=150.0, refused=105.0, source=_SEEN)
"""Held to the lightest parts of the whole picture, never to the face: skin is dark or light,
and a dark photo is dark everywhere."""

FACE_DARK: Final = Limit(look=70.0, refused=None, source=_SEEN)
BURNT: Final = Limit(look=0.06, refused=0.30, source=_SEEN)
SIDE_LIGHT: Final = Limit(look=30.0, refused=None, source=_SEEN)
UNEVEN: Final = Limit(look=3.0, refused=20.0, source=_SEEN)
"""A face before a wall has 1 to 2, a mottled wall 4, a gradient 24, stripes 33."""

SIDES_DIFFER: Final = Limit(look=8.0, refused=None, source=_SEEN)
EYES_COVERED: Final = Limit(look=40.0, refused=12.0, source=_SEEN)
GREY: Final = Limit(look=6.0, refused=None, source=_SEEN)

NO_PHOTO_BELOW_YEARS: Final = 1
"""Cards of children under one carry no photo. Source: issued since 2 December 2024."""
