"""Show authors what they write while they write it."""
