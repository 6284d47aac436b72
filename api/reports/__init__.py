"""Reports to the city over HTTP.

Belongs here: showing what a report says and how it stands. Does not belong here: sending it,
which is an action of its case (``api.cases``).
"""
