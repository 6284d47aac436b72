"""Things outside the database: pictures, later cards and cameras.

Pure codecs first, one thin module per thing that does I/O. Rules about what is found stand
in ``domain``; who asks and what is kept, in ``activities`` and ``api``.
"""
