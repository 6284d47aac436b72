"""Who may be in at all, from where, until when; and how long what they saw is kept.

Belongs here: registered networks, what ends with the term, retention, and the refusals of
them. Does not: who may do what once they are in (``domain.parties``).
"""
