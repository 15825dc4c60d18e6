"""Translations section by section: what each was made from, and what has changed in the source since."""
