"""Build a site: languages side by side, only what has changed."""
