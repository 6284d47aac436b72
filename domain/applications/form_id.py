"""The number of an application form (申請書ID): 23 digits, printed and in its code.

It is no Individual Number and cannot be turned into one. Belongs here: reading it out of what
a scanner or a person typed. Does not belong here: whether it is kept (``application_lines``).
"""

import re
import unicodedata

from domain.applications.application_errors import FormIdRefused

LENGTH = 23

_RUN = re.compile(r"[0-9]+", re.ASCII)
_PRINTED = re.compile(r"[0-9](?:[ \-‐－ー]?[0-9])*")


def read_form_id(scanned: str) -> str:
    """Return the 23 digits in what was scanned or typed.

    A scanner types whatever the code holds, which may be an address around the digits; a
    person types groups with blanks or hyphens between them, or full-width digits.

    Raises:
        FormIdRefused: There are not exactly 23 digits, or more than one such number.
    """
    text = unicodedata.normalize("NFKC", scanned).strip()
    if _PRINTED.fullmatch(text):
        digits = re.sub(r"[^0-9]", "", text)
        found = {digits} if len(digits) == LENGTH else set()
    else:
        found = {run for run in _RUN.findall(text) if len(run) == LENGTH}
    if len(found) != 1:
        raise FormIdRefused(
            f"申請書IDは数字{LENGTH}桁です。交付申請書の二次元コードを読み取ってください。"
        )
    return found.pop()
