"""Decide which tickets are held back, and keep those in quarantine."""
