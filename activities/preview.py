"""A look at a form: ``python -m activities.preview issue_notice_a4 out.pdf``.

Here: filling a form with the invented data of its ``sample.json``, for the person who
changes a template and for the tests. Not here: anything that real notices pass through.
"""

import sys
from pathlib import Path

from pydantic import BaseModel, TypeAdapter

from activities.render import TEMPLATES, Paper, render_list, render_notices
from domain.applications.quality import QualityReport
from domain.booking.reservation_list import ReservationList
from domain.defects.defect_letter import DefectLetter
from domain.handoff_sheet import HandoffSheet
from domain.lots.notice import (
    DispatchList,
    DocumentSlip,
    NoticeData,
    NoticeForm,
    NoticeList,
    NoticeTexts,
)
from domain.sending.daily_report import DailyReport

LISTS: dict[str, type[Paper]] = {
    "notice_list": NoticeList,
    "dispatch_list": DispatchList,
    "document_slip": DocumentSlip,
    "reservation_list": ReservationList,
    "daily_report": DailyReport,
    "handoff_sheet": HandoffSheet,
    "defect_letter": DefectLetter,
    "application_quality": QualityReport,
}
FORMS = (*NoticeForm, *LISTS)


class NoticeSample(BaseModel):
    """The shape of a notice form's ``sample.json``."""

    texts: NoticeTexts
    notices: tuple[NoticeData, ...]


def notice_sample(form: NoticeForm) -> NoticeSample:
    """Return the invented texts and people of a notice form."""
    return NoticeSample.model_validate_json(_read(form))


def list_sample(form: str) -> Paper:
    """Return the invented rows of a list form."""
    adapter: TypeAdapter[Paper] = TypeAdapter(LISTS[form])
    return adapter.validate_json(_read(form))


def preview(form: str) -> bytes:
    """Return the form filled with its sample, as it would be printed."""
    if form in LISTS:
        return render_list(list_sample(form))
    sample = notice_sample(NoticeForm(form))
    return render_notices(sample.notices, NoticeForm(form), sample.texts).print_file


def _read(form: str) -> bytes:
    return (TEMPLATES / form / "sample.json").read_bytes()


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in FORMS:
        sys.exit(f"usage: python -m activities.preview ({'|'.join(FORMS)}) FILE.pdf")
    Path(sys.argv[2]).write_bytes(preview(sys.argv[1]))
