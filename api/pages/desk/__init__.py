"""Pages of staff who book, receive and inform citizens.

Belongs here: desk, arrivals, venues, guidance, lists and messages. Does not: what citizens
see (``api.pages.booking``).
"""
