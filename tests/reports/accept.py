"""Accept the words that the forms print now: ``python -m tests.reports.accept``.

Here: writing the golden files. Not here: comparing them (``tests/activities/test_render.py``).
"""

from pathlib import Path

from activities.preview import FORMS, preview
from tests.activities.pdf_reading import words

GOLDEN = Path(__file__).parent / "golden"

if __name__ == "__main__":
    for form in FORMS:
        (GOLDEN / f"{form}.txt").write_text(words(preview(form)), encoding="utf-8")
