"""Matters that must not be forgotten: faults, complaints, troubles, consultations, changes.

Belongs here: what becomes of one from its report to its end. Does not belong here: questions
of residents (``domain.calls``), defects of applications.
"""
