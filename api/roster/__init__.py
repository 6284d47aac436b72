"""Rosters over HTTP. Does not belong here: what a vacancy is (``domain.roster``)."""
