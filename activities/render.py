"""Forms filled in and turned into PDF; the only importer of WeasyPrint.

Here: from values of ``domain/lots/notice.py`` through a template to bytes. Not here: what a
form says and looks like (``report_templates/``), which font draws what (``fonts``), PDF objects
(``cutting``), and where the bytes are kept.

The same input gives the same bytes: nothing asks the clock, and nothing is fetched. A
template may use files of its own folder; every other address is refused, so that a name
cannot make the engine read a file or call a host.
"""

import gc
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from threading import Lock
from types import MappingProxyType
from typing import Any, BinaryIO

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from pikepdf import Pdf
from weasyprint import CSS, HTML  # type: ignore[import-untyped]
from weasyprint.text.fonts import FontConfiguration  # type: ignore[import-untyped]
from weasyprint.urls import (  # type: ignore[import-untyped]
    FatalURLFetchingError,
    URLFetcher,
    URLFetcherResponse,
)

from activities import fonts
from activities.cutting import PrintFile, cut
from activities.font_files import can_cut, cut_font
from activities.fonts import Face
from domain.applications.photo_sheet import PhotoSheet
from domain.applications.quality import QualityReport
from domain.booking.reservation_list import ReservationList
from domain.defects.defect_letter import DefectLetter
from domain.errors import TooLongForForm
from domain.handoff_sheet import HandoffSheet
from domain.lots.notice import (
    DispatchList,
    DocumentSlip,
    NoticeData,
    NoticeForm,
    NoticeList,
    NoticeTexts,
    PrintedList,
    printed_texts,
)
from domain.sending.daily_report import DailyReport
from domain.writing.eras import era_text

TEMPLATES = Path(__file__).resolve().parent.parent / "report_templates"
CHUNK = 50
"""People in one layout: fewer waste the start of a document, more only fill memory."""

Paper = (
    PrintedList | ReservationList | DailyReport | HandoffSheet | DefectLetter | QualityReport
)
"""Every list and slip that has as many pages as it takes."""

_LIST_FORMS: dict[type[Paper], str] = {
    NoticeList: "notice_list",
    DispatchList: "dispatch_list",
    DocumentSlip: "document_slip",
    ReservationList: "reservation_list",
    DailyReport: "daily_report",
    HandoffSheet: "handoff_sheet",
    DefectLetter: "defect_letter",
    QualityReport: "application_quality",
}
_ARCHIVE = "pdf/a-3a"
_FAMILIES = {
    Face.TEXT: ("Sheet Sans", 400),
    Face.STRONG: ("Sheet Sans", 700),
    Face.NAME: ("Sheet Serif", 400),
    Face.RARE: ("Sheet Rare", 400),
}
_PART_SCHEME = "sheet:"
_QR = f"{_PART_SCHEME}qr"
_PHOTO = f"{_PART_SCHEME}photo"

# One layout at a time: pango promises little to threads, and two would need the memory twice.
_ENGINE = Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedNotices:
    """The notices of one job."""

    per_person: list[bytes]
    """One PDF/A-3a a person, in the order of the notices."""

    print_file: bytes
    """All pages in the same order; empty when there was nobody."""


def render_notices(
    notices: Sequence[NoticeData], form: NoticeForm, texts: NoticeTexts
) -> RenderedNotices:
    """Return the notices of a small job in memory; ``write_notices`` keeps nothing.

    Raises:
        MissingGlyph, TooLongForForm: As ``write_notices``.
    """
    per_person: list[bytes] = []
    printed = BytesIO()
    write_notices(
        notices, form, texts,
        print_file=printed, keep=lambda _, pdf: per_person.append(pdf),
    )  # fmt: skip
    return RenderedNotices(per_person=per_person, print_file=printed.getvalue())


def write_notices(
    notices: Sequence[NoticeData],
    form: NoticeForm,
    texts: NoticeTexts,
    *,
    print_file: BinaryIO,
    keep: Callable[[NoticeData, bytes], None],
) -> None:
    """Write all notices to ``print_file`` and hand each person's PDF to ``keep``, in order.

    Memory does not grow with the number of notices. Nothing is written before every notice
    has been found printable; nothing at all is written for nobody.

    Raises:
        MissingGlyph: Characters no font has; none of the notices is printed.
        TooLongForForm: A text does not fit, or the contract's texts fill more than the form.
    """
    if not notices:
        return
    fonts.require_glyphs([*printed_texts(tuple(notices)), *printed_texts(texts)])
    template = _form(form).get_template(f"{form}/template.html.j2")
    pictures = {_QR: _qr(texts.booking_url)} if texts.booking_url else {}
    chunks = [notices[start : start + CHUNK] for start in range(0, len(notices), CHUNK)]

    def pages(chunk: Sequence[NoticeData]) -> str:
        return template.render(notices=chunk, texts=texts)

    with _ENGINE:
        press = _Press(form, (pages(chunk) for chunk in chunks), pictures)
        printed: PrintFile | None = None
        for chunk in chunks:
            with Pdf.open(BytesIO(press.pdf(pages(chunk)))) as pdf:
                if len(pdf.pages) != len(chunk) * form.pages:
                    raise TooLongForForm("この様式の紙面に入らない文があります")
                printed = printed or PrintFile(print_file, title=str(pdf.docinfo["/Title"]))
                printed.append(pdf)
                for notice, own in zip(chunk, cut(pdf, pages_each=form.pages), strict=True):
                    keep(notice, own)
        assert printed is not None
        printed.close()


def render_list(paper: Paper) -> bytes:
    """Return a list or slip as PDF/A-3a, with as many pages as it takes.

    Raises:
        MissingGlyph: Characters no font has.
        TooLongForForm: A text does not fit its column.
    """
    fonts.require_glyphs(printed_texts(paper))
    form = _LIST_FORMS[type(paper)]
    html = _form(form).get_template(f"{form}/template.html.j2").render(paper=paper)
    with _ENGINE:
        return _Press(form, [html]).pdf(html)


def render_photo_sheet(sheet: PhotoSheet, photo: bytes) -> bytes:
    """Return the sheet that a photo is printed from: 45 by 35 mm, as the form wants it.

    Args:
        sheet: What stands beside it.
        photo: A JPEG of that shape.
    """
    html = _form("photo_sheet").get_template("photo_sheet/template.html.j2").render(paper=sheet)
    with _ENGINE:
        return _Press("photo_sheet", [html], {_PHOTO: photo}).pdf(html)


def unprintable(notices: Iterable[NoticeData]) -> dict[str, list[str]]:
    """Return the code points no font has, by case number; empty when all can be printed."""
    found: dict[str, list[str]] = {}
    for notice in notices:
        missing = {m for text in printed_texts(notice) for m in fonts.missing_glyphs(text)}
        if missing:
            found[notice.case_number] = [fonts.code_points(each) for each in sorted(missing)]
    return found


class _Press:
    """The engine set up for one job: one style, one set of small fonts."""

    def __init__(
        self,
        form: str,
        pages: Iterable[str],
        pictures: Mapping[str, bytes] = MappingProxyType({}),
    ) -> None:
        styles = [TEMPLATES / "base.css", TEMPLATES / form / "style.css"]
        sources = [style.read_text(encoding="utf-8") for style in styles]
        faces = _job_fonts([*sources, *pages]) if can_cut() else {}
        parts = {f"{_PART_SCHEME}{face.name}": font for face, font in faces.items()}
        self._fetcher = TemplateFetcher({**parts, **pictures})
        self._fonts = FontConfiguration()
        self._styles = [self._css(source) for source in [*sources, _font_faces(faces)]]

    def pdf(self, html: str) -> bytes:
        """Lay out one document; its pages are PDF/A-3a, tagged and in Japanese."""
        document = HTML(string=html, base_url=str(TEMPLATES), url_fetcher=self._fetcher)
        with warnings.catch_warnings():
            # WeasyPrint leaves closing its own colour profile to the interpreter.
            warnings.filterwarnings("ignore", "unclosed file .*sRGB2014.icc", ResourceWarning)
            pdf: bytes = document.write_pdf(
                stylesheets=self._styles, font_config=self._fonts, pdf_variant=_ARCHIVE
            )
        del document
        # Now rather than whenever: layouts and font sets hold memory Python does not count.
        gc.collect()
        return pdf

    def _css(self, source: str) -> CSS:
        return CSS(
            string=source,
            base_url=str(TEMPLATES),
            url_fetcher=self._fetcher,
            font_config=self._fonts,
        )


class TemplateFetcher(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
    """Gives the engine the job's own parts and files of the template folder, nothing else."""

    def __init__(self, parts: Mapping[str, bytes]) -> None:
        super().__init__(allowed_protocols=("file",), allow_redirects=False)
        self._parts = parts

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        if url in self._parts:
            return URLFetcherResponse(url, self._parts[url])
        path = Path(URLFetcherResponse(url).path or "/").resolve()
        if not url.startswith("file:///") or not path.is_relative_to(TEMPLATES):
            raise FatalURLFetchingError("a form may use files of the template folder only")
        return super().fetch(url, headers)


def _job_fonts(sources: Iterable[str]) -> dict[Face, bytes]:
    """Return each installed face, cut to the characters of the sources."""
    characters: defaultdict[Face, set[str]] = defaultdict(set)
    for source in sources:
        for face, stretch in fonts.runs(source):
            if face is not None:
                characters[face].update(stretch)
    characters[Face.STRONG] = characters[Face.NAME] = characters[Face.TEXT]
    installed = fonts.installed_fonts()
    return {
        face: cut_font(installed[face], sorted(drawn))
        for face, drawn in characters.items()
        if drawn and face in installed
    }


def _font_faces(faces: Iterable[Face]) -> str:
    return "".join(
        f'@font-face {{ font-family: "{family}"; font-weight: {weight};'
        f' src: url("{_PART_SCHEME}{face.name}") }}'
        for face in faces
        for family, weight in [_FAMILIES[face]]
    )


@cache
def _form(form: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_ink,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["era"] = _era
    environment.globals.update(fit=fonts.fit, box=fonts.Box)
    return environment


def _ink(value: Any) -> Any:
    """Mark what the rare face draws; every value a template shows passes here."""
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return Markup("").join(
        Markup('<span class="rare">{}</span>').format(stretch)
        if face is Face.RARE
        else escape(stretch)
        for face, stretch in fonts.runs(value)
    )


def _era(day: date, *, weekday: bool = False) -> str:
    return era_text(day) + (f"（{'月火水木金土日'[day.weekday()]}）" if weekday else "")


def _qr(url: str) -> bytes:
    """Return a QR code as PNG: one picture for all pages, where SVG is drawn on each anew."""
    picture = BytesIO()
    segno.make(url, error="m", micro=False).save(picture, kind="png", scale=8, border=0)
    return picture.getvalue()
