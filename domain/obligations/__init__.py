"""What a contract promises by a date: documents, approvals, milestones, things taken over.

Belongs here: the terms of a promise, how far it has come, and what waits for it. Does not:
how its day is counted (``domain.deadlines``), what comes every day or month
(``domain.sending``).
"""
