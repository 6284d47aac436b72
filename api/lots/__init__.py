"""Lots of cards over HTTP: intake, volumes, returned mail.

Belongs here: checking, authorising and handing over. Does not: rules (``domain.lots``).
"""
