"""Views of visitors and agents, one module for each area."""
