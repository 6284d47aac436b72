"""The sheet from which a photo is printed and cut out, as values.

Here: what stands on it beside the photo. Not here: how it looks
(``report_templates/photo_sheet``), the photo, which is no value of the domain.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoSheet:
    """One sheet of the mobile printer: the same photo twice, so that one may be spoilt."""

    number: str
    """Of the application's case; nobody's name is on the sheet."""
