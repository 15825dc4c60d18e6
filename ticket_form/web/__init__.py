"""The Flask application: views, templates, static files and shared services."""
