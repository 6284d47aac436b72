"""Pages of the counter: visits, procedures, photos.

Belongs here: what is done with a visitor present. Does not: bookings (``api.pages.desk``).
"""
