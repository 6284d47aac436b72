"""The catalogue over HTTP: what can be chosen, what to bring, what a month came to.

Belongs here: checking, authorising and naming things. Does not: rules
(``domain.catalogue``).
"""
