"""A delivered lot of cards, from its lists to the official's receipt.

Belongs here: lists, matching, cards, notices, custody, returned mail. Does not: drawing
paper (``activities``), other lists (``domain.sending``).
"""
