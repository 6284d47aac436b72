"""What is done for a visitor, by whom, step by step.

Belongs here: visits, eligibility, plans of steps, identity documents by kind. Does not: who
may act at all (``domain.parties``).
"""
