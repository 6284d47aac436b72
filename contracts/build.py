"""Turns the facts of a contract file into a contract, and checks what refers to what.

Here: everything but calendars and due rules, which have their own modules. Not here: types
and unknown keys (``contracts/reading.py``).
"""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from contracts.build_applications import build_applications, build_consents
from contracts.build_bookings import build_bookings
from contracts.build_calendars import build_calendars
from contracts.build_defects import build_defects
from contracts.build_due import build_due_rules
from contracts.build_eligibility import build_eligibility
from contracts.build_incidents import build_equipment, build_incident, check_incidents
from contracts.build_obligations import build_obligations
from contracts.build_procedures import build_duty, build_procedure, check_procedures
from contracts.build_queue import build_queue
from contracts.build_roster import build_roster
from contracts.leaves import at_time, clause, facts, on_day, value, word, words
from contracts.lines import Path
from contracts.national_holidays import national_holidays
from contracts.parameters import PARAMETERS
from contracts.reading import Reader, Tree
from domain.calendars.calendar import Calendar
from domain.calendars.day_rules import NationalHolidays
from domain.contract import Contract, Fact
from domain.contract_parts import (
    Cadence,
    Channel,
    ChannelKind,
    Deliverable,
    ListColumn,
    ListFormat,
    ListWord,
    Milestone,
    NoticeSettings,
    Report,
    Site,
    SiteKind,
    Term,
)
from domain.deadlines.due_rules import DueType
from domain.errors import DomainError
from domain.lots.notice import NoticeForm, NoticeTexts


def build_contract(
    reader: Reader, slug: str, tree: Tree, holidays: NationalHolidays | None
) -> Contract | None:
    """Return the contract, or ``None`` with the reasons noted with the reader."""
    _check(reader, tree)
    calendars = build_calendars(reader, tree.get("calendars", {}))
    rules = build_due_rules(reader, tree.get("due", {}), tuple(tree.get("calendars", {})))
    bookings = build_bookings(reader, tree)
    rest = _rest(reader, tree, calendars)
    effective_from = on_day(tree.get("version", {}), "effective_from")
    term = _term(reader, tree.get("term", {}))
    notice = _notice(reader, tree.get("notice"), word(tree.get("municipality", {}), "name"))
    if reader.problems or term is None or effective_from is None:
        return None
    municipality = tree["municipality"]
    stated = tuple(facts(tree))
    return Contract(
        slug=slug,
        municipality=word(municipality, "name"),
        municipality_en=word(municipality, "name_en"),
        title=word(tree["contract"], "title"),
        effective_from=effective_from,
        agreement=word(tree["version"], "agreement"),
        term=term,
        holidays=holidays or _holidays(term),
        milestones=tuple(_milestone(row) for row in tree.get("milestones", [])),
        sites=tuple(_site(row) for row in tree["sites"]),
        channels=tuple(_channel(row) for row in tree["channels"]),
        calendars=calendars,
        due_rules=rules,
        procedures=tuple(build_procedure(row) for row in tree["procedures"]),
        duties=tuple(build_duty(mark, row) for mark, row in tree.get("duties", {}).items()),
        deliverables=tuple(_deliverable(row) for row in tree.get("deliverables", [])),
        reports=tuple(_report(row) for row in tree.get("reports", [])),
        lists=tuple(_list(name, row) for name, row in tree.get("lists", {}).items()),
        notice=notice,
        bookings=bookings,
        facts=stated,
        silent=_silent(stated),
        **rest,
    )


def _rest(reader: Reader, tree: Tree, calendars: tuple[Calendar, ...]) -> dict[str, Any]:
    """Return the sections that nothing else of the file refers to, by their names."""
    return {
        "eligibility": build_eligibility(reader, tree),
        "applications": build_applications(reader, tree),
        "consents": build_consents(reader, tree),
        "obligations": build_obligations(reader, tree),
        "defects": build_defects(reader, tree, calendars),
        "queue": build_queue(reader, tree),
        "equipment": tuple(build_equipment(row) for row in tree.get("equipment", [])),
        "incidents": tuple(build_incident(row) for row in tree.get("incidents", [])),
        "roster": build_roster(reader, tree),
    }


def _silent(stated: tuple[Fact, ...]) -> tuple[str, ...]:
    known = {f"parameters.{group}.{key}" for group, keys in PARAMETERS.items() for key in keys}
    return tuple(sorted(known - {fact.path for fact in stated}))


def _holidays(term: Term) -> NationalHolidays:
    """Two years beyond the end: reports and questions outlive the term."""
    first = term.start or term.start_planned or term.end
    return national_holidays(first.year - 1, term.end.year + 2)


def _term(reader: Reader, tree: Tree) -> Term | None:
    end = on_day(tree, "end")
    if end is None:
        return None
    try:
        return Term(
            start=on_day(tree, "start"),
            end=end,
            start_planned=on_day(tree, "start_planned"),
        )
    except ValueError:
        reader.complain(("term", "end"), "末日は初日より後にしてください")
        return None


def _check(reader: Reader, tree: Tree) -> None:
    _check_names(reader, tree)
    _check_references(
        reader, tree, tuple(tree.get("calendars", {})), tuple(tree.get("due", {}))
    )
    _check_sites(reader, tree.get("sites", []))


def _check_names(reader: Reader, tree: Tree) -> None:
    for section, key in (
        ("milestones", "id"),
        ("sites", "id"),
        ("channels", "id"),
        ("procedures", "code"),
        ("bookings", "id"),
        ("equipment", "id"),
        ("incidents", "kind"),
        ("roster", "id"),
        ("deliverables", "id"),
        ("obligations", "code"),
        ("reports", "id"),
    ):
        named = [word(row, key) for row in tree.get(section, [])]
        for number, name in enumerate(named):
            if name in named[:number]:
                reader.complain(
                    (section, number, key), f"「{name}」は前に使われています。別の名前に"
                )


def _check_references(
    reader: Reader, tree: Tree, calendars: tuple[str, ...], rules: tuple[str, ...]
) -> None:
    def check(path: Path, named: Iterable[str], known: Iterable[str], what: str) -> None:
        for name in named:
            if name and name not in known:
                message = (
                    f"「{name}」という{what}はありません。あるのは {'、'.join(known)} です"
                )
                reader.complain(path, message)

    sites = [word(row, "id") for row in tree.get("sites", [])]
    channels = [word(row, "id") for row in tree.get("channels", [])]
    for number, row in enumerate(tree.get("channels", [])):
        path: Path = ("channels", number)
        check((*path, "calendar"), [word(row, "calendar")], calendars, "暦")
        check((*path, "site"), [word(row, "site")], sites, "場所")
    for number, row in enumerate(tree.get("procedures", [])):
        path = ("procedures", number, "channels")
        check(path, words(row, "channels"), channels, "受付方法")
    for section in ("deliverables", "reports"):
        for number, row in enumerate(tree.get(section, [])):
            check((section, number, "due"), [word(row, "due")], rules, "期限")
    check_procedures(reader, tree)
    check_incidents(reader, tree)
    _check_lists(reader, tree.get("lists", {}))


def _check_lists(reader: Reader, lists: Tree) -> None:
    for name, tree in lists.items():
        columns = tree.get("columns", {})
        headers = Counter(header for key in columns for header in words(columns, key))
        for header, count in headers.items():
            if count > 1:
                reader.complain(
                    ("lists", name, "columns"), f"見出し「{header}」が二つの列にあります"
                )
        for field in (*words(tree, "optional"), *tree.get("words", {})):
            if field not in columns:
                reader.complain(("lists", name), f"「{field}」は columns にありません")


def _milestone(row: Tree) -> Milestone:
    return Milestone(
        id=word(row, "id"),
        label=word(row, "label"),
        on=on_day(row, "on"),
        at=at_time(row, "at"),
        about=word(row, "about"),
    )


def _site(row: Tree) -> Site:
    return Site(
        id=word(row, "id"),
        label=word(row, "label"),
        address=word(row, "address"),
        floor=value(row, "floor"),
        kind=SiteKind(word(row, "kind") or SiteKind.FIXED),
        valid_from=on_day(row, "valid_from"),
        valid_to=on_day(row, "valid_to"),
        agreement=word(row, "agreement"),
        clause=clause(row),
    )


def _channel(row: Tree) -> Channel:
    return Channel(
        id=word(row, "id"),
        label=word(row, "label"),
        kind=ChannelKind(word(row, "kind")),
        calendar=word(row, "calendar"),
        site=word(row, "site") or None,
        clause=clause(row),
    )


def _deliverable(row: Tree) -> Deliverable:
    return Deliverable(
        id=word(row, "id"),
        label=word(row, "label"),
        due_type=DueType(word(row, "type")),
        due=word(row, "due") or None,
        approval=word(row, "approval"),
        forms=words(row, "forms"),
        contents=words(row, "contents"),
        clause=clause(row),
    )


def _report(row: Tree) -> Report:
    return Report(
        id=word(row, "id"),
        label=word(row, "label"),
        cadence=Cadence(word(row, "cadence")),
        due=word(row, "due") or None,
        contents=words(row, "contents"),
        personal_data=word(row, "personal_data") or "none",
        clause=clause(row),
    )


def _list(name: str, row: Tree) -> ListFormat:
    columns = row.get("columns", {})
    optional = words(row, "optional")
    return ListFormat(
        id=name,
        label=word(row, "label"),
        columns=tuple(
            ListColumn(field=key, headers=words(columns, key), required=key not in optional)
            for key in columns
        ),
        formats=words(row, "formats") or ("csv",),
        encodings=words(row, "encodings") or ("cp932", "utf-8-sig"),
        date_styles=words(row, "dates") or ("era", "western"),
        words=tuple(
            ListWord(field=key, word=said, meaning=word(meanings, said))
            for key, meanings in row.get("words", {}).items()
            for said in meanings
        ),
        clause=clause(row),
    )


def _check_sites(reader: Reader, rows: Tree) -> None:
    for number, row in enumerate(rows):
        dated = value(row, "valid_from") and value(row, "valid_to") and value(row, "agreement")
        if word(row, "kind") == SiteKind.AD_HOC and not dated:
            message = "臨時の場所には valid_from・valid_to・agreement（協議の記録）が要ります"
            reader.complain(("sites", number), message)


def _notice(reader: Reader, row: Tree | None, city: str) -> NoticeSettings | None:
    if row is None or not word(row, "form"):
        return None
    try:
        texts = _notice_texts(row, city)
    except (ValueError, DomainError) as refused:
        reader.complain(("notice",), f"通知書に印字できない内容があります（{refused}）")
        return None
    return NoticeSettings(
        form=NoticeForm(word(row, "form")),
        texts=texts,
        pickup_days=value(row, "pickup_days"),
        clause=clause(row),
    )


def _notice_texts(row: Tree, city: str) -> NoticeTexts:
    single = (
        "issuer",
        "office",
        "office_postal_code",
        "office_address",
        "telephone",
        "hours",
        "booking",
        "booking_url",
        "postage_mark",
    )
    return NoticeTexts(
        city_name=city,
        pickup_place=words(row, "pickup_place"),
        bring=words(row, "bring"),
        agent_bring=words(row, "agent_bring"),
        **{key: value(row, key) for key in single},
    )
