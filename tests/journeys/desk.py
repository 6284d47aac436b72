"""The booking desk of Chiba as its staff use it, with forms and links.

Here: what journeys at the desk begin from. Not here: what they expect, and the citizens' own
site (``tests.journeys.bookings``).
"""

import itertools
import re
from datetime import datetime
from typing import Any

import httpx

from domain.parties import Role
from tests.journeys.bookings import FIRST, TOKYO, Citizen
from tests.journeys.site import Form, Site, Visitor, form_in

HOME = "/reservations"
NEW = f"{HOME}/new"
ARRIVALS = f"{HOME}/arrivals"
_CALLERS = itertools.count(1)


def caller(kana: str = "") -> Citizen:
    """Return somebody who calls: nobody has their name or their telephone."""
    number = next(_CALLERS)
    letters = "".join("アイウエオカキクケコ"[int(digit)] for digit in f"{number:03d}")
    return Citizen(kana=kana or f"デンワ{letters}", phone=f"080-2{number:03d}-4321")


def agent(site: Site, role: Role = Role.CALL_AGENT) -> Visitor:
    """Return somebody at the desk, logged in."""
    return site.as_(role, "chiba")


def hold(visitor: Visitor, when: str, **typed: Any) -> httpx.Response:
    """Hold the places of a time that was typed."""
    given = {"when": when, "people": "1", "reissue": "no", "channel": "phone"} | typed
    return visitor.send(visitor.form(NEW, "hold"), **given)


def details(answer: httpx.Response) -> Form:
    """Return the form that asks who comes."""
    assert 200 == answer.status_code, answer.text
    return form_in(answer.text, "confirm")


def book(
    visitor: Visitor,
    when: str,
    who: Citizen | None = None,
    *,
    guided: bool = True,
    **typed: Any,
) -> str:
    """Book for somebody, and read out what they must know; return the booking's address."""
    answer = hold(visitor, when, **typed)
    form = details(answer)
    read_out = {"guided": script_of(answer.text)} if guided else {}
    done = visitor.send(form, **(who or caller()).typed, **read_out)
    assert 303 == done.status_code, done.text
    return done.headers["Location"].partition("?")[0]


def script_of(page: str) -> str:
    """Return the version of the guidance that a page has to be read out."""
    found = re.search(r'name="(?:guided|version)" value="([^"]+)"', page)
    assert found is not None, "no guidance to be read out"
    return found[1]


def number_of(page: str) -> str:
    """Return the number of the booking that a page shows."""
    found = re.search(r"CHIBA-R22-\d{6}-\d", page)
    assert found is not None
    return found[0]


def case_of(path: str) -> str:
    """Return the case of a booking's address."""
    return path.rpartition("/")[2]


def on_the_day(hour: int) -> datetime:
    """Return a time of the first day on which a venue is open."""
    return datetime(FIRST.year, FIRST.month, FIRST.day, hour, tzinfo=TOKYO)


def heading(page: str) -> str:
    """Return what a page says first."""
    found = re.search(r"<h1>(.*?)</h1>", page, re.S)
    assert found is not None
    return re.sub(r"<[^>]+>", "", found[1]).strip()


def section(page: str, title: str) -> str:
    """Return a part of a page by its heading; empty if it is not there."""
    found = re.search(rf"<section[^>]*>\s*<h2[^>]*>{title}.*?</section>", page, re.S)
    return found[0] if found else ""
