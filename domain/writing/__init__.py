"""How people write, and what may never be kept of it.

Belongs here: text, kana, eras, addresses, CSV, detectors of never-stored data. Does not:
any rule of one kind of case.
"""
