"""Photos of applications: opened, looked at, and nothing of them given away but codes.

Here: the port's work for a photo that is kept with a case. What a photo is held to stands in
``domain.photos.photo_rules``; the page that keeps nothing, in ``api.pages.counter.photos``.
"""

from sqlalchemy import Engine
from temporalio import activity
from temporalio.exceptions import ApplicationError

from devices.photo_gate import PhotoGate
from domain.photos.photo_errors import PhotoGateBusy
from store import vault
from store.keys import KeyRing
from store.scope import scope
from workflows.photo_messages import CheckedPhoto, CheckPhoto
from workflows.ports import PhotoPort


class VaultPhotos(PhotoPort):
    """Photos that are kept sealed as documents of their case."""

    def __init__(self, engine: Engine, keys: KeyRing, gate: PhotoGate) -> None:
        self._engine = engine
        self._keys = keys
        self._gate = gate

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
