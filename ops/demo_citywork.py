"""The demo's work of officials: what was handed to them, and what they keep records of.

Belongs here: what the demo pretends has happened. Does not belong here: accounts and lots
(``ops.seed``). Everybody in it is invented.
"""

from collections.abc import Mapping
from datetime import timedelta

from api.access.door import Person
from api.citywork.city_records import CityRecordRequest, begin
from api.deps import Desk, deadline_for, new_case_id
from api.single_cases import Offer, Opening, open_one
from domain.calendars.hours import local
from domain.case import CaseKind
from domain.citywork.city_record import BEGINS, What
from domain.contract import Contract
from domain.errors import ContractDateMissing, OutsideTerm
from domain.handoff import DUE_RULE, Level, account, offered
from domain.parties import allowed
from domain.procedures.visit import Visit
from workflows.messages import OpenVisit

_HANDED_OVER: Mapping[str, tuple[tuple[str, str, str, str], ...]] = {
    "ota": (
        ("card_delivery", "市民課", "本人確認に迷う", "住所の異なる書類をお持ちの方"),
        ("card_delivery", "市民課", "代理権を確かめたい", "後見人の登記事項証明書が古い"),
    ),
}
"""What the visitor came for, to which section, why, and what it is about."""


def seed(desk: Desk, staff: Mapping[str, Person], officials: Mapping[str, Person]) -> None:
    """Hand visitors over to officials, and begin the records of a city that keeps them."""
    for slug in desk.book.slugs():
        try:
            _hand_over(desk, staff[slug])
            _keep(desk, staff[slug], officials[slug])
        except (ContractDateMissing, OutsideTerm):
            print(f"the demo's work of {slug}'s officials was left out: its contract is over")


def _hand_over(desk: Desk, person: Person) -> None:
    loaded = desk.book.current(person.municipality)
    for number, told in enumerate(_HANDED_OVER.get(person.municipality, ()), 1):

        def make(
            case_id: str, contract: Contract, told: tuple[str, str, str, str] = told
        ) -> Opening:
            return _visit(desk, person, contract, case_id, told)

        open_one(
            desk,
            person,
            loaded,
            key=f"demo-hand-off-{number}",
            asked=f"demo/hand-off/{number}",
            make=make,
            start=lambda ref, opened: OpenVisit(
                case=ref, visit=_value(opened), open_handoffs=opened.open_handoffs
            ),
        )


def _value(opened: Opening) -> Visit:
    assert isinstance(opened.value, Visit)
    return opened.value


def _visit(
    desk: Desk,
    person: Person,
    contract: Contract,
    case_id: str,
    told: tuple[str, str, str, str],
) -> Opening:
    procedure, section, why, about = told
    now = desk.clock()
    handoff = offered(
        new_case_id(now, 1), level=Level.CITY, section=section, by=person.role, at=now
    )
    due = deadline_for(desk, person.municipality, contract, DUE_RULE, now)
    return Opening(
        kind=CaseKind.VISIT,
        action="visitor_received",
        value=Visit(
            case_id=case_id,
            procedure=procedure,
            received_by=person.role,
            in_charge=person.account_id,
        ),
        detail={"procedure": procedure, "channel": contract.channels[0].id},
        offer=Offer(handoff=handoff, told=account(why, about), deadline=due),
    )


def _keep(desk: Desk, staff: Person, official: Person) -> None:
    loaded = desk.book.current(staff.municipality)
    if not any(row.records for row in loaded.contract.duties):
        return
    reply = (local(desk.clock()).date() + timedelta(days=14)).isoformat()
    begun = (
        CityRecordRequest(what=What.FEE, about="カードの再交付", amount_jpy=1000),
        CityRecordRequest(what=What.FEE, about="電子証明書の再発行", amount_jpy=200),
        CityRecordRequest(what=What.DOCUMENTS, about="カードの交付申請書", count=18),
        CityRecordRequest(what=What.CARDS, count=42),
        CityRecordRequest(what=What.LETTER, about="前住所地の市役所", reply_due=reply),
    )
    for number, body in enumerate(begun, 1):
        ours = allowed(staff.role, BEGINS[body.what][1])
        person = staff if ours else official
        begin(loaded, person, desk, f"demo-city-record-{number}", body)
