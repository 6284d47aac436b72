"""Booking over HTTP: slots, reservations, venues, guidance, links.

Belongs here: checking, authorising and handing over what concerns bookings. Does not: pages
(``api.pages.booking``, ``api.pages.desk``), rules (``domain.booking``).
"""
