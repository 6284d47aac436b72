"""The record of what happened, and proofs over it.

Belongs here: the chain, its digests, replays and what is rebuilt from them. Does not: what
an event is about (its subject's own package).
"""
