"""Which days and hours a place is open.

Belongs here: calendars, hours and readiness. Does not: what is due on such a day
(``domain.deadlines``).
"""
