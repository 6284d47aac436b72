"""The schema's history, and who may touch which table.

Each file under ``versions/`` is one step and is never edited after its release; ``env.py``
runs them, ``protection.py`` gives out the rights.
"""
