"""Guides: one step at a time for whoever stands with a resident, and what the resident sees.

Belongs here: which step is shown, what is asked one after the other, how far one is, when a
resident's screen goes blank. Does not: the steps themselves and whose they are (the package
of each kind of case), the words that are said (``web/guide``), pages.
"""
