"""Slots, holds, reservations and venue days: who may book what, and until when.

Belongs here: rules of booking, moving, cancelling and arriving. Does not: how lists and
messages leave the house (``domain.sending``), SQL, HTTP.
"""
