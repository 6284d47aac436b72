"""The public booking site.

Belongs here: pages that citizens see. Does not: pages of staff (``api.pages.desk``).
"""
