"""The record of cases, in PostgreSQL."""

from datetime import UTC, datetime

from pydantic_core import to_jsonable_python
from sqlalchemy import Connection, Engine
from temporalio import activity

from domain.case import CaseKind, CaseRef
from store import cases, opening, record, vault
from store.keys import KeyRing
from store.record import End
from store.scope import scope
from workflows.messages import Known, OpenedCase, Recorded, Recording
from workflows.ports import RecordPort


class PostgresRecord(RecordPort):
    """One attempt is one transaction; a key that was recorded before changes nothing."""

    def __init__(self, engine: Engine, keys: KeyRing) -> None:
        self._engine = engine
        self._keys = keys

    @activity.defn(name="record")
    def record(self, recording: Recording) -> Recorded:
        now = datetime.now(UTC)
        municipality = recording.case.municipality
        with scope(self._engine, municipality) as connection:
            end = record.end_of(connection, recording.case, known=recording.after)
            if end.unknown:
                return self._ahead(connection, recording.case, end)
            appended = record.append(
                connection,
                self._keys,
                recording.case,
                recording.event,
                recording.change,
                key=recording.key,
                recorded_at=now,
                movements=recording.movements,
                slip=recording.slip,
                reminded=recording.reminded,
            )
            if appended and recording.erases:
                vault.erase_documents(connection, recording.case, recording.erases)
            if appended and recording.opens is not None:
                opening.open_cases(
                    connection,
                    self._keys,
                    municipality,
                    [self._new_case(connection, recording.opens)],
                    recorded_at=now,
                )
            return Recorded(last_seq=end.last_seq + appended)

    @activity.defn(name="compare_record")
    def compare_record(self, known: Known) -> Recorded:
        with scope(self._engine, known.case.municipality) as connection:
            end = record.end_of(connection, known.case, known=known.last_seq)
            if end.unknown:
                return self._ahead(connection, known.case, end)
        return Recorded(last_seq=end.last_seq)

    def _ahead(self, connection: Connection, case: CaseRef, end: End) -> Recorded:
        sealed = end.sealed_reasons
        return Recorded(
            last_seq=end.last_seq,
            ahead=True,
            unknown=dict(end.unknown),
            reasons=cases.reasons(connection, self._keys, case, sealed),
            state=end.state,
            deadline=end.deadline,
        )

    def _new_case(self, connection: Connection, opened: OpenedCase) -> opening.NewCase:
        kind, parent = CaseKind(opened.kind), opened.case.parent_id
        person = None
        if kind is CaseKind.DEFECT and parent is not None:
            # Who is called is who applied; each case seals what it knows with its own key.
            known = vault.persons(connection, self._keys, opened.case.municipality, [parent])
            person = known.get(parent)
        return opening.NewCase(
            case=opened.case,
            kind=kind,
            change=opened.change,
            event=opened.event,
            start=to_jsonable_python(opened.start),
            person=person,
        )
