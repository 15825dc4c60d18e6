"""The Flask application: views, templates, static files and what they share."""
