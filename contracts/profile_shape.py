"""The shape of a contract file, section by section.

Here: which keys a section has and what they may hold. Not here: parameters (a registry of
their own, ``contracts/parameters.py``), how sections refer to each other
(``contracts/build.py``).
"""

from contracts.application_shape import APPLICATIONS, CONSENTS
from contracts.incident_shape import EQUIPMENT, INCIDENT
from contracts.obligation_shape import OBLIGATION
from contracts.parameters import PARAMETERS, RETIRED
from contracts.queue_shape import QUEUE
from contracts.roster_shape import ROSTER
from contracts.shape import (
    Leaf,
    Named,
    Rows,
    Table,
    clock,
    day,
    flag,
    integer,
    text,
    texts,
)
from domain.booking.booking_rules import BookingChannel, BookingMode, VenueSource
from domain.calendars.day_rules import Weekday
from domain.calendars.hours import Intake
from domain.citywork.city_record import What
from domain.contract_parts import Cadence, ChannelKind, Duty, SiteKind
from domain.deadlines.due_rules import Base, DueType, FirstDay, Roll, Unit
from domain.lots.notice import NoticeForm
from domain.parties import Party, Role
from domain.procedures.eligibility import QUESTION_TEXT, Outcome
from domain.procedures.procedure_parts import Group, Receiver, StepKind
from domain.writing.eras import DateStyle

_PLANNED = tuple(step for step in StepKind if step is not StepKind.CHECK)
"""The check is no step of a procedure: the row of the table that covers it adds it."""

_LENGTHS = (Unit.CALENDAR_DAYS, Unit.OPEN_DAYS, Unit.HOURS, Unit.MINUTES)


def _one_of(label: str, choices: type, **more: object) -> Leaf:
    return text(label, choices=tuple(str(word) for word in choices), **more)  # type: ignore[attr-defined]


_PATTERN = {
    "weekdays": Leaf(kind=texts().kind, label="曜日", choices=tuple(Weekday)),
    "nth": integer("第何", least=1, most=5),
    "weekday": _one_of("曜日", Weekday),
    "days_after": integer("その何日後", least=0, most=6),
    "national_holidays": flag("国民の祝日"),
    "every_year": texts("毎年の範囲（MM-DD）"),
    "between": texts("日付の範囲（YYYY-MM-DD）"),
}
"""A row names days in exactly one of these ways; ``weekday`` goes with ``nth``."""

_CLOSED = Table(label="閉じる日", entries=_PATTERN | {"label": text("呼び名")})

_OPEN = Table(
    label="開く日",
    entries=_PATTERN
    | {
        "opens": clock("開始", required=True, settled=True),
        "closes": clock("終了", required=True, settled=True),
        "ready_by": clock("対応できる時刻"),
        "last_reception": clock("受付終了"),
        "intake": _one_of("受付終了の読み方", Intake),
        "staff_from": clock("従事の始まり"),
        "staff_to": clock("従事の終わり"),
        "except": Rows(row=_CLOSED, label="この開庁だけの例外"),
    },
)

CALENDAR = Table(
    label="暦",
    entries={
        "label": text("名前", required=True, settled=True),
        "same_as": text("同じ暦"),
        "open_label": text("開いている日の呼び名"),
        "closed_label": text("閉じている日の呼び名"),
        "valid_from": day("この日から"),
        "valid_to": day("この日まで"),
        "open": Rows(row=_OPEN, label="開く日"),
        "closed": Rows(row=_CLOSED, label="閉じる日"),
        "ad_hoc_closure": texts("臨時に閉じる理由"),
    },
)

DUE = Table(
    label="期限",
    entries={
        "label": text("何の期限か", required=True, settled=True),
        "type": _one_of("約束の種類", DueType, required=True, settled=True),
        "unit": _one_of("数え方", Unit, required=True),
        "anchor": text("起点"),
        "anchor_label": text("起点の呼び名"),
        "amount": integer("数", least=-1000, most=1000),
        "at": clock("時刻"),
        "on": day("日付"),
        "first_day": _one_of("1日目", FirstDay),
        "roll": _one_of("閉庁日に当たるとき", Roll),
        "calendar": text("使う暦", required=True, settled=True),
        "owed_by": _one_of("守る側", Party),
        "warn": Rows(
            label="予告",
            row=Table(
                sourced=False,
                entries={
                    "before": integer("いくつ前", required=True, least=0, most=1000),
                    "unit": text("単位", choices=_LENGTHS),
                },
            ),
        ),
        "ladder": Rows(
            label="知らせる順",
            row=Table(
                sourced=False,
                entries={
                    "role": _one_of("役割", Role, required=True),
                    "after": _one_of("何の後", Base),
                    "delay": integer("いくつ後", least=0, most=1000),
                    "every": integer("いくつごとに繰り返すか", least=1, most=1000),
                    "unit": text("単位", choices=_LENGTHS),
                },
            ),
        ),
    },
)

_MILESTONE = Table(
    entries={
        "id": text(required=True, settled=True),
        "label": text(required=True, settled=True),
        "on": day("日付"),
        "at": clock("時刻"),
        "about": text("仕様書の言葉"),
    }
)

_SITE = Table(
    entries={
        "id": text(required=True, settled=True),
        "label": text(required=True, settled=True),
        "address": text("住所"),
        "floor": integer("階"),
        "kind": _one_of("種類", SiteKind),
        "rule": text("条件"),
        "valid_from": day("この日から"),
        "valid_to": day("この日まで"),
        "agreement": text("協議の記録"),
    }
)

_CHANNEL = Table(
    entries={
        "id": text(required=True, settled=True),
        "label": text(required=True, settled=True),
        "kind": _one_of("種類", ChannelKind, required=True, settled=True),
        "calendar": text("使う暦", required=True, settled=True),
        "site": text("場所"),
    }
)

_PROCEDURE = Table(
    entries={
        "code": text(required=True, settled=True),
        "label": text(required=True, settled=True),
        "party": _one_of("行う側", Duty, required=True, settled=True),
        "channels": texts("受付方法"),
        "types": texts("種類"),
        "includes": texts("含むもの"),
        "handoff": flag("職員への引継ぎ"),
        "delegable": flag("委託できるか"),
        "legal_basis": text("根拠"),
        "group": _one_of("手続の区分", Group),
        "valid_from": day("この日から"),
        "valid_to": day("この日まで"),
        "agreement": text("協議の記録"),
        "steps": Leaf(kind=texts().kind, label="窓口での手順", choices=_PLANNED),
        "receivers": Leaf(kind=texts().kind, label="来る人", choices=tuple(Receiver)),
        "variant_of": text("同じ手続のほかの行"),
        "mark": text("分担の表の行"),
        "parties": Table(
            label="手順ごとの行う側",
            entries={str(step): _one_of("行う側", Duty) for step in _PLANNED},
        ),
        "delivers_card": flag("カードを渡すか"),
    }
)

_DUTY = Table(
    entries={
        "text": text(required=True, settled=True),
        "party": _one_of("行う側", Duty, required=True, settled=True),
        "covers": texts("含む行"),
        "step": _one_of("どの手順のことか", StepKind),
        "ambiguous": text("読み方の問題"),
        "records": Leaf(kind=texts().kind, label="市が記録するもの", choices=tuple(What)),
    }
)

_DELIVERABLE = Table(
    entries={
        "id": text(required=True, settled=True),
        "label": text(required=True, settled=True),
        "type": _one_of("約束の種類", DueType, required=True, settled=True),
        "due": text("期限の名前"),
        "approval": text("承認"),
        "forms": texts("提出の形"),
        "contents": texts("内容"),
    }
)

_REPORT = Table(
    entries={
        "id": text(required=True, settled=True),
        "label": text(required=True, settled=True),
        "cadence": _one_of("頻度", Cadence, required=True, settled=True),
        "due": text("期限の名前"),
        "contents": texts("内容"),
        "personal_data": text("個人情報", choices=("none", "contains")),
        "medium": text("媒体"),
    }
)

_LIST = Table(
    entries={
        "label": text(required=True, settled=True),
        "formats": Leaf(kind=texts().kind, label="形式", choices=("csv", "xlsx")),
        "encodings": Leaf(
            kind=texts().kind, label="文字コード", choices=("cp932", "utf-8", "utf-8-sig")
        ),
        "dates": Leaf(kind=texts().kind, label="日付の書き方", choices=tuple(DateStyle)),
        "columns": Named(entry=texts("列の見出し"), required=True, label="列"),
        "optional": texts("なくてもよい列"),
        "words": Named(entry=Named(entry=text(), names=".*"), label="言葉の意味"),
    }
)

_NOTICE = Table(
    entries={
        "form": _one_of("様式", NoticeForm, required=True, settled=True),
        "issuer": text("発行者"),
        "office": text("担当課"),
        "office_postal_code": text("郵便番号"),
        "office_address": text("所在地"),
        "telephone": text("電話"),
        "hours": text("受付時間"),
        "pickup_place": texts("受取場所"),
        "booking": text("予約の案内"),
        "booking_url": text("予約の場所"),
        "bring": texts("持ち物"),
        "agent_bring": texts("代理人の持ち物"),
        "postage_mark": text("郵便の表示"),
        "pickup_days": integer("受取期限（日）", least=1),
    }
)

_REMINDER = Table(
    label="予約の前の知らせ",
    sourced=False,
    entries={
        "days_before": integer("何日前", required=True, settled=True, least=0, most=30),
        "at": clock("時刻", required=True, settled=True),
    },
)

_BOOKING = Table(
    entries={
        "id": text(required=True, settled=True),
        "label": text(required=True, settled=True),
        "mode": text(
            "予約の正本",
            choices=tuple(mode for mode in BookingMode if mode is not BookingMode.UNSET),
            required=True,
        ),
        "procedures": texts("手続き"),
        "channels": Leaf(kind=texts().kind, label="予約の方法", choices=tuple(BookingChannel)),
        "phone_party": _one_of("電話予約を受ける側", Party),
        "calendar": text("使う暦"),
        "venues": text("場所の決まり方", choices=(VenueSource.SITE, VenueSource.PLANNED)),
        "site": text("場所"),
        "slot_minutes": integer("1枠の長さ（分）", least=5, most=720),
        "per_slot": integer("1枠の人数", least=1, most=10_000),
        "per_hour": integer("1時間の人数", least=1, most=10_000),
        "per_day": integer("1日の人数", least=1, most=10_000),
        "opens_days_before": integer("予約開始（日前）", least=0, most=400),
        "opens_at": clock("予約開始の時刻"),
        "closes_minutes_before": integer("予約締切（枠の何分前）", least=0, most=43_200),
        "hold_minutes": integer("仮予約の保持（分）", least=1, most=120),
        "return_minutes": integer("空いた枠を再び出すまで（分）", least=0, most=1_440),
        "late_minutes": integer("遅刻とする時（枠の始まりの何分後）", least=0, most=720),
        "no_show_minutes": integer("不来庁とする時（枠の終わりの何分後）", least=0, most=1_440),
        "party_max": integer("一組の人数（以下）", least=1, most=100),
        "people_use_places": flag("人数分の枠を使うか"),
        "per_contact_max": integer("連絡先ごとの予約（件以下）", least=1, most=100),
        "reissue_question": flag("再交付申請でないことを先に尋ねるか"),
        "required": flag("予約がないと受け付けないか"),
        "entry_due": text("市のシステムへの入力の期限"),
        "reminder": _REMINDER,
    }
)

_ELIGIBILITY = Table(
    entries={
        **{str(question): flag(words) for question, words in QUESTION_TEXT.items()},
        "procedures": texts("手続き"),
        "outcome": _one_of("扱い", Outcome, required=True),
        "destination": text("案内先"),
        "procedure_there": text("案内先での手続き"),
        "advice": text("伝えること"),
    }
)

_DEFECTS = Table(
    label="申請不備の対応",
    entries={
        "calendar": text("電話できる日と時間の暦", required=True, settled=True),
        "tries": integer("手紙にするまでの続けての不通", required=True, settled=True, least=1),
        "try_at": texts("電話する時刻（順番に）", required=True, settled=True),
        "letter_wait_days": integer(
            "手紙の返事を待つ日数", required=True, settled=True, least=1
        ),
        "own_wait_days": integer("本人の対応を待つ日数", required=True, settled=True, least=1),
    },
)

PROFILE = Table(
    label="契約ファイル",
    entries={
        "schema": integer(
            "書式の版", required=True, least=1, most=1, settled=True, sourced=False
        ),
        "version": Table(
            required=True,
            label="この版",
            entries={
                "effective_from": day(
                    "有効になる日", required=True, settled=True, sourced=False
                ),
                "agreement": text("協議の記録", sourced=False),
            },
        ),
        "municipality": Table(
            required=True,
            label="市",
            entries={
                "name": text("市の名前", required=True, settled=True),
                "name_en": text("英語名", required=True, settled=True),
            },
        ),
        "contract": Table(
            required=True,
            label="契約",
            entries={"title": text("件名", required=True, settled=True)},
        ),
        "term": Table(
            required=True,
            label="契約期間",
            entries={
                "start": day("初日", required=True),
                "end": day("末日", required=True, settled=True),
                "start_planned": day("予定の初日"),
            },
        ),
        "milestones": Rows(row=_MILESTONE, label="節目"),
        "sites": Rows(row=_SITE, label="場所", required=True),
        "channels": Rows(row=_CHANNEL, label="受付方法", required=True),
        "calendars": Named(entry=CALENDAR, label="暦", required=True),
        "due": Named(entry=DUE, label="期限", required=True),
        "procedures": Rows(row=_PROCEDURE, label="手続き", required=True),
        "bookings": Rows(row=_BOOKING, label="予約の受付"),
        "eligibility": Rows(row=_ELIGIBILITY, label="対象かどうかの判断"),
        "queue": QUEUE,
        "defects": _DEFECTS,
        "equipment": Rows(row=EQUIPMENT, label="機器・ブース"),
        "incidents": Rows(row=INCIDENT, label="故障・苦情など"),
        "roster": Rows(row=ROSTER, label="当番と責任者"),
        "duties": Named(entry=_DUTY, label="委/市の分担", names="[ア-ト]"),
        "applications": APPLICATIONS,
        "consents": CONSENTS,
        "deliverables": Rows(row=_DELIVERABLE, label="提出物"),
        "obligations": Rows(row=OBLIGATION, label="契約の約束"),
        "reports": Rows(row=_REPORT, label="報告"),
        "lists": Named(entry=_LIST, label="受け取る一覧表"),
        "notice": _NOTICE,
        "parameters": Table(
            required=True,
            label="条件",
            entries={
                name: Table(entries={**group, **RETIRED.get(name, {})})
                for name, group in PARAMETERS.items()
            },
        ),
    },
)
