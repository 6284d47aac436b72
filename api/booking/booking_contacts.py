"""How many open bookings one contact may have.

Belongs here: the limit of a contract's line, counted over telephone number and mail address.
Does not belong here: how often an address of the network may ask (``api.access.throttle``). A
family books as one party, and several parties fit under one telephone.
"""

from sqlalchemy import Connection

from api.deps import Desk
from domain.booking.booking_errors import TooManyBookings
from domain.booking.booking_form import Applicant
from domain.booking.booking_rules import BookingLine
from domain.writing.text import name_search
from store import reservation_lists
from store.opening import search_key


def require_room_for(
    connection: Connection,
    desk: Desk,
    municipality: str,
    line: BookingLine,
    applicant: Applicant,
    *,
    besides: str | None = None,
) -> None:
    """Return if the applicant's contacts have room for another booking.

    Two bookings of one contact at once take turns here.

    Args:
        connection: Whose transaction this is part of.
        desk: What the process works with.
        municipality: Whose bookings.
        line: Says how many.
        applicant: Whose telephone and mail are counted.
        besides: A reservation that is not counted: the one this is about.

    Raises:
        TooManyBookings: They have as many as the line allows.
    """
    city_key = desk.keys.city_key(municipality)
    keys = [
        search_key(city_key, name_search(contact))
        for contact in (applicant.phone, applicant.mail)
        if contact
    ]
    most = reservation_lists.open_of_contacts(
        connection, municipality, line.id, keys, besides=besides
    )
    if most >= line.per_contact_max:
        raise TooManyBookings(
            f"同じ電話番号またはメールアドレスの予約は{line.per_contact_max}件までです。"
            "いまの予約を確かめてください。"
        )
