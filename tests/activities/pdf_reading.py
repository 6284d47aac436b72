"""Reading printed PDFs back: text, letters by font, glyphs; no assertions."""

from collections import defaultdict
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pikepdf
import pypdf


def texts(pdf: bytes) -> list[str]:
    """Return the text of each page without blanks and line ends."""
    pages = pypdf.PdfReader(BytesIO(pdf)).pages
    return ["".join(page.extract_text().split()) for page in pages]


def letters_by_font(pdf: bytes) -> dict[str, str]:
    """Return what each embedded font writes, by the font's name without its tag."""
    found: defaultdict[str, str] = defaultdict(str)

    def note(text: str, _: Any, __: Any, font: Any, ___: Any) -> None:
        if font:
            found[font["/BaseFont"].split("+")[-1]] += text

    for page in pypdf.PdfReader(BytesIO(pdf)).pages:
        page.extract_text(visitor_text=note)
    return dict(found)


def places(pdf: bytes, font: str) -> list[tuple[float, float]]:
    """Return where each stretch of a font begins on the first page, in mm from left and top."""
    page = pypdf.PdfReader(BytesIO(pdf)).pages[0]
    found: list[tuple[float, float]] = []

    def note(text: str, cm: Any, tm: Any, written: Any, _: Any) -> None:
        if written and written["/BaseFont"].endswith(f"+{font}") and text.strip():
            x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
            y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
            found.append((x / 72 * 25.4, (float(page.mediabox.height) - y) / 72 * 25.4))

    page.extract_text(visitor_text=note)
    return found


def fonts(pdf: bytes) -> Iterator[pikepdf.Object]:
    """Yield the descriptor of each font that any page may use."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        for page in opened.pages:
            for font in page.obj.Resources.Font.values():
                yield font.DescendantFonts[0].FontDescriptor


def glyphs(pdf: bytes) -> list[tuple[str, int]]:
    """Return each glyph drawn, as font resource and glyph number, in order."""
    drawn: list[tuple[str, int]] = []
    with pikepdf.open(BytesIO(pdf)) as opened:
        for page in opened.pages:
            font = ""
            for step in pikepdf.parse_content_stream(page):
                operands, operator = step.operands, str(step.operator)
                if operator == "Tf":
                    base = page.obj.Resources.Font[str(operands[0])].BaseFont
                    font = str(base).split("+")[-1]
                elif operator in {"Tj", "TJ"}:
                    drawn += [(font, number) for number in _numbers(operands[0])]
    return drawn


def _numbers(shown: Any) -> Iterator[int]:
    strings = shown if isinstance(shown, pikepdf.Array) else [shown]
    for string in strings:
        if isinstance(string, pikepdf.String):
            data = bytes(string)
            yield from (data[at] << 8 | data[at + 1] for at in range(0, len(data), 2))


def words(pdf: bytes) -> str:
    """Return all words of a PDF, page by page, as the golden files keep them."""
    pages = pypdf.PdfReader(BytesIO(pdf)).pages
    return "\f\n".join(f"{page.extract_text().strip()}\n" for page in pages)
