"""PostgreSQL: tables, and the statements that need care.

Rules do not belong here (``domain/``), nor does anything that waits for Temporal: no
transaction is open while something awaits an answer from there.
"""
