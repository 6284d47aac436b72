"""Chiba with venues that can be booked, and citizens with a browser.

Here: what journeys of the booking site begin from. Not here: what they expect.
"""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, Page

from store import contract_state, guidance, venue_days
from store.contract_state import AddedSite
from store.scope import scope
from store.venue_days import VenueDay
from tests.journeys.site import Site

NOW = datetime(2022, 9, 9, 10, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
"""A Friday."""

HOME = "/book/chiba"
CALENDAR = f"{HOME}/application/days?reissue=no"
NARROW, WIDE = 360, 1280

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
        for id_, days in (("chuo", (1, 2, 26)), ("inage", (2, 5))):
            for ahead in days:
                planned = VenueDay(
                    site=id_,
                    day=NOW.date() + timedelta(days=ahead),
                    planned_by="system",
                    planned_at=now,
                )
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


def fill(page: Page, citizen: Citizen) -> None:
    """Type what the form asks."""
    for name, text in citizen.typed.items():
        page.locator(f"#{name}").fill(text)
