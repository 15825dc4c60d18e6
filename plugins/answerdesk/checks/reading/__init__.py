"""Read content once for all rules: pages, blocks, rendered HTML."""
