"""Pages of the waiting line.

Belongs here: the floor manager's intake, the desks, the board of called numbers, the paper
number. Does not belong here: the rules (``domain.queue``), what they do (``api.queue``).
"""
