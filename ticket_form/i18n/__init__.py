"""Languages, messages, and how times and sizes are written."""
