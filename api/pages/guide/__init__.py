"""Guided screens: one step at a time for whoever stands with a resident.

Belongs here: the operator's pages and the screen in front of the resident. Does not: which
step is shown (``domain.guidance``), the words (``web/guide``), what a step does.
"""
