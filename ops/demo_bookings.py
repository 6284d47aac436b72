"""The demo's venues, guidance and reservations, made through the product's own ways in.

Belongs here: what the demo pretends of bookings. Does not belong here: accounts and lots
(``ops.seed``). Everybody in it is invented.
"""

import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from api.access.door import Person
from api.booking import booking_plan, bookings
from api.booking.booking_access import Booker
from api.booking.booking_holds import Wanted, hold
from api.booking.venue_cases import VenueRequest, name_venue
from api.deps import Desk, running
from domain.booking.booking_form import Applicant, Language
from domain.booking.booking_rules import BookingChannel, BookingLine, BookingMode, VenueSource
from domain.booking.slots import DayPlan
from domain.calendars.hours import at_clock, local
from domain.contract import Contract
from domain.errors import DomainError
from ops import demo_surveys
from store import contract_state, guidance, venue_days
from store.contract_state import AddedSite, Extension
from store.scope import scope
from store.venue_days import VenueDay

EXTENSIONS: Mapping[str, Extension] = {
    "chiba": Extension(until=date(2027, 3, 31), agreement="体験用の変更契約（架空）"),
    "urasoe": Extension(until=date(2027, 3, 31), agreement="体験用の変更契約（架空）"),
}
"""Contracts whose term is over; the demo pretends that they were prolonged."""

_DAYS_AHEAD = 45
_BOOKINGS = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class _Venue:
    site: str
    name: str
    address: str
    directions: str
    weekdays: frozenset[int]


_VENUES = (
    _Venue(
        site="chuo-mall",
        name="中央見本モール 2階 催事場",
        address="千葉市中央区見本町1番1号",
        directions="正面入口を入り、右手のエスカレーターで2階へ。駐車場は2時間無料です。",
        weekdays=frozenset({1, 3, 5}),
    ),
    _Venue(
        site="inage-hall",
        name="稲毛架空市民ホール 会議室A",
        address="千葉市稲毛区架空町2番3号",
        directions="JR架空駅の西口から歩いて5分。玄関の案内板をご覧ください。",
        weekdays=frozenset({1, 4, 6}),
    ),
    _Venue(
        site="midori-plaza",
        name="緑例示プラザ 1階 広場",
        address="千葉市緑区例示ケ丘町4番5号",
        directions="バス停「例示ケ丘」の目の前。雨の日も屋根の下でお待ちいただけます。",
        weekdays=frozenset({3, 5, 6}),
    ),
)

CANDIDATES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "chiba": (
        ("花見川架空広場", "千葉市花見川区架空町6番7号"),
        ("若葉例示センター 会議室", "千葉市若葉区例示町8番9号"),
    ),
    "ota": (("新田架空工業 食堂", "太田市架空町1番2号"),),
}
"""Places that somebody thinks of: venues in Chiba, an event outside in Ota."""

_GUIDANCE: Mapping[Language, str] = {
    Language.JA: (
        "【持ってくるもの】\n"
        "・本人確認書類（運転免許証、パスポートなど顔写真のあるもの1点。"
        "ないときは健康保険の資格確認書、年金手帳などから2点）\n"
        "・通知カード（お持ちの人）\n"
        "【お願い】\n"
        "・予約の時間の5分前にお越しください。\n"
        "・15歳未満の人は、親などの法定代理人と一緒にお越しください。\n"
        "・暗証番号を紙に書いて持ってくる必要はありません。"
    ),
    Language.EASY: (
        "【持ってくるもの】\n"
        "・あなたが だれか わかるもの（運転免許証、パスポート、在留カードなど 1つ）\n"
        "【おねがい】\n"
        "・予約の 時間の 5分前に 来てください。\n"
        "・15歳より 小さい人は、お父さんや お母さんと いっしょに 来てください。"
    ),
    Language.EN: (
        "What to bring\n"
        "- One photo ID (driver's licence, passport or residence card)\n"
        "- Your notification card, if you have one\n"
        "Please note\n"
        "- Come five minutes before your time.\n"
        "- Children under 15 come with a parent or guardian.\n"
        "- Do not bring your PIN written on paper."
    ),
}

_KANA = ("ミホン", "カクウ", "レイジ", "カリモト", "タメシ", "ニセダ")
_GIVEN = ("タロウ", "ハナコ", "サクラ", "ハジメ", "レン", "ミドリ", "ケン", "ユイ")


def prolong(desk: Desk, slug: str) -> None:
    """Prolong the term of a contract that would be over."""
    if slug in EXTENSIONS:
        with scope(desk.engine, slug) as connection:
            contract_state.extend(connection, slug, slug, EXTENSIONS[slug])


def seed(desk: Desk, staff: Mapping[str, Person], *, now: datetime) -> int:
    """Make venues, guidance and reservations of every contract; return how many were booked.

    Args:
        desk: What the process works with.
        staff: Who takes the calls, by contract.
        now: When.
    """
    booked = 0
    for slug, person in staff.items():
        loaded = desk.book.current(slug)
        try:
            contract = running(desk, slug, loaded)
            contract.require_in_term(local(now).date())
        except DomainError:
            continue
        if any(line.venues is VenueSource.PLANNED for line in contract.bookings):
            _plan_venues(desk, slug, contract, now)
        _write_guidance(desk, slug, now)
        for line in contract.bookings:
            if line.is_bookable:
                booked += _book(desk, person, contract, line, now)
    return booked


def name_candidates(desk: Desk, managers: Iterable[Person]) -> None:
    """Name places that could become venues; the city is still to be asked."""
    for manager in managers:
        loaded = desk.book.current(manager.municipality)
        for name, address in CANDIDATES[manager.municipality]:
            body = VenueRequest(name=name, address=address)
            name_venue(loaded, manager, desk, f"demo-{name}", body)


def _plan_venues(desk: Desk, slug: str, contract: Contract, now: datetime) -> None:
    today = local(now).date()
    with scope(desk.engine, slug) as connection:
        for venue in _VENUES:
            site = AddedSite(
                site_id=venue.site,
                name=venue.name,
                address=venue.address,
                directions=venue.directions,
                from_day=today,
                to_day=contract.term.end,
                agreement="協議書（架空）",
                added_by="system",
                added_at=now,
            )
            contract_state.add_site(connection, slug, slug, site)
            for ahead in range(_DAYS_AHEAD):
                day = today + timedelta(days=ahead)
                if day.weekday() in venue.weekdays:
                    planned = VenueDay(
                        site=venue.site, day=day, planned_by="system", planned_at=now
                    )
                    venue_days.plan(connection, slug, slug, planned)
        if contract.text("knowledge.survey") is not None:
            demo_surveys.fill(connection, slug, _VENUES[0].site, today - timedelta(days=7))


def _write_guidance(desk: Desk, slug: str, now: datetime) -> None:
    with scope(desk.engine, slug) as connection:
        for language, text in _GUIDANCE.items():
            guidance.write(
                connection,
                slug,
                slug,
                site="",
                language=language,
                text=text,
                by="system",
                at=now,
            )


def _book(
    desk: Desk, person: Person, contract: Contract, line: BookingLine, now: datetime
) -> int:
    """Book some times of the coming days by phone and on the web, as they would come."""
    rng = random.Random(f"{contract.slug}/{line.id}")  # noqa: S311  # a demo, no secret
    times = list(_times(desk, contract, line, now))
    rng.shuffle(times)
    done = 0
    for number, (site, starts_at) in enumerate(times[:_BOOKINGS]):
        by_phone = number % 3 == 0 and line.takes(BookingChannel.PHONE, person.party)
        by_web = BookingChannel.WEB in line.channels
        if not by_phone and not by_web:
            by_phone = line.takes(BookingChannel.PHONE, person.party)
        if not by_phone and not by_web:
            continue
        booker = Booker(
            municipality=contract.slug,
            channel=BookingChannel.PHONE if by_phone else BookingChannel.WEB,
            person=person if by_phone else None,
        )
        done += _one(desk, booker, contract, line, site, starts_at, number, rng)
    return done


def _one(
    desk: Desk,
    booker: Booker,
    contract: Contract,
    line: BookingLine,
    site: str | None,
    starts_at: datetime,
    number: int,
    rng: random.Random,
) -> int:
    loaded = desk.book.current(contract.slug)
    wanted = Wanted(
        line=line.id,
        venue=site,
        starts_at=starts_at,
        people=rng.choice((1, 1, 1, 2, 2, 3)),
        reissue=False,
        applicant=_applicant(rng, number),
    )
    try:
        held = hold(desk, booker, loaded, wanted, key=f"demo-{line.id}-{number}")
        if line.mode is BookingMode.OWN:
            mine = Booker(
                municipality=booker.municipality,
                channel=booker.channel,
                person=booker.person,
                token=held.token,
            )
            version = _version(desk, contract.slug, site) if number % 6 else None
            bookings.confirm(
                desk,
                mine,
                loaded,
                held.case_id,
                key=f"demo-{line.id}-{number}-confirm",
                guidance_version=version,
            )
    except DomainError:
        return 0  # the time was full: the demo goes on without it
    return 1


def _version(desk: Desk, slug: str, site: str | None) -> str | None:
    with scope(desk.engine, slug) as connection:
        found = guidance.current(connection, slug, slug, site=site or "", language="ja")
    return found.version if found is not None else None


def _times(
    desk: Desk, contract: Contract, line: BookingLine, now: datetime
) -> Iterator[tuple[str | None, datetime]]:
    today = local(now).date()
    last = today + timedelta(days=10)
    if line.mode is not BookingMode.OWN:
        for ahead in range(1, 8):
            yield (
                None,
                at_clock(
                    today + timedelta(days=ahead),
                    local(now)
                    .time()
                    .replace(hour=10 + ahead % 6, minute=0, second=0, microsecond=0),
                ),
            )
        return
    with scope(desk.engine, contract.slug) as connection:
        offered = booking_plan.offer(connection, contract.slug, contract, line)
        plans = booking_plan.plans_by_site(connection, offered, today, last)
    for site, days in plans.items():
        yield from _slots(site, days, now)


def _slots(
    site: str, days: list[DayPlan], now: datetime
) -> Iterator[tuple[str | None, datetime]]:
    for plan in days:
        for slot in plan.slots:
            if slot.starts_at > now and slot.closed_cause is None:
                yield site, slot.starts_at


def _applicant(rng: random.Random, number: int) -> Applicant:
    return Applicant(
        kana=f"{rng.choice(_KANA)}\u3000{rng.choice(_GIVEN)}",
        birth_date=date(rng.randint(1935, 2015), rng.randint(1, 12), rng.randint(1, 28)),
        address=f"見本県架空市例示町{number + 1}番地",
        people=1,
        phone=f"+8190{rng.randint(10000000, 99999999)}",
        mail=f"resident{number}@example.jp" if number % 2 else None,
        mail_wanted=bool(number % 2),
    )
