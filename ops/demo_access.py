"""The demo's call centre with its networks, and a register of IDs with one of a leaver.

Belongs here: what the demo pretends of places, networks and IDs. Does not belong here: who can
log in (``ops.seed``).
"""

from datetime import date, datetime

from sqlalchemy import Engine

from api.access.passwords import Passwords
from contracts.book import ContractBook
from domain.access.networks import is_bound
from domain.parties import Role
from ops import accounts
from store import call_centre_places, core_ids, networks, people
from store.scope import scope

_THIS_MACHINE = ("127.0.0.0/8", "::1/128")
_SYSTEM = "基幹系業務システム"
_ISSUED = date(2026, 4, 1)


def open_centres(engine: Engine, book: ContractBook, slug: str, *, now: datetime) -> None:
    """Let agents of a city that binds them to a place in from this machine."""
    contract = book.current(slug).contract
    if not is_bound(contract, Role.CALL_AGENT):
        return
    with scope(engine, slug) as connection:
        place = call_centre_places.propose(
            connection,
            slug,
            slug,
            name="さいたまコールセンター（架空）",
            address="埼玉県さいたま市大宮区桜木町9-9-9",
            country="JP",
            by="system",
            at=now,
        )
        call_centre_places.approve(
            connection,
            slug,
            slug,
            place,
            by="system",
            at=now,
            document="市民課 承認書第1号（架空）・契約の綴り",
        )
        for network in _THIS_MACHINE:
            networks.register(
                connection,
                slug,
                slug,
                place,
                network=network,
                label="体験用：この機器",
                by="system",
                at=now,
            )


def hand_out_ids(engine: Engine, passwords: Passwords, *, now: datetime) -> None:
    """Give two people of Ota an ID each, of whom one has left since."""
    left = accounts.create(
        engine,
        passwords,
        municipality="ota",
        login="ota-former-clerk",
        display_name="先川 去子（事務担当）",
        role=Role.CLERK,
        now=now,
    )
    clerk = people.account_by_login(engine, "ota-clerk")
    assert clerk is not None, "made a moment ago"
    with scope(engine, "ota") as connection:
        for number, account_id in enumerate((clerk.account_id, left.account_id), 1):
            core_ids.issue(
                connection,
                "ota",
                "ota",
                system=_SYSTEM,
                core_id=f"OTA-K{number:04}",
                account_id=account_id,
                issued_on=_ISSUED,
                by="system",
                at=now,
            )
    accounts.disable(engine, left.login, now=now)
