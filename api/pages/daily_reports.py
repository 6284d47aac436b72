"""The daily reports of a month on a page: what went to the city, what did not, what is late.

Here: the list, and beginning another version. Not here: sending, which is done on the page of
the case; what a report says (``api.reports.daily_reports``).
"""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.access.door import Person
from api.deps import AccessedCase, Desk, TheDesk
from api.pages.desk.sending import Failed, Posted, failed, see_other
from api.pages.rendering import page
from api.reports import daily_reports
from api.reports.daily_reports import Reader, Sender, Sent
from domain.calendars.hours import local
from domain.errors import DomainError
from domain.parties import Action, allowed
from domain.sending.daily_report import PART_TEXT
from domain.sending.list_sending import MEANS_TEXT

router = APIRouter(prefix="/daily-reports", include_in_schema=False)

_MONTH: Final = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


@router.get("")
def show(request: Request, person: Reader, desk: TheDesk) -> Response:
    """Show the reports of a month, the newest day first."""
    return _page(request, person, desk)


@router.post("/{case_id}/versions")
def correct(
    request: Request, file: AccessedCase, person: Sender, desk: TheDesk, posted: Posted
) -> Response:
    """Open the next version, and go to its case."""
    loaded = desk.book.current(person.municipality)
    try:
        body = daily_reports.Correction(
            reason=posted.text("reason")[:2000], confirmed=posted.text("confirmed") == "yes"
        )
        opened = daily_reports.correct_report(loaded, file, person, desk, posted.key, body)
    except DomainError as refused:
        return _page(
            request, person, desk, failed(f"correct-{file.ref.case_id}", posted, refused)
        )
    return see_other(f"/cases/{opened.case_id}?done=report_corrected")


def _page(
    request: Request, person: Person, desk: Desk, failed: Failed | None = None
) -> Response:
    loaded = desk.book.current(person.municipality)
    today = local(desk.clock()).date()
    first = _month(request.query_params.get("month", ""), today)
    found = daily_reports.of_month(desk, person, loaded, first)
    latest = {each.value.day: each.value.version for each in reversed(found)}
    newest = {each.file.ref.case_id for each in found if _is_last(each, found)}
    return page(
        request,
        person,
        "daily_reports",
        status=failed.told.status if failed else 200,
        month=first,
        months=(first - timedelta(days=1), first + timedelta(days=32)),
        found=found,
        days=len(latest),
        waiting=[each for each in found if not each.value.closed],
        breached=[each for each in found if _missed(each) and not each.value.closed],
        missed={each.file.ref.case_id for each in found if _missed(each)},
        newest=newest,
        part_text=PART_TEXT,
        means_text=MEANS_TEXT,
        may_send=allowed(person.role, Action.SEND_LIST),
        base=f"/api/v1/contracts/{loaded.contract.slug}/reports",
        failed=failed,
    )


def _missed(sent: Sent) -> bool:
    """Tell whether the city did not have it in time."""
    return sent.value.late or (not sent.value.closed and sent.file.stuck is not None)


def _is_last(sent: Sent, found: Sequence[Sent]) -> bool:
    same = [each.value.version for each in found if each.value.day == sent.value.day]
    return sent.value.version == max(same)


def _month(text: str, today: date) -> date:
    return date.fromisoformat(f"{text}-01") if _MONTH.fullmatch(text) else today.replace(day=1)
