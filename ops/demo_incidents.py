"""The demo's incidents, reported through the product's own way in.

Belongs here: what the demo pretends has happened. Does not belong here: accounts and lots
(``ops.seed``). Everybody in it is invented.
"""

from collections.abc import Mapping

from api.access.door import Person
from api.deps import Desk
from api.incidents.incidents import IncidentRequest, report_incident
from domain.errors import ContractDateMissing, OutsideTerm
from domain.incidents.kinds import IncidentKind

_REPORTED: Mapping[str, tuple[IncidentRequest, ...]] = {
    "ageo": (
        IncidentRequest(
            kind=IncidentKind.FAULT,
            thing="booth_2",
            what="カードリーダーが応答しない。電源を入れ直しても同じ。",
        ),
        IncidentRequest(
            kind=IncidentKind.CHANGE_NOTICE,
            what="必要書類の一覧が変わる。マニュアルの持ち物の章を直す。",
        ),
    ),
    "ota": (
        IncidentRequest(
            kind=IncidentKind.COMPLAINT,
            what="待ち時間の案内がなかった、と窓口で話があった。",
        ),
        IncidentRequest(
            kind=IncidentKind.TROUBLE,
            what="回線の不調で午前の受付が40分止まった。",
            serious=True,
        ),
    ),
    "urasoe": (
        IncidentRequest(
            kind=IncidentKind.COMPLAINT, what="オンライン窓口の声が聞き取りにくい、との話。"
        ),
    ),
}


def seed(desk: Desk, reporters: Mapping[str, Person]) -> None:
    """Report them, by somebody of each city's site."""
    for slug, reported in _REPORTED.items():
        loaded, person = desk.book.current(slug), reporters[slug]
        for number, body in enumerate(reported, 1):
            try:
                report_incident(loaded, person, desk, f"demo-incident-{number}", body)
            except (ContractDateMissing, OutsideTerm):
                print(f"the demo's incidents of {slug} were left out: its contract is over")
                break
