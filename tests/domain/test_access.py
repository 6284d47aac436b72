"""Networks, what ends with the term, and retention, as tables."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from contracts.loader import load
from domain.access.access_errors import RetentionUnset, TermOver
from domain.access.after_term import require_term
from domain.access.networks import is_bound, is_this_machine, lies_within, network_of
from domain.access.retention import CountedFrom, Retention, retention_of
from domain.contract import Contract
from domain.errors import FieldMissing
from domain.parties import Role

CITIES = ("ageo", "chiba", "ota", "urasoe", "yokosuka")


def with_facts(contract: Contract, **values: int | str) -> Contract:
    """Return a contract in which these parameters of its legal part are settled."""
    facts = [
        replace(each, value=values[name], unset=False)
        if (name := each.path.rpartition(".")[2]) in values
        else each
        for each in contract.facts
    ]
    missing = set(values) - {each.path.rpartition(".")[2] for each in facts}
    made = [
        replace(facts[0], path=f"parameters.legal.{name}", value=values[name], unset=False)
        for name in missing
    ]
    return replace(contract, facts=(*facts, *made))


@pytest.mark.parametrize(
    ("address", "within"),
    [
        ("203.0.113.8", True),
        ("203.0.113.255", True),
        ("::ffff:203.0.113.8", True),
        ("203.0.114.8", False),
        ("2001:db8::1", True),
        ("2001:db8::1%eth0", True),
        ("2001:db9::1", False),
        ("unknown", False),
        ("", False),
        ("203.0.113.8, 198.51.100.1", False),
    ],
)
def test_an_address_is_of_a_network_or_of_none(address: str, within: bool) -> None:
    """
    However it is written; what is no address is of none.
    """
    assert within is lies_within(address, ("203.0.113.0/24", "2001:db8::/48"))


def test_no_network_lets_nobody_in() -> None:
    """
    A place whose last network was withdrawn is closed, not open to all.
    """
    assert not lies_within("203.0.113.8", ())
    assert not is_this_machine("203.0.113.8")
    assert is_this_machine("127.0.0.1")


@pytest.mark.parametrize("text", ["0.0.0.0/0", "10.0.0.0/8", "::/0", "2000::/3", "本社", ""])
def test_half_the_world_is_no_place(text: str) -> None:
    """
    Nor is what is no network.
    """
    with pytest.raises(FieldMissing):
        network_of(text)


def test_one_address_is_a_network_too() -> None:
    """
    As it is kept; a network has to begin where it begins.
    """
    assert "203.0.113.8/32" == network_of(" 203.0.113.8 ")
    with pytest.raises(FieldMissing):
        network_of("203.0.113.8/24")


def test_only_ageos_agents_are_bound_to_their_place() -> None:
    """
    Managers register networks: bound themselves, they could lock everybody out.
    """
    bound = {
        (city, role) for city in CITIES for role in Role if is_bound(load(city).contract, role)
    }

    assert {("ageo", Role.CALL_AGENT)} == bound


@pytest.mark.parametrize("city", CITIES)
def test_the_providers_people_are_out_the_day_after_the_term(city: str) -> None:
    """
    Whoever still renders account stays, and has never seen a person; so does the city.
    """
    contract = load(city).contract
    out = set()
    for role in Role:
        require_term(contract, role, contract.term.end)
        try:
            require_term(contract, role, contract.term.end + timedelta(days=1))
        except TermOver:
            out.add(role)

    stays = {Role.OPERATIONS_MANAGER, Role.OFFICIAL, Role.AUDITOR}
    assert set(Role) - stays == out


def test_days_after_the_term_are_the_contracts_to_give() -> None:
    """
    None has any of its own accord.
    """
    contract = with_facts(load("ageo").contract, access_after_term_days=10)

    require_term(contract, Role.CLERK, date(2027, 4, 10))
    with pytest.raises(TermOver):
        require_term(contract, Role.CLERK, date(2027, 4, 11))


@pytest.mark.parametrize("city", CITIES)
def test_no_contract_has_a_retention_of_its_own_accord(city: str) -> None:
    """
    No specification states one; half of a rule is none either.
    """
    contract = load(city).contract
    for part in (contract, with_facts(contract, retention=60)):
        with pytest.raises(RetentionUnset, match="何も廃棄しません"):
            retention_of(part)

    whole = with_facts(contract, retention=60, retention_from="fiscal_year_end")
    assert Retention(months=60, counted_from=CountedFrom.FISCAL_YEAR_END) == retention_of(whole)


@pytest.mark.parametrize(
    ("counted", "closed", "last"),
    [
        ("case_closed", date(2025, 8, 31), date(2026, 2, 28)),
        ("fiscal_year_end", date(2025, 8, 31), date(2026, 9, 30)),
        ("fiscal_year_end", date(2026, 3, 31), date(2026, 9, 30)),
        ("fiscal_year_end", date(2026, 4, 1), date(2027, 9, 30)),
        ("term_end", date(2025, 8, 31), date(2026, 9, 30)),
        ("term_end", date(2026, 5, 1), date(2026, 11, 1)),
    ],
)
def test_six_months_end_on_a_day(counted: str, closed: date, last: date) -> None:
    """
    The last day is still kept; a month that has no such day ends with its last one.
    """
    rule, term_end = Retention(months=6, counted_from=CountedFrom(counted)), date(2026, 3, 31)
    until = rule.keeps_until(closed, term_end)

    # Six months after the 31st of March is the 30th of September.
    assert last == until
    assert not rule.is_over(closed, term_end, until)
    assert rule.is_over(closed, term_end, until + timedelta(days=1))
