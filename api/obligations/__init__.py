"""What contracts promise, over HTTP: the register, and what is shut until then.

Belongs here: checking, authorising and handing over. Does not: rules (``domain.obligations``).
"""
