"""Pages of the catalogue: entries and switches, quick notes, counts, what to bring.

Belongs here: what these pages show and send. Does not: the form of an inquiry that waits for
an answer (``api.pages.calls``), reception (``api.pages.counter``).
"""
