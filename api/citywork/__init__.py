"""The city's own records over HTTP.

Belongs here: beginning one, and what a day amounts to. Does not belong here: their steps, which
are actions of their cases (``api.cases``).
"""
