"""What the city does beside the provider's work and keeps a record of, case by case.

Belongs here: fees and the register, papers that are approved, letters, cards of the day. Does
not belong here: hand-offs of a case (``domain.handoff``), cards of a lot (``domain.lots``).
"""
