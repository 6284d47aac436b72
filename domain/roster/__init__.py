"""Who is responsible on which day, and the days that have nobody.

Belongs here: posts that a contract wants filled, entries, gaps. Does not belong here: desks
and how many stand at them, working hours, which days are open (``domain.calendars``).
"""
