"""The waiting line over HTTP.

Belongs here: numbers given out and called, the line as it stands, closing it. Does not belong
here: the other steps of a number, which are actions of its case (``api.cases``).
"""
