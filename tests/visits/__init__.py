"""Visitors at windows, booths and desks, from reception to the end of what they came for."""
