"""The shared knowledge base on pages, for booth, desk, telephone and city alike.

Belongs here: turning requests into pages. Does not: rules (``domain.knowledge``), what
programs ask (``api.knowledge``).
"""
