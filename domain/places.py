"""Where the work of a contract may be done: the venues' city, the call centre's country.

Belongs here: what a written address must say for a place to be one of a contract's. Does not
belong here: when two written addresses are one place (``domain.writing.addresses``), which days
a place is used on (``domain.contract_parts``), finding out where an address really lies.
"""

import re
import unicodedata
from typing import Final

from domain.booking.booking_rules import VenueSource
from domain.contract import Contract
from domain.contract_parts import ChannelKind, Site
from domain.errors import FieldMissing

_PREFECTURES: Final = (
    *("北海道", "青森県", "岩手県", "宮城県", "秋田県", "山形県", "福島県", "茨城県"),
    *("栃木県", "群馬県", "埼玉県", "千葉県", "東京都", "神奈川県", "新潟県", "富山県"),
    *("石川県", "福井県", "山梨県", "長野県", "岐阜県", "静岡県", "愛知県", "三重県"),
    *("滋賀県", "京都府", "大阪府", "兵庫県", "奈良県", "和歌山県", "鳥取県", "島根県"),
    *("岡山県", "広島県", "山口県", "徳島県", "香川県", "愛媛県", "高知県", "福岡県"),
    *("佐賀県", "長崎県", "熊本県", "大分県", "宮崎県", "鹿児島県", "沖縄県"),
)
_JAPAN: Final = "JP"
_POSTAL_CODE = re.compile(r"〒?\d{3}-?\d{4}")


def plans_venues(contract: Contract) -> bool:
    """Say whether the contract's lines are served at places opened on planned days."""
    return any(line.venues is VenueSource.PLANNED for line in contract.bookings)


def lies_in(municipality: str, address: str) -> bool:
    """Say whether an address is written as one of the municipality.

    A postal code and the prefecture may stand before it; another municipality may not.
    """
    return _after_prefecture(address)[1].startswith(municipality)


def is_written_in_japan(address: str) -> bool:
    """Say whether an address begins with one of Japan's prefectures."""
    return bool(_after_prefecture(address)[0])


def require_venue_place(contract: Contract, address: str, *, designated: bool) -> None:
    """Return if a venue of this contract may be there (Chiba 第1-7(2)).

    Args:
        contract: Where none of its lines is served at planned places, every place may be.
        address: As it was written.
        designated: Whether the city itself names the place (市が指定した場所).

    Raises:
        FieldMissing: The address is not in the city, and the city does not name the place.
    """
    if designated or not plans_venues(contract) or lies_in(contract.municipality, address):
        return
    city = contract.municipality
    raise FieldMissing(
        f"会場の所在地を「{city}」から入力してください。"
        f"{city}の外の会場は、「市が指定した場所」に印を付けると追加できます。"
    )


def call_centre_site(contract: Contract) -> Site | None:
    """Return the call centre's site where the city has a say in where it is."""
    abroad = contract.text("call_centre.place_country") is not None
    if not abroad and not needs_approval_document(contract):
        return None
    answered = {each.site for each in contract.channels if each.kind is ChannelKind.PHONE}
    return next((site for site in contract.sites if site.id in answered), None)


def needs_approval_document(contract: Contract) -> bool:
    """Say whether a place may be used only with a document of the city's approval.

    Source: Ageo specification §5(3)② (市と協議の上); that it is a document is assumed.
    """
    return bool(contract.flag("call_centre.approval_document"))


def require_call_centre_place(contract: Contract, address: str, *, country: str) -> None:
    """Return if the call centre may work there (Chiba 第1-7(1)).

    Args:
        contract: Which may say that the place is in Japan.
        address: As it was written; it says itself that it is one of Japan.
        country: As two letters.

    Raises:
        FieldMissing: The place is abroad, or the contract asks for no place.
    """
    if call_centre_site(contract) is None:
        raise FieldMissing("この契約に、場所の承認が要るコールセンターはありません。")
    if contract.text("call_centre.place_country") is None:
        return
    if country != _JAPAN:
        raise FieldMissing("コールセンターは日本国内に置いてください。")
    if not is_written_in_japan(address):
        raise FieldMissing("日本国内の所在地を、都道府県から入力してください。")


def _after_prefecture(address: str) -> tuple[str, str]:
    """Return the prefecture an address begins with, if it does, and what follows."""
    text = "".join(unicodedata.normalize("NFKC", address).split())
    text = _POSTAL_CODE.sub("", text, count=1) if _POSTAL_CODE.match(text) else text
    for prefecture in _PREFECTURES:
        if text.startswith(prefecture):
            return prefecture, text.removeprefix(prefecture)
    return "", text
