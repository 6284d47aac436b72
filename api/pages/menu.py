"""The menu of every page: what is offered to whom, in groups; one line of the table each.

An entry is shown to a role with the duty, and only where the contract has what it is about.
What a page holds stands in the modules beside this one, the frame around it in ``rendering``.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from api.booking.venue_openings import goes_out
from domain.calls.external_entry import DUE_RULE as ENTRY_RULES
from domain.contract import Contract
from domain.incidents.kinds import IncidentKind
from domain.parties import Action, Role, allowed
from domain.sending.list_sending import DUE_RULE as LIST_RULE
from domain.sending.list_sending import REPORT_RULE


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One entry of the menu; ``current`` as in ``aria-current``, empty anywhere else."""

    path: str
    label: str
    current: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Entries that belong together; one with a single entry is shown as that entry."""

    label: str
    places: tuple[Place, ...]

    @property
    def holds_current(self) -> bool:
        """Whether the page that is shown belongs to this group."""
        return any(place.current for place in self.places)


@dataclass(frozen=True, slots=True)
class _Entry:
    path: str
    label: str
    action: Action | None
    needed: Callable[[Contract], bool] = lambda _: True


def _has_lots(contract: Contract) -> bool:
    return bool(contract.lists)


def _has_bookings(contract: Contract) -> bool:
    return any(line.is_bookable for line in contract.bookings)


def _has_day_lists(contract: Contract) -> bool:
    return any(rule.id == LIST_RULE for rule in contract.due_rules)


def _has_day_reports(contract: Contract) -> bool:
    return any(rule.id == REPORT_RULE for rule in contract.due_rules)


def _has_entries(contract: Contract) -> bool:
    rules = set(ENTRY_RULES.values())
    return any(rule.id in rules for rule in contract.due_rules)


def _has_city_records(contract: Contract) -> bool:
    return any(row.records for row in contract.duties)


def _has_defects(contract: Contract) -> bool:
    return contract.defects is not None


def _has_roster(contract: Contract) -> bool:
    return bool(contract.roster)


def _has_queue(contract: Contract) -> bool:
    return contract.queue is not None


def _has_core_ids(contract: Contract) -> bool:
    return contract.text("legal.core_system_accounts") is not None


def _has_applications(contract: Contract) -> bool:
    return bool(contract.applications)


def _has_survey(contract: Contract) -> bool:
    return contract.text("knowledge.survey") is not None


def _has_incidents(contract: Contract) -> bool:
    return bool(contract.incidents)


def _has_articles(contract: Contract) -> bool:
    return any(terms.articles for terms in contract.obligations)


def _asks_the_city(contract: Contract) -> bool:
    return contract.incident_rule(IncidentKind.QUESTION) is not None


_GROUPS: Final[tuple[tuple[str, tuple[_Entry, ...]], ...]] = (
    ("私の仕事", (_Entry("/", "私の仕事", None),)),
    ("案件", (_Entry("/cases", "案件", Action.SEE_CASE),)),
    ("引継ぎ", (_Entry("/handoffs", "引継ぎ", Action.SEE_CASE),)),
    (
        "窓口",
        (
            _Entry("/visits/new", "来庁受付", Action.RECEIVE_VISITOR),
            _Entry("/queue", "番号の受付", Action.SEE_QUEUE, _has_queue),
            _Entry("/queue/desk", "番号の呼出し", Action.CALL_NEXT, _has_queue),
            _Entry("/notes", "窓口の記録", Action.RECORD_INQUIRY),
            _Entry("/knowledge", "FAQ・マニュアル", Action.SEE_KNOWLEDGE, _has_articles),
            _Entry("/catalogue", "手続の一覧", Action.SEE_CALENDAR),
            _Entry("/reservations/venues", "会場と出張", Action.PLAN_VENUE_DAY, goes_out),
        ),
    ),
    (
        "予約と電話",
        (
            _Entry("/reservations", "予約", Action.SEE_RESERVATIONS, _has_bookings),
            _Entry("/reservations/arrivals", "来場", Action.RECORD_ARRIVAL, _has_bookings),
            _Entry(
                "/reservations/list", "予約受付一覧", Action.SEE_RESERVATIONS, _has_bookings
            ),
            _Entry(
                "/list-recipient", "一覧の送り先", Action.SET_LIST_RECIPIENT, _has_day_lists
            ),
            _Entry("/inquiries", "問合せ", Action.SEE_INQUIRIES),
            _Entry(
                "/external-entries", "市のシステムへの入力", Action.REQUEST_ENTRY, _has_entries
            ),
        ),
    ),
    (
        "カードと申請",
        (
            _Entry("/lots/new", "納品の取込み", Action.UPLOAD_LOT, _has_lots),
            _Entry(
                "/returned-mail/new", "返戻の登録", Action.REGISTER_RETURNED_MAIL, _has_lots
            ),
            _Entry("/photos", "写真の確認", Action.CHECK_PHOTO),
            _Entry("/defects", "申請不備", Action.SEE_CASE, _has_defects),
            _Entry("/city-records", "市の記録", Action.SEE_CASE, _has_city_records),
        ),
    ),
    (
        "契約",
        (
            _Entry("/calendar", "暦", Action.SEE_CALENDAR),
            _Entry("/contract", "契約", Action.SEE_CALENDAR),
            _Entry("/obligations", "契約の約束", Action.SEE_CALENDAR),
            _Entry("/roster", "当番と責任者", Action.SEE_CALENDAR, _has_roster),
            _Entry("/incidents", "事案", Action.SEE_CASE, _has_incidents),
        ),
    ),
    (
        "報告",
        (
            _Entry("/counts", "月の件数", Action.SEE_CALENDAR),
            _Entry("/quality", "申請と写真", Action.SEE_CALENDAR, _has_applications),
            _Entry("/surveys", "アンケート", Action.SEE_CALENDAR, _has_survey),
            _Entry("/daily-reports", "日次報告", Action.SEE_INQUIRIES, _has_day_reports),
            _Entry("/questions", "市への質問", Action.SEE_CASE, _asks_the_city),
            _Entry("/meetings", "会議の記録", Action.SEE_CASE, _asks_the_city),
        ),
    ),
    (
        "監査",
        (
            _Entry("/audit", "監査", Action.READ_AUDIT),
            _Entry("/core-ids", "基幹系のID", Action.READ_AUDIT, _has_core_ids),
            _Entry("/retention", "保存と廃棄", Action.READ_AUDIT),
        ),
    ),
)

_MAIL: Final = ("送信メール（デモ）", (_Entry("/demo/mail", "送信メール（デモ）", None),))
"""Where mails reach people there is nothing to look at."""


def menu_of(role: Role, contract: Contract, path: str, *, is_demo: bool) -> tuple[Group, ...]:
    """Return what somebody of this role may go to, as seen from the page at ``path``."""
    groups = [*_GROUPS, _MAIL] if is_demo else _GROUPS
    offered = [
        (label, [entry for entry in entries if _is_offered(entry, role, contract)])
        for label, entries in groups
    ]
    nearest = _nearest(path, (entry.path for _, entries in offered for entry in entries))
    return tuple(
        Group(
            label=label,
            places=tuple(
                Place(path=entry.path, label=entry.label, current=current)
                for entry in entries
                for current in [_current(entry.path, path, nearest)]
            ),
        )
        for label, entries in offered
        if entries
    )


def absent(contract: Contract, path: str) -> str:
    """Return what the page at ``path`` is about, if the contract has nothing of it.

    Pages of bookings say for themselves where people book instead.
    """
    known = {entry.path: entry for _, entries in _GROUPS for entry in entries}
    here = known.get(_nearest(path, known))
    if here is None or here.needed is _has_bookings or here.needed(contract):
        return ""
    return here.label


def _is_offered(entry: _Entry, role: Role, contract: Contract) -> bool:
    return (entry.action is None or allowed(role, entry.action)) and entry.needed(contract)


def _nearest(path: str, offered: Iterable[str]) -> str:
    """Return the longest offered path that the shown page lies at or under."""
    above = (place for place in offered if path == place or path.startswith(f"{place}/"))
    return max(above, key=len, default="")


def _current(place: str, path: str, nearest: str) -> str:
    if place != nearest:
        return ""
    return "page" if place == path else "true"
