"""What a photo for a card is held to.

Belongs here: limits, rules, verdicts and their sentences. Does not: measuring pixels
(``devices``).
"""
