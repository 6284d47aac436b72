"""What a message tells, with the words for the ids that the course knows it by.

Belongs here: names of lines, places, times and contacts, out of the contract. Does not belong
here: sentences (``report_templates/mail``), who the message is for: a name is given to the
words at the last moment (``activities.messages_sending``).

The facts of a message about a booking, by name:

    line        id of the line of the contract
    site        id of the place; empty where the city's system says where
    starts_at   ISO moment
    party       how many people
    generation  of the link to the booking; ``None`` for no link
    language    ja, easy or en; ja where nothing is said
    cause       why a day was closed; optional
    was_at      ISO moment of before a change; optional
    offers      ISO moments that are offered instead; optional
    reference   number in the city's system; optional
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from activities.messages_words import LANGUAGES, hours_words, moment_words, short_words
from domain.case import CaseRef
from domain.contract import Contract, calendar_of
from domain.contract_parts import ChannelKind
from workflows.messages import Facts

_LABELS_EN = {"コールセンター": "Call centre", "電話": "Telephone"}

Link = Callable[[CaseRef, int], str]
"""Returns the address under which a citizen sees their booking as of a generation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """What people are told before they come."""

    version: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Venue:
    """A place as a stranger finds it."""

    name: str = ""
    address: str = ""
    directions: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Whom to ask."""

    label: str
    telephone: str | None
    hours: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Everything that a template may show but the name."""

    city: str
    number: str
    line: str
    venue: Venue
    starts_at: str
    short: str
    party: int | None
    cause: str
    was_at: str
    offers: tuple[str, ...]
    reference: str
    link: str
    contact: Contact
    guide: Guide | None = None


def language_of(facts: Facts) -> str:
    """Return the language to write in; one we have no words in becomes Japanese."""
    asked = facts.get("language")
    return asked if isinstance(asked, str) and asked in LANGUAGES else LANGUAGES[0]


def told(
    contract: Contract,
    facts: Facts,
    *,
    number: str,
    places: Mapping[str, Venue],
    link: str,
    guide: Guide | None,
    free: Sequence[tuple[datetime, str]] = (),
    telephone: str | None = None,
) -> Told:
    """Return what a message tells.

    Args:
        contract: As the case began with.
        facts: By the names above.
        number: Of the case.
        places: Those that were added while the contract runs, by id.
        link: To the booking; empty for none.
        guide: What the people are told before they come.
        free: Times that can be had instead, and where.
        telephone: The number that was entered while the contract runs.

    Raises:
        KeyError: A fact is missing.
        UnknownLine: The contract has no such line.
        ValueError: A fact has no meaning.
    """
    language = language_of(facts)
    starts_at = _moment(facts["starts_at"])
    was_at, party, offers = facts.get("was_at"), facts.get("party"), facts.get("offers")
    return Told(
        city=contract.municipality_en if language == "en" else contract.municipality,
        number=number,
        line=contract.booking(str(facts["line"])).label,
        venue=_venue(contract, str(facts.get("site") or ""), places),
        starts_at=moment_words(starts_at, language),
        short=short_words(starts_at, language),
        party=party if isinstance(party, int) else None,
        cause=str(facts.get("cause") or ""),
        was_at=moment_words(_moment(was_at), language) if was_at else "",
        offers=(
            *(moment_words(_moment(each), language) for each in _list(offers)),
            *(_offer_words(contract, facts, places, each, language) for each in free),
        ),
        reference=str(facts.get("reference") or ""),
        link=f"{link}?lang={language}" if link and language != LANGUAGES[0] else link,
        contact=contact_of(contract, language, telephone),
        guide=guide,
    )


def contact_of(contract: Contract, language: str, entered: str | None = None) -> Contact:
    """Return whom people may ask: the contract's telephone channel, or else the city."""
    phone = next((c for c in contract.channels if c.kind is ChannelKind.PHONE), None)
    number = entered or contract.text("call_centre.telephone")
    if number is None and contract.notice is not None:
        number = contract.notice.texts.telephone
    if phone is None:
        return Contact(label=contract.municipality, telephone=number, hours=None)
    hours = hours_words(calendar_of(contract, phone.calendar), language)
    label = _LABELS_EN.get(phone.label, phone.label) if language == "en" else phone.label
    return Contact(label=label, telephone=number, hours=hours)


def _offer_words(
    contract: Contract,
    facts: Facts,
    places: Mapping[str, Venue],
    offer: tuple[datetime, str],
    language: str,
) -> str:
    """Return a time, and the place where it is another than before."""
    starts_at, site = offer
    words = moment_words(starts_at, language)
    name = "" if site == facts.get("site") else _venue(contract, site, places).name
    return f"{words}　{name}" if name else words


def _venue(contract: Contract, site: str, places: Mapping[str, Venue]) -> Venue:
    known = next((each for each in contract.sites if each.id == site), None)
    if known is not None:
        return Venue(name=known.label, address=known.address)
    return places.get(site, Venue())


def _moment(written: object) -> datetime:
    moment = datetime.fromisoformat(str(written))
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment


def _list(written: object) -> Sequence[object]:
    return written if isinstance(written, tuple | list) else ()
