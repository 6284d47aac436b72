"""What is done for visitors over HTTP: visits, procedures, photos, check-ins.

Belongs here: checking, authorising and handing over. Does not: rules
(``domain.procedures``, ``domain.photos``).
"""
