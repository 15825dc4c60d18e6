"""Read the built portal: its description, its pages and its search index."""
