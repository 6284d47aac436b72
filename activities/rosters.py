"""Days without a person: told before they come, and recorded when they have begun.

A vacancy that is near becomes one incident of its post and place, which ends by itself when
somebody is entered. A day on which nobody was there for a moment becomes a violation, once;
a product that stood still judges by the entries as they were then. Belongs here: looking.
Does not belong here: what a gap is (``domain.roster``), statements (``store.rosters``).
"""

import hashlib
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime, timedelta

from pydantic import TypeAdapter
from pydantic_core import to_jsonable_python
from sqlalchemy import Connection

from activities.passes import Pass
from activities.running import running
from contracts.loader import LoadedContract
from domain.calendars.day_rules import day_ja
from domain.case import CLOCK, CaseChange, CaseEvent, CaseKind
from domain.contract import Contract, deadline
from domain.deadlines.deadline import Deadline
from domain.deadlines.due_rules import NotComputable
from domain.errors import ContractDateMissing
from domain.incidents.incident import Incident, begun
from domain.incidents.kinds import IncidentKind, Step
from domain.parties import Role
from domain.records.replay import CLAIMED
from domain.roster.coverage import Line
from domain.roster.posts import Need, Post
from store import cases, contract_state, incidents, list_days, record, rosters
from store.cases import CaseFile
from store.displacing import inform
from store.opening import NewCase
from store.scope import scope
from workflows.incident_messages import OpenIncident
from workflows.keeping import change_of

_VALUE: TypeAdapter[Incident] = TypeAdapter(Incident)

_ROSTER = "roster/"
"""What an incident's thing begins with that looking has opened."""


class RosterWatch(Pass):
    """Sees which days lack somebody."""

    TROUBLE = "rosters_not_looked_at"

    def concerns(self, contract: Contract) -> bool:
        """Say whether the contract wants anybody to be there."""
        return bool(contract.roster)

    def catch_up(self, loaded: LoadedContract) -> int:
        """Record violations, open and end incidents; return how much was new."""
        slug, now = loaded.contract.slug, self.now()
        with scope(self._engine, slug) as connection:
            since = list_days.activated_at(connection, slug, slug)
            if since is None:
                return 0  # nobody entered the day it was signed
            try:
                contract = running(connection, loaded.contract)
            except ContractDateMissing:
                return 0
            seen = max(post.seen_days for post in contract.roster)
            first = max(since.astimezone(now.tzinfo), now - list_days.LOOK_BACK).date()
            last = now.date() + timedelta(days=seen)
            known = rosters.lines_between(connection, contract, first, last)
            begun_since = (line for line in known if line.need.starts >= since)
            found = _note_violations(connection, slug, begun_since, now)
            open_ones = _open_vacancies(connection, slug)
        self._end_what_is_over(slug, open_ones, known, now)
        near = _vacancies(contract, known, now)
        return found + sum(
            self._open(loaded, contract, line, now)
            for line in near
            if _thing(line.need) not in open_ones
        )

    def _open(
        self, loaded: LoadedContract, contract: Contract, line: Line, now: datetime
    ) -> bool:
        post = next(post for post in contract.roster if post.id == line.need.post)
        with scope(self._engine, contract.slug) as connection:
            case_id = _case_id(contract.slug, line)
            value = begun(
                case_id,
                IncidentKind.VACANCY,
                Role.SITE_MANAGER,
                at=now,
                thing=_thing(line.need),
                thing_label=_label(post, line.need),
                consults=contract.incident_rule(IncidentKind.CONSULTATION) is not None,
            )
            case = self.new_ref(loaded, case_id, now)
            due = _deadline(connection, contract, post.due, line.need.day)
            consult = contract.incident_rule(IncidentKind.CONSULTATION)
            consult_by = _deadline(connection, contract, consult.due if consult else None, now)
            new = NewCase(
                case=case,
                kind=CaseKind.INCIDENT,
                change=change_of(value, due),
                event=_reported(value, now),
                start=to_jsonable_python(
                    OpenIncident(case=case, incident=value, deadline=due, consult_by=consult_by)
                ),
            )
            return self.open(connection, loaded, new, now)

    def _end_what_is_over(
        self, slug: str, open_ones: dict[str, CaseFile], known: tuple[Line, ...], now: datetime
    ) -> None:
        """End what has been filled or is not needed; a day that passed is for people to end."""
        lines = {_thing(line.need): line for line in known}
        for thing, file in open_ones.items():
            line = lines.get(thing)
            ahead = date.fromisoformat(thing.rpartition("/")[2]) >= now.date()
            if line is not None and not line.vacant:
                self._end(slug, file.ref.case_id, Step.FILL_VACANCY, now)
            elif line is None and ahead:
                self._end(slug, file.ref.case_id, Step.WITHDRAW_INCIDENT, now)

    def _end(self, slug: str, case_id: str, step: Step, now: datetime) -> None:
        with scope(self._engine, slug) as connection:
            file = cases.one_case(connection, case_id, lock=True)
            value = _VALUE.validate_python(file.state["value"])
            if step not in value.steps() or file.state["open_handoffs"]:
                return  # somebody was faster, or the city has something of it
            after = value.take(step, {}, now=now)
            event = CaseEvent(
                action=step,
                at=now,
                actor=CLOCK,
                detail={"stage": str(after.stage)},
            )
            change = CaseChange(
                stage=after.stage,
                state={**file.state, "value": asdict(after)},
                closed=after.closed,
                owner=after.owner,
            )
            key = f"{CLAIMED}{step}/{file.last_seq}"
            record.append(
                connection, self._keys, file.ref, event, change, key=key, recorded_at=now
            )
            inform(connection, file)


def _note_violations(
    connection: Connection, slug: str, known: Iterable[Line], now: datetime
) -> int:
    return sum(
        rosters.note_violation(connection, slug, line, nobody_from=gap, now=now)
        for line in known
        if line.violated_from is None and (gap := line.gap(now)) is not None
    )


def _vacancies(contract: Contract, known: tuple[Line, ...], now: datetime) -> list[Line]:
    """Return the first near day without a person of each post and place."""
    posts = {post.id: post for post in contract.roster}
    found: dict[tuple[str, str], Line] = {}
    for line in known:
        need = line.need
        near = need.day <= now.date() + timedelta(days=posts[need.post].seen_days)
        if line.vacant and near and now < need.ends:
            found.setdefault((need.post, need.place), line)
    return list(found.values())


def _open_vacancies(connection: Connection, slug: str) -> dict[str, CaseFile]:
    """Return the incidents that looking has opened and nobody has ended."""
    files = incidents.open_incidents(connection, slug, slug)
    things = ((str(file.state["value"]["thing"]), file) for file in files)
    return {thing: file for thing, file in things if thing.startswith(_ROSTER)}


def _thing(need: Need) -> str:
    return f"{_ROSTER}{need.post}/{need.place}/{need.day.isoformat()}"


def _label(post: Post, need: Need) -> str:
    place = f"（{need.place_label}）" if need.place_label else ""
    return f"{day_ja(need.day)}の{post.label}{place}"


def _case_id(slug: str, line: Line) -> str:
    """Return the id of the incident of a vacancy: of two who look one opens nothing.

    A day that becomes vacant again has an incident of its own.
    """
    words = f"{slug}/{_thing(line.need)}/{len(line.entries)}"
    return hashlib.sha256(words.encode()).hexdigest()[:32]


def _reported(value: Incident, now: datetime) -> CaseEvent:
    return CaseEvent(
        action="incident_reported",
        at=now,
        actor=CLOCK,
        reason=f"{value.thing_label}が決まっていません。",
        detail={
            "incident": str(value.kind),
            "serious": False,
            "stage": str(value.stage),
            "thing": value.thing_label,
        },
    )


def _deadline(
    connection: Connection, contract: Contract, rule_id: str | None, anchor: date | datetime
) -> Deadline | None:
    rule = next((rule for rule in contract.due_rules if rule.id == rule_id), None)
    if rule is None:
        return None
    added = contract_state.closures(connection, contract.slug, contract.slug, rule.calendar)
    found = deadline(contract, rule.id, anchor, [each.closure for each in added])
    return None if isinstance(found, NotComputable) else found
