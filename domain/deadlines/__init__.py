"""Until when something must be done, and why that day.

Belongs here: due rules, clocks, their suspension and their sentences. Does not: which days
are open (``domain.calendars``).
"""
