"""Incidents over HTTP. Does not belong here: their pages (``api.pages.incidents``)."""
