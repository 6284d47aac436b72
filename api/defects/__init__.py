"""Applications that came back, over HTTP.

Belongs here: opening a follow-up by itself, and the figures of a month. Does not belong
here: its steps, which are actions of a case (``api.cases``).
"""
