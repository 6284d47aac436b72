"""Waiting at a window: lines, desks and the numbers people take.

Belongs here: who is called next, from where, and how waiting ends. Does not belong here: what
is done once somebody is served (``domain.procedures``), bookings (``domain.booking``).
"""
