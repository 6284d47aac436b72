"""Messages about a day's list and report, part of ``samples``."""

from typing import Any

from domain.sending import daily_report, list_sending
from tests.builders import a_case, a_deadline, at, today
from workflows import list_messages as messages

FIGURES = daily_report.Figures(
    counts=(
        daily_report.Count(
            asked=daily_report.Asked.BOOKING,
            way=daily_report.Way.PHONE,
            number=2,
            people=3,
        ),
    ),
    visitors=(daily_report.Visitors(site="a", booked=3, walk_ins=1),),
)


def lists() -> list[Any]:
    """Return one message of each kind, with every field filled."""
    case, day, now = a_case("list-1"), today(), at(today(), "18:00")
    terms = daily_report.ReportTerms(since=day, venue=True, version=2, before=FIGURES)
    file = list_sending.ListFile(
        document_id="list-1-mail-1",
        sha256="0" * 64,
        rows=2,
        people=3,
        size_bytes=1000,
        as_of=now,
        printed=True,
        figures=FIGURES,
    )
    sent = list_sending.ListSending(
        case_id="list-1",
        day=day,
        stage=list_sending.Stage.SENT,
        orders=1,
        files=1,
        file=file,
        means=list_sending.Means.MAIL,
        sent_at=now,
        late=True,
        trouble="timeout",
        terms=terms,
    )
    return [
        messages.OpenListSending(case=case, sending=sent, deadline=a_deadline()),
        messages.MakeList(
            case=case, document_id="list-1-mail-1", day=day, as_of=now, terms=terms
        ),
        messages.MadeList(file=file),
        messages.SendList(case=case, key="list/1", day=day, file=file, at=now, terms=terms),
        messages.SentList(key="list/1", message_id="<4f1d@city.example>", tries=2, sent_at=now),
    ]
