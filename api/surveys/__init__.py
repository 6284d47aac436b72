"""Questionnaires over HTTP.

Here: counting filled in sheets, links for tablets, the counts. Not here: what is asked
(``domain.surveys``), pages (``api.pages.surveys``).
"""
