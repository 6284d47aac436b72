"""Tests; the folders mirror the modules they hold to their promises."""
