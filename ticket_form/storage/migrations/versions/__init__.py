"""One migration a file; a released one is never changed."""
