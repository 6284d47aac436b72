"""The rules of the windows, as values.

Standard library only: no clock, no chance, no I/O, no machinery. Time comes in as an
argument named ``now``; the caller owns the clock. What needs a database, Temporal or a
file does not belong here.
"""
