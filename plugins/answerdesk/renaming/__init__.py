"""Renaming: move an article in every language, and mend all that names it."""
