"""Applications for a card: how it is applied for, what is done, the long wait, its end.

Here: one application from its opening to the card, and what a contract offers. Not here: the
visit in which it begins (``domain.procedures``), photos as such (``domain.photos``), what
follows a defect (``domain.defects``).
"""
