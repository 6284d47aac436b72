"""What leaves the house: messages and lists, to whom, by when.

Belongs here: outgoing messages, lists of a day, their recipients. Does not: transport
(``activities``).
"""
