"""Documents of a case: which ones there are, and handing one out.

A document is about somebody, so opening one is recorded as opening the person is.
"""

from collections.abc import Sequence
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import Connection

from api.access.auth import CurrentPerson, TheDoor, require_duty, route_of
from api.access.door import Person
from api.deps import AccessedCase, Desk, TheDesk
from domain.case import CaseKind
from domain.errors import DocumentUnknown
from domain.parties import Action, allowed
from store import access, listed_people, lots, vault
from store.cases import CaseFile
from store.scope import scope
from store.values import value_of
from store.vault import DocumentEntry

router = APIRouter(prefix="/cases", include_in_schema=False)

_PURPOSE = "書類を開く"


@router.get("/{case_id}/documents/{document_id}")
def hand_out(
    document_id: str,
    request: Request,
    file: AccessedCase,
    person: CurrentPerson,
    desk: TheDesk,
    door: TheDoor,
) -> Response:
    """Return a document to keep or to print; who opened it is recorded.

    Raises:
        DocumentUnknown: The case has no such document, or it was erased.
        NotYourDuty: The role may not see the person now; the attempt is recorded.
    """
    standing = value_of(file).standing
    require_duty(door, person, Action.SEE_PERSON, stage=standing, request=request)
    with scope(desk.engine, person.municipality) as connection:
        known = vault.documents_of(connection, file.ref)
        entry = next((each for each in known if each.document_id == document_id), None)
        if entry is None:
            raise DocumentUnknown("書類が見つかりません。")
        access.record_access(
            connection,
            account_id=person.account_id,
            case_ids=[file.ref.case_id, *_persons_in(connection, file, document_id)],
            purpose=_PURPOSE,
            route=route_of(request),
            now=desk.clock(),
        )
        content = vault.open_document(connection, desk.keys, file.ref, document_id)
    return Response(
        content,
        media_type=entry.media_type,
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(entry.name)}"},
    )


def documents_for(desk: Desk, person: Person, file: CaseFile) -> Sequence[DocumentEntry]:
    """Return the documents this person may open; none where they may not see the person."""
    if not allowed(person.role, Action.SEE_PERSON, value_of(file).standing):
        return ()
    with scope(desk.engine, person.municipality) as connection:
        found = vault.documents_of(connection, file.ref)
    whole = {each.document_id.removesuffix("-print") for each in found}
    # The parts of a batch are only of use until they are bound.
    return [
        each
        for each in found
        if each.kind != "notices_part" or each.document_id.partition("-part-")[0] not in whole
    ]


def _persons_in(connection: Connection, file: CaseFile, document_id: str) -> set[str]:
    """Return those whose persons stand in a document of a whole lot, or on a list."""
    if file.kind is CaseKind.LIST_SENDING:
        return listed_people.people_in(connection, file.ref.municipality, document_id)
    if file.kind is not CaseKind.LOT:
        return set()
    batch = document_id
    for suffix in ("-print", "-notice_list", "-dispatch_list"):
        batch = batch.removesuffix(suffix)
    batch = batch.partition("-part-")[0]
    return lots.cards_that_recorded(connection, file.ref, f"act/{batch}")
