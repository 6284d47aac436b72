"""Questionnaires to people who came to a venue.

Belongs here: what is asked, and what an answer may be. Does not belong here: counting
(``store.surveys``); nothing here knows who answered.
"""
