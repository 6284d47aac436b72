"""Promises of contracts that were kept before a test begins: a channel is open by them.

Here: putting them into the record as kept. Not here: keeping them (``tests.obligations``).
"""

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import Engine, delete

from contracts.loader import load
from domain.calendars.hours import TOKYO
from domain.case import CLOCK, CaseEvent, CaseKind, CaseRef
from domain.contract import Contract
from domain.obligations.obligation import (
    Evidence,
    Obligation,
    Stage,
    Version,
    VersionState,
)
from domain.obligations.terms import ObligationTerms
from domain.parties import Role
from store import obligations, opening, tables
from store.keys import KeyRing
from store.scope import scope
from tests.builders import a_case, a_deadline, at, today
from workflows.keeping import change_of
from workflows.obligation_messages import OpenObligation

BOOKING_START = date(2022, 6, 1)
APPROVED = datetime(2022, 5, 30, 16, 0, tzinfo=TOKYO)
_OUTBOX = tables.base.METADATA.tables["outbox"]


def terms_of(contract: Contract, code: str) -> ObligationTerms:
    """Return what a contract says of one promise."""
    return next(terms for terms in contract.obligations if terms.code == code)


def a_promise(slug: str, code: str, **more: object) -> Obligation:
    """Return a promise of a city's contract."""
    terms = terms_of(load(slug).contract, code)
    case_id = obligations.case_id_of(slug, code)
    return Obligation(case_id=case_id, terms=terms, **more)  # type: ignore[arg-type]


def open_promise() -> OpenObligation:
    """Return the start of a promise with something in every field, as it travels."""
    now = at(today(), "10:00")
    value = a_promise("chiba", "manual_qa", counted_from=today())
    value = value.save("M-001", (), now, provisional=False).submit(now, late=False)
    milestone = a_promise("ageo", "go_live")
    milestone = milestone.show(0, "B-1", now, Role.SITE_MANAGER, late=True)
    value = replace(value, evidence=milestone.evidence)
    return OpenObligation(case=a_case(value.case_id), obligation=value, deadline=a_deadline())


def let_bookings_begin(engine: Engine, keys: KeyRing) -> None:
    """Let Chiba's manual be approved, so that its bookings are open."""
    version = Version(
        number=1,
        reference="運営マニュアル 第1.0版",
        state=VersionState.APPROVED,
        saved_at=APPROVED,
        submitted_at=APPROVED,
        decided_at=APPROVED,
    )
    keep(
        engine,
        keys,
        a_promise(
            "chiba",
            "manual_qa",
            counted_from=BOOKING_START,
            stage=Stage.IN_FORCE,
            versions=(version,),
        ),
    )


def let_booths_begin(engine: Engine, keys: KeyRing) -> None:
    """Let Ageo's booths stand, so that something can be done at them."""
    at = datetime(2026, 4, 2, 8, 10, tzinfo=TOKYO)
    shown = Evidence(item=0, words="回線試験の記録", recorded_at=at, by=Role.SITE_MANAGER)
    keep(engine, keys, a_promise("ageo", "go_live", stage=Stage.MET, evidence=(shown,)))


def keep(engine: Engine, keys: KeyRing, value: Obligation, slug: str = "") -> None:
    """Put a promise into the record as it is; nobody is owed its course."""
    slug = slug or ("ageo" if value.terms.code == "go_live" else "chiba")
    now = value.versions[0].saved_at if value.versions else value.evidence[0].recorded_at
    ref = CaseRef(
        case_id=value.case_id,
        municipality=slug,
        contract=slug,
        contract_version=load(slug).version,
        opened_on=now.date().replace(day=1),
    )
    new = opening.NewCase(
        case=ref,
        kind=CaseKind.OBLIGATION,
        change=change_of(value, None),
        event=CaseEvent(action="obligation_opened", at=now, actor=CLOCK),
        start={},
    )
    with scope(engine, slug) as connection:
        if value.terms.code in obligations.standing(connection, load(slug).contract):
            return
        opening.open_cases(connection, keys, slug, [new], recorded_at=now)
        connection.execute(delete(_OUTBOX).where(_OUTBOX.c.key == f"start/{ref.case_id}"))
