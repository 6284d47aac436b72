"""Pages of lots: upload with preview, progress, mismatches.

Belongs here: what a clerk of cards works with. Does not: the page of one case
(``api.pages.case``).
"""
