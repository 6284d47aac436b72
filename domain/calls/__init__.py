"""What callers ask, and what is typed into the city's systems for them.

Belongs here: inquiries and external entries. Does not: bookings by telephone
(``domain.booking``).
"""
