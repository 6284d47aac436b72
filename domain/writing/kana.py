"""Names as they are read aloud: kana in any dress, kept as full-width katakana.

Belongs here: what counts as kana and its one written form. Does not belong here: keys that
search and compare names (``text``), which never replace what is kept.
"""

import re
import unicodedata

from domain.writing.text import full_width_kana

_TO_KATAKANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}
_NAME = re.compile(r"[ァ-ヺー・ ]+")
_LETTER = re.compile(r"[ァ-ヺ]")


def katakana(text: str) -> str | None:
    """Return a name in full-width katakana, or ``None`` where it is not written in kana.

    Half width, full width and hiragana are read; a long vowel mark, a middle dot and blanks
    may stand in it and nothing else. Between words stands one full-width blank.
    """
    # Some systems send か and its two dots as two characters.
    joined = unicodedata.normalize("NFC", full_width_kana(text))
    words = " ".join(joined.translate(_TO_KATAKANA).split())
    if not _NAME.fullmatch(words) or not _LETTER.search(words):
        return None
    return words.replace(" ", "　")
