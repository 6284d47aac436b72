"""Photos of applications: looked at, laid out to be printed, given away as codes alone.

Here: the port's work for a photo that is kept with a case. What a photo is held to stands in
``domain.photos.photo_rules``; the page that keeps nothing, in ``api.pages.counter.photos``.
"""

import asyncio

from sqlalchemy import Engine
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.beating import beating
from activities.binding import print_photo_sheet
from activities.notices import Press
from devices.photo_gate import PhotoGate
from domain.applications.photo_sheet import PhotoSheet
from domain.photos.photo_errors import PhotoGateBusy
from store import cases, vault
from store.keys import KeyRing
from store.scope import scope
from workflows.photo_messages import CheckedPhoto, CheckPhoto, PrintPhoto
from workflows.ports import PhotoPort

SHEET_KIND = "photo_sheet"


class VaultPhotos(PhotoPort):
    """Photos that are kept sealed as documents of their case."""

    def __init__(self, engine: Engine, keys: KeyRing, gate: PhotoGate, press: Press) -> None:
        self._engine = engine
        self._keys = keys
        self._gate = gate
        self._press = press

    @activity.defn(name="check_photo")
    def check_photo(self, check: CheckPhoto) -> CheckedPhoto:
        with scope(self._engine, check.case.municipality) as connection:
            content = vault.open_document(connection, self._keys, check.case, check.document_id)
        try:
            judged = self._gate.look(content, exemption=check.exemption).judged
        except PhotoGateBusy as busy:
            # To whoever stands at the window a refusal; here it is only to be tried again.
            raise ApplicationError("others are before it", type="PhotoGateBusy") from busy
        return CheckedPhoto(
            verdict=judged.verdict,
            problems=tuple(each.problem for each in judged.findings),
            excused=tuple(each.problem for each in judged.findings if each.excused),
        )

    @activity.defn(name="print_photo")
    @beating
    async def print_photo(self, wanted: PrintPhoto) -> None:
        sheet, photo = await asyncio.to_thread(self._to_print, wanted)
        if sheet is None:
            return
        content = await self._press.run(print_photo_sheet, sheet, photo)
        await asyncio.to_thread(self._keep_sheet, wanted, content)

    def _to_print(self, wanted: PrintPhoto) -> tuple[PhotoSheet | None, bytes]:
        """Return the sheet and the photo on it; no sheet if it is kept already."""
        case = wanted.case
        with scope(self._engine, case.municipality) as connection:
            if vault.kept(connection, case.municipality, [wanted.sheet_id]):
                return None, b""
            photo = vault.open_document(connection, self._keys, case, wanted.document_id)
            file = cases.one_case(connection, case.case_id)
        return PhotoSheet(number=file.case_number), photo

    def _keep_sheet(self, wanted: PrintPhoto, content: bytes) -> None:
        case = wanted.case
        kept = vault.NewDocument(
            document_id=wanted.sheet_id,
            kind=SHEET_KIND,
            name="申請書に貼る写真.pdf",
            media_type="application/pdf",
            content=content,
        )
        with scope(self._engine, case.municipality) as connection:
            vault.keep_documents(
                connection,
                self._keys,
                case.municipality,
                {case.case_id: kept},
                made_at=wanted.made_at,
            )
