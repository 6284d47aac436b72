"""One day at a venue, or outside (出張申請): who is there, with what, and its opening.

Belongs here: what a day is arranged with, and what has to be there before it may begin. Does
not belong here: the place (``venue_case``), on which days it may be open (``venue_plan``).
Sources: Chiba specification 第1-9(1), 第2-1(2)イ; Ota specification §6(4)①, §6(6).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from domain.booking.booking_errors import KitIncomplete, NoOfficialNamed
from domain.calendars.day_rules import day_ja
from domain.contract import Contract
from domain.errors import WrongStage


class KitItem(StrEnum):
    """What people apply with; the words of contract files."""

    DIGITAL_CAMERA = "digital_camera"
    MOBILE_PRINTER = "mobile_printer"
    APPLICATION_TERMINAL = "application_terminal"
    POCKET_WIFI = "pocket_wifi"


KIT_TEXT: Mapping[KitItem, str] = {
    KitItem.DIGITAL_CAMERA: "デジタルカメラ",
    KitItem.MOBILE_PRINTER: "モバイルプリンター",
    KitItem.APPLICATION_TERMINAL: "申請用端末（マイナアシスト等）",
    KitItem.POCKET_WIFI: "ポケットWi-Fi",
}


class Mode(StrEnum):
    """How people apply there."""

    PAPER = "paper"
    ONLINE = "online"
    BOTH = "both"


MODE_TEXT: Mapping[Mode, str] = {
    Mode.PAPER: "手書きの申請書だけ",
    Mode.ONLINE: "端末によるオンライン申請だけ",
    Mode.BOTH: "手書きの申請書と、端末によるオンライン申請",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kit:
    """What a contract wants to be there."""

    paper: tuple[KitItem, ...] = ()
    """For forms filled in by hand."""

    online: tuple[KitItem, ...] = ()
    outreach: tuple[KitItem, ...] = ()
    """In any case."""

    def needed(self, mode: Mode) -> tuple[KitItem, ...]:
        """Return what has to be there for a way to apply, each once."""
        wanted = [*self.outreach]
        wanted += self.online if mode is Mode.ONLINE else self.paper
        wanted += self.online if mode is Mode.BOTH else ()
        return tuple(item for item in KitItem if item in wanted)


def kit_of(contract: Contract) -> Kit:
    """Return the kit that a contract lists; empty where it lists none."""
    names = ("paper", "online", "outreach")
    listed = {
        name: tuple(KitItem(each) for each in contract.texts(f"equipment.kit_{name}"))
        for name in names
    }
    return Kit(**listed)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayThere:
    """One day at one place, from its plan until people have gone home."""

    day: date
    officials: tuple[str, ...] = ()
    """Accounts of the city's people who are there."""

    staff: tuple[str, ...] = ()
    """Accounts of the provider's people."""

    mode: Mode = Mode.BOTH
    equipment: str = ""
    """What is taken along besides the kit."""

    kit: Mapping[str, int] = field(default_factory=dict)
    """How many of each were found when it began."""

    started_at: datetime | None = None
    ended_at: datetime | None = None
    leaflets: int = 0

    @property
    def under_way(self) -> bool:
        """Tell whether people are received there."""
        return self.started_at is not None and self.ended_at is None

    def start(self, kit: Kit, counted: Mapping[KitItem, int], at: datetime) -> "DayThere":
        """Return the day once its opening was checked.

        Args:
            kit: What the contract wants to be there.
            counted: How many of each were found.
            at: Now.

        Raises:
            WrongStage: It has begun already.
            NoOfficialNamed: Nobody of the city is there.
            KitIncomplete: Something that people apply with is missing; the message says what.
        """
        if self.started_at is not None:
            raise WrongStage(f"{day_ja(self.day)}は、もう始めています。")
        if not self.officials:
            raise NoOfficialNamed(
                "「その日の体制を決める」で、立ち会う市の職員を選んでください。"
            )
        missing = [item for item in kit.needed(self.mode) if not counted.get(item)]
        if missing:
            words = "、".join(KIT_TEXT[item] for item in missing)
            raise KitIncomplete(f"ないもの：{words}")
        found = {str(item): count for item, count in counted.items() if count}
        return replace(self, kit=found, started_at=at)
