"""Articles: the content contract, what pages show of it, and the checks on both."""
