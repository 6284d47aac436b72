"""The call centre over HTTP: inquiries, external entries, its places.

Belongs here: checking, authorising and handing over. Does not: rules (``domain.calls``).
"""
