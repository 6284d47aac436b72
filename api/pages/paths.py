"""The way of a case as steps behind and ahead, and the way of a lot as counts.

The order of stages is the domain's; here it becomes what a page draws.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from api.pages import incident_words
from domain import handoff
from domain.actions import Value
from domain.booking import venue_case
from domain.booking.reservation import Reservation
from domain.booking.reservation_parts import Stage as Booking
from domain.booking.venue_case import Venue
from domain.calls import external_entry, inquiry
from domain.calls.external_entry import ExternalEntry
from domain.calls.inquiry import Inquiry
from domain.citywork import city_record
from domain.citywork.city_record import CityRecord
from domain.defects import defect_parts
from domain.defects.defect import Defect
from domain.handoff import Handoff
from domain.incidents import kinds as incident_kinds
from domain.incidents.incident import Incident
from domain.lots import returned_mail
from domain.lots.card import PATHS, Card, Route, Stage
from domain.lots.returned_mail import ReturnedMail
from domain.obligations.obligation import Obligation
from domain.obligations.obligation import Stage as Promise
from domain.obligations.terms import Nature
from domain.procedures import visit
from domain.procedures.visit import Visit
from domain.queue import ticket
from domain.queue.ticket import Ticket
from domain.sending import list_sending
from domain.sending.list_sending import ListSending


@dataclass(frozen=True, slots=True, kw_only=True)
class Waypoint:
    """One step of the way."""

    label: str
    state: str
    """``done``, ``here`` or ``ahead``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One stage of a lot, with the cards that have come so far and no farther."""

    id: str
    label: str
    cards: int
    links: tuple[tuple[str, int, str], ...] = ()
    """Words, count and list of each stage that the column holds."""

    x: float = 0.0
    """Where its bar begins, in per cent of the whole."""

    width: float = 0.0


_STEP_TEXT: Mapping[Stage, str] = {
    Stage.UNDECIDED: "判断",
    Stage.MATCHED: "照合",
    Stage.PRESET: "前設定",
    Stage.NOTICE_MADE: "作成",
    Stage.SEALED: "封緘",
    Stage.DESTINATION_UPDATED: "送付先更新",
    Stage.DISPATCH_READY: "発送準備",
    Stage.RETURNING: "返却の決定",
    Stage.HANDED_OVER: "引渡し",
    Stage.DONE: "受領",
    Stage.DISCARDED: "取りやめ",
}

_COLUMNS: Sequence[tuple[str, str, tuple[tuple[Stage, str], ...]]] = (
    ("undecided", "要判断", ((Stage.UNDECIDED, "要判断"),)),
    ("matched", "照合", ((Stage.MATCHED, "照合済"),)),
    ("preset", "前設定", ((Stage.PRESET, "前設定済"),)),
    (
        "made",
        "作成",
        ((Stage.NOTICE_MADE, "作成済"), (Stage.DESTINATION_UPDATED, "送付先更新済")),
    ),
    ("sealed", "封緘", ((Stage.SEALED, "封緘済"), (Stage.DISPATCH_READY, "発送準備済"))),
    ("returning", "返却", ((Stage.RETURNING, "市へ返却"),)),
    ("handed", "引渡し", ((Stage.HANDED_OVER, "受領待ち"),)),
    ("done", "受領", ((Stage.DONE, "完了"),)),
    ("discarded", "取りやめ", ((Stage.DISCARDED, "取りやめ"),)),
)
_ONLY_IF_ANY = frozenset({"returning", "discarded"})

_WAYS: Mapping[type, tuple[tuple[str, str], ...]] = {
    Handoff: (
        (handoff.Stage.OFFERED, "申し出"),
        (handoff.Stage.ACCEPTED, "受付"),
        (handoff.Stage.COMPLETED, "完了"),
    ),
    ExternalEntry: (
        (external_entry.Stage.TO_ENTER, "依頼の受付"),
        (external_entry.Stage.ENTERED, "市のシステムへ入力"),
    ),
    Inquiry: ((inquiry.Stage.OPEN, "受付"), (inquiry.Stage.ANSWERED, "対応")),
    ListSending: (
        (list_sending.Stage.TO_SEND, "業務終了"),
        (list_sending.Stage.SENT, "市へ送付"),
    ),
    ReturnedMail: (
        (returned_mail.Stage.REGISTERED, "返戻受付"),
        (returned_mail.Stage.CONTACTING, "連絡"),
        (returned_mail.Stage.DONE, "再送・引渡し"),
    ),
    Reservation: (
        (Booking.HELD, "仮予約"),
        (Booking.CONFIRMED, "予約"),
        (Booking.ARRIVED, "来場"),
    ),
    Venue: tuple((stage, venue_case.STAGE_TEXT[stage]) for stage in venue_case.ORDER),
    Ticket: (
        (ticket.Stage.WAITING, "受付"),
        (ticket.Stage.CALLED, "呼出し"),
        (ticket.Stage.SERVING, "対応"),
        (ticket.Stage.SERVED, "完了"),
    ),
    Visit: ((visit.Stage.SERVING, "受付"), (visit.Stage.DONE, "対応")),
}


_DEFECT_WAY = ("不備の把握", "連絡", "本人の対応", "再申請")
_DEFECT_BEHIND: Mapping[defect_parts.Stage, int] = {
    defect_parts.Stage.AWAITING: 2,
    defect_parts.Stage.RETAKE_BOOKED: 2,
    defect_parts.Stage.RETAKEN: 3,
    defect_parts.Stage.RESUBMITTED: 4,
}
"""How much of the way is behind; at any other stage somebody is still to be reached."""
_OVER_RESPONSIBLE: tuple[tuple[str, str], ...] = (
    (handoff.Stage.ESCALATED, "申し出"),
    (handoff.Stage.TAKEN_ON, "業務責任者"),
)


_CITY_WAYS: Mapping[city_record.Stage, tuple[Sequence[str], int]] = {
    stage: (labels, min(behind, len(labels)))
    for labels, stages in (
        (("手数料の通知", "市の収納"), ("due", "paid")),
        (("締めの始まり", "レジ締め"), ("counting", "closed_out")),
        (("市へ提出", "確認・集計", "決裁"), ("submitted", "counted", "approved")),
        (("送付", "回答"), ("awaiting_reply", "replied")),
        (
            ("市が渡す", "受取り", "返却", "全数確認"),
            ("brought", "received", "returned", "accounted"),
        ),
        (("市へ提出", "差し戻し"), ("sent_back",)),
        (("取消し",), ("void",)),
    )
    for behind, stage in enumerate(map(city_record.Stage, stages), 1)
}
"""The way of each record of the city, with how much of it is behind."""


def way_of(value: Value) -> list[Waypoint]:
    """Return the steps of a case: what is done, what comes next, what is ahead."""
    if isinstance(value, Card):
        return _card_way(value)
    if isinstance(value, Defect):
        return _marked(_DEFECT_WAY, _DEFECT_BEHIND.get(value.stage, 1))
    if isinstance(value, CityRecord):
        return _marked(*_CITY_WAYS[value.stage])
    way = (
        _way_of_promise(value) if isinstance(value, Obligation) else _WAYS.get(type(value), ())
    )
    if isinstance(value, Handoff) and any(
        wait.level is handoff.Level.RESPONSIBLE for wait in value.waits
    ):
        to_city = any(wait.level is handoff.Level.CITY for wait in value.waits)
        citys = ((handoff.Stage.OFFERED, "市へ"), (handoff.Stage.ACCEPTED, "市で受付"))
        done = ((handoff.Stage.COMPLETED, "完了"),)
        way = (*_OVER_RESPONSIBLE, *(citys if to_city else ()), *done)
    if isinstance(value, Incident):
        there = incident_kinds.WAYS[value.kind]
        way = tuple((stage, incident_words.WAY_TEXT[stage]) for stage in there)
    stages = [stage for stage, _ in way]
    stage = str(value.stage)
    behind = stages.index(stage) + 1 if stage in stages else 1 if not value.closed else len(way)
    return _marked([label for _, label in way], behind)


def _way_of_promise(value: Obligation) -> tuple[tuple[str, str], ...]:
    owed = (Promise.OWED, "約束")
    if value.terms.nature is not Nature.DOCUMENT:
        return (owed, (Promise.MET, "完了"))
    if value.terms.approval:
        checked = (owed, (Promise.SUBMITTED, "提出"), (Promise.IN_FORCE, "市の承認"))
        return (*checked, (Promise.PUBLISHED, "公開")) if value.terms.publishes else checked
    if value.terms.provisional:
        return (owed, (Promise.PROVISIONAL, "暫定版"), (Promise.MET, "確定版"))
    return (owed, (Promise.IN_USE if value.terms.articles else Promise.MET, "提出"))


def columns_of(stages: Mapping[str, int], lot_id: str) -> list[Column]:
    """Return the stages of a lot with their cards, each count with the list behind it."""
    whole = sum(stages.values()) or 1
    found: list[Column] = []
    x = 0.0
    for id_, label, parts in _COLUMNS:
        cards = sum(stages.get(stage, 0) for stage, _ in parts)
        if not cards and id_ in _ONLY_IF_ANY:
            continue
        width = 100 * cards / whole
        links = tuple(
            (words, stages[stage], _list_of(lot_id, stage))
            for stage, words in parts
            if stages.get(stage)
        )
        found.append(
            Column(id=id_, label=label, cards=cards, links=links, x=round(x, 3), width=width)
        )
        x += width
    return found


def _card_way(card: Card) -> list[Waypoint]:
    stage = card.stage
    if stage is Stage.UNDECIDED:
        return _marked(["照合", "判断", "前設定", "作成", "封緘", "引渡し", "受領"], 1)
    if stage is Stage.DISCARDED:
        return _marked(["照合", "判断", "取りやめ"], 3)
    path = PATHS[card.route or Route.PICKUP_NOTICE]
    decided = ["照合", "判断"] if Stage.UNDECIDED in card.stages else []
    labels = [_STEP_TEXT[each] for each in path]
    if decided and labels[0] == "照合":
        labels = [*decided, *labels[1:]]
        return _marked(labels, path.index(stage) + 2)
    return _marked([*decided, *labels], len(decided) + path.index(stage) + 1)


def _marked(labels: Sequence[str], behind: int) -> list[Waypoint]:
    return [
        Waypoint(
            label=label, state="done" if i < behind else "here" if i == behind else "ahead"
        )
        for i, label in enumerate(labels)
    ]


def _list_of(lot_id: str, stage: Stage) -> str:
    return f"/cases?{urlencode({'parent': lot_id, 'stage': str(stage)})}"
