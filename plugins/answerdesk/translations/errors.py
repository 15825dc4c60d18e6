"""What can be wrong with the records of translations."""


class RecordError(ValueError):
    """A file in `content/sources/` or `content/fallbacks/` cannot be read. Its message says which, and what to do."""
