"""The shared knowledge base over HTTP: articles, editions, questions to the city, meetings.

Belongs here: checking, authorising and handing over. Does not: rules (``domain.knowledge``).
"""
