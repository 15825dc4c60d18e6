"""Freshness: which articles are to be reviewed, by owner; as text, table, page and mail."""
