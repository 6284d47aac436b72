"""What everybody at booth, desk and telephone answers by: questions with answers, manuals.

Belongs here: articles and their versions, editions, what to find. Does not belong here: the
city's approval of an edition (``domain.obligations``), what residents ask (``domain.calls``),
questions to the city (``domain.incidents``).
"""
