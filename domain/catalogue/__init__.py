"""What can be chosen at the windows, what to bring for it, and how it is counted.

Belongs here: the catalogue and its switches, lists of required documents, counts of a month.
Does not: what is done for a person (``domain.procedures``), questions (``domain.calls``).
"""
