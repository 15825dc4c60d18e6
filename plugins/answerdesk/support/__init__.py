"""Small tools that know nothing of articles: YAML, files, scripts."""
