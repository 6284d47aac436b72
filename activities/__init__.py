"""Side effects: what reaches paper, people, files and devices.

Here: one class or a few functions per thing done, idempotent by a key the workflow chose,
with dependencies handed in. Not here: rules (``domain``), the order of steps (``workflows``),
SQL (``store``).
"""
