"""Reservations as residents and staff make them, over HTTP."""
