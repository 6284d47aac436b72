"""Who is asking: login, sessions, second factor, accounts.

Belongs here: authentication and its limits. Does not: who may do what (``domain.parties``).
"""
