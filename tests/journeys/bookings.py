"""Chiba with venues that can be booked, and citizens with a browser.

Here: what journeys of the booking site begin from. Not here: what they expect.
"""

import itertools
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import httpx
from playwright.sync_api import Browser, Page

from store import contract_state, guidance, venue_days
from store.contract_state import AddedSite
from store.scope import scope
from store.venue_days import VenueDay
from tests.journeys.site import Form, Site, Visitor, form_in
from tests.obligations_at_hand import let_bookings_begin

TOKYO = ZoneInfo("Asia/Tokyo")
NOW = datetime(2022, 9, 9, 10, 0, tzinfo=TOKYO)
"""A Friday."""

HOME = "/book/chiba"
CALENDAR = f"{HOME}/application/days?reissue=no"
NARROW, WIDE = 360, 1280

FIRST, SECOND, THIRD = date(2022, 9, 10), date(2022, 9, 11), date(2022, 9, 14)
LATER, NEXT = date(2022, 10, 5), date(2022, 10, 6)
STORM = date(2022, 10, 7)
NOT_YET = date(2022, 10, 29)
"""A Saturday from which it is thirty days to the 29th of September."""

DAYS = {"chuo": (FIRST, SECOND, LATER, NEXT, STORM, NOT_YET), "inage": (SECOND, THIRD)}

_UNTIL = date(2023, 3, 31)
_VENUES = (
    ("chuo", "中央コミュニティセンター", "千葉市中央区千葉港2-1", "千葉市役所となり 2階"),
    ("inage", "稲毛区役所", "千葉市稲毛区穴川4-12-1", "1階 ロビー"),
)
_BRING = {
    "ja": "本人確認書類を2点お持ちください（例：健康保険証と年金手帳）。\n"
    "写真は会場で撮影します。",
    "easy": "あなたの名前が書いてあるものを2つ持ってきてください。",
    "en": "Bring two documents that show who you are. We take the photo at the venue.",
}
_FAMILIES = itertools.count(1)


@dataclass(frozen=True)
class Citizen:
    """Somebody with a telephone of their own, and what they type."""

    kana: str = "ちば たろう"
    birth_date: str = "昭和60年4月1日"
    address: str = "千葉市中央区千葉港1-1 メゾン千葉 203"
    mail: str = ""
    phone: str = field(default_factory=lambda: f"090-1{next(_FAMILIES):03d}-5678")

    @property
    def typed(self) -> dict[str, str]:
        """The fields of the form."""
        return {
            "kana": self.kana,
            "name": "",
            "birth_date": self.birth_date,
            "address": self.address,
            "phone": self.phone,
            "mail": self.mail,
        }


def open_venues(site: Site) -> None:
    """Put Chiba's contract in force, with two venues that are open on some days."""
    stack, now = site.stack, site.stack.clock()
    stack.sign("chiba", date(2022, 4, 1))
    let_bookings_begin(stack.engine, stack.keys)
    with scope(stack.engine, "chiba") as connection:
        for id_, name, address, directions in _VENUES:
            contract_state.add_site(
                connection,
                "chiba",
                "chiba",
                AddedSite(
                    site_id=id_,
                    name=name,
                    address=address,
                    directions=directions,
                    from_day=NOW.date(),
                    to_day=_UNTIL,
                    agreement="協議第1号",
                    added_by="system",
                    added_at=now,
                ),
            )
        for id_, days in DAYS.items():
            for day in days:
                planned = VenueDay(site=id_, day=day, planned_by="system", planned_at=now)
                venue_days.plan(connection, "chiba", "chiba", planned)
        for language, text in _BRING.items():
            guidance.write(
                connection, "chiba", "chiba", site="", language=language, text=text,
                by="system", at=now,
            )  # fmt: skip


@contextmanager
def citizen_browsing(chromium: Browser, site: Site, **options: Any) -> Iterator[Page]:
    """Open a browser that nobody has used before."""
    options.setdefault("viewport", {"width": WIDE, "height": 900})
    context = chromium.new_context(base_url=site.url, locale="ja-JP", **options)
    yield context.new_page()
    context.close()


@contextmanager
def at(site: Site, moment: datetime) -> Iterator[None]:
    """Let it be another time for the web."""
    before = site.stack.clock.now
    site.stack.clock.now = moment
    yield
    site.stack.clock.now = before


def slot(day: date, hour: int = 10, venue: str = "chuo") -> str:
    """Return what a form sends for a time."""
    return f"{venue}|{datetime(day.year, day.month, day.day, hour, tzinfo=TOKYO).isoformat()}"


def ask_hold(
    visitor: Visitor, chosen: str, *, people: int = 1, reissue: str = "no", **query: str
) -> httpx.Response:
    """Ask for places as the page of a day does; a key of its own each time."""
    sent = {
        "slot": chosen,
        "people": str(people),
        "reissue": reissue,
        "key": secrets.token_hex(8),
    }
    return visitor.http.post(f"{HOME}/application/hold", data=sent, params=query)


def move_address(own: str, chosen: str) -> str:
    """Return the address at which a move to a time is checked."""
    return f"{own}/move?{urlencode({'slot': chosen})}"


def held(visitor: Visitor, chosen: str, **asked: Any) -> str:
    """Hold places and return the citizen's own address."""
    answer = ask_hold(visitor, chosen, **asked)
    assert 303 == answer.status_code, answer.text
    return answer.headers["Location"]


def checked(visitor: Visitor, path: str, citizen: Citizen) -> Form:
    """Fill the form in and return that of the page where it is checked."""
    answer = visitor.send(visitor.form(path, "details"), **citizen.typed)
    assert 200 == answer.status_code, answer.text
    return form_in(answer.text, "check")


def booked(visitor: Visitor, chosen: str, citizen: Citizen | None = None, **asked: Any) -> str:
    """Book and return the citizen's own address."""
    path = held(visitor, chosen, **asked)
    answer = visitor.send(checked(visitor, path, citizen or Citizen()))
    assert 303 == answer.status_code, answer.text
    return answer.headers["Location"].partition("?")[0]


def fill(page: Page, citizen: Citizen) -> None:
    """Type what the form asks."""
    for name, text in citizen.typed.items():
        page.locator(f"#{name}").fill(text)
