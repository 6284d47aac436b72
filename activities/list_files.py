"""Reservation lists as files: workbooks, paper, and a locked archive of both.

Belongs here: bytes of a list in each format. Does not belong here: what stands on a list
(``domain.booking.reservation_list``), CSV (``domain.writing.csv_files``), where files go
(``activities.list_sending``).
"""

from collections.abc import Mapping
from datetime import datetime
from io import BytesIO

import pyzipper  # type: ignore[import-untyped]
from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils.exceptions import IllegalCharacterError

from activities.binding import print_list
from activities.notices import Press
from activities.render import Paper
from domain.booking.reservation_list import COLUMNS, ReservationList
from domain.calendars.hours import local
from domain.errors import UnusableCharacter

_KEY_BITS = 256
_A4 = "9"
_WIDTHS: Mapping[str, int] = {
    "day": 12,
    "time": 14,
    "venue": 24,
    "line": 12,
    "number": 22,
    "kana": 22,
    "name": 18,
    "people": 6,
    "phone": 16,
    "channel": 12,
    "state": 20,
    "guided": 6,
}
"""In characters, as a spreadsheet counts them."""

_SHEET = "予約受付一覧"


class ListFiles:
    """Makes the files of a list; paper is laid out in the printing process."""

    def __init__(self, press: Press) -> None:
        """Take the printing process."""
        self._press = press

    async def workbook(self, paper: ReservationList) -> bytes:
        """Return the list as XLSX."""
        return to_workbook(paper)

    async def paper(self, paper: Paper) -> bytes:
        """Return a list or a sheet as PDF.

        Raises:
            MissingGlyph: A name has characters that no font draws.
            TooLongForForm: A text does not fit its column.
        """
        made: bytes = await self._press.run(print_list, paper)
        return made


def to_workbook(paper: ReservationList) -> bytes:
    """Return the list as XLSX in which every cell is text and none is a formula.

    Raises:
        UnusableCharacter: A text holds a character that no workbook can.
    """
    book = Workbook(write_only=True)
    # Only what the list itself says: the same list is the same workbook.
    book.properties.creator = paper.city_name
    book.properties.title = paper.title
    book.properties.created = book.properties.modified = _naive(paper.as_of)
    sheet = book.create_sheet(_SHEET)
    sheet.freeze_panes = "A4"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = _A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "3:3"
    for place, name in enumerate(COLUMNS):
        sheet.column_dimensions[chr(ord("A") + place)].width = _WIDTHS[name]
    count = f"予約 {paper.bookings}件 {paper.people}人、取消 {paper.cancelled}件"
    bold = Font(bold=True)
    try:
        sheet.append([_text(sheet, f"{paper.title} {paper.venue} {paper.line}".strip(), bold)])
        sheet.append([_text(sheet, f"{paper.as_of_text}現在 {count}")])
        sheet.append([_text(sheet, head, bold) for head in COLUMNS.values()])
        for row in paper.rows:
            sheet.append([_text(sheet, cell) for cell in row.cells()])
    except IllegalCharacterError:
        raise UnusableCharacter("表計算のファイルに書けない文字があります。") from None
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def locked(files: Mapping[str, bytes], *, password: str, note: str, at: datetime) -> bytes:
    """Return an archive of files that opens with the password alone (AES, 256 bits).

    Args:
        files: By the name they get; names can be read without the password.
        password: What opens it.
        note: Stands in clear beside the files; nothing personal.
        at: The moment that the files carry.
    """
    target = BytesIO()
    moment = local(at)
    with pyzipper.AESZipFile(
        target, "w", compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES
    ) as archive:
        archive.setpassword(password.encode())
        archive.setencryption(pyzipper.WZ_AES, nbits=_KEY_BITS)
        for name, content in files.items():
            entry = archive.zipinfo_cls(name, date_time=moment.timetuple()[:6])
            entry.compress_type = pyzipper.ZIP_DEFLATED
            archive.writestr(entry, content)
        archive.comment = note.encode()
    return target.getvalue()


def note_of(archive: bytes) -> str:
    """Return what stands in clear beside the files of an archive."""
    with pyzipper.AESZipFile(BytesIO(archive)) as opened:
        note: bytes = opened.comment
    return note.decode()


def _text(sheet: object, text: str, font: Font | None = None) -> Cell:
    cell: Cell = WriteOnlyCell(sheet, value=text)  # type: ignore[arg-type]
    # A text that begins like a formula stays a text.
    cell.data_type = "s"
    cell.number_format = "@"
    if font is not None:
        cell.font = font
    return cell


def _naive(moment: datetime) -> datetime:
    return local(moment).replace(tzinfo=None)
