"""What an applicant has to have agreed to today, for steps of a visit.

What they said is an action of the visit (``api.cases``); a newer version of a document holds
from its day on, also for visits that began before.
"""

from api.deps import Desk
from domain.calendars.hours import local
from domain.case import CaseKind
from domain.procedures.consent import ConsentDocument, in_force
from store.cases import CaseFile


def needed(desk: Desk, file: CaseFile) -> tuple[ConsentDocument, ...]:
    """Return the documents in force; none for other cases, or where nothing is asked."""
    if file.kind is not CaseKind.VISIT:
        return ()
    contract = desk.book.current(file.ref.contract).contract
    return in_force(contract.consents, local(desk.clock()).date())
