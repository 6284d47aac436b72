"""Applications that came back as defective: reaching the person until it is settled.

Belongs here: rules without I/O. Does not belong here: what can be wrong with an application
(``domain.applications.defect_kinds``).
"""
