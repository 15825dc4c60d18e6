"""What authors do with content: new articles, translations, the check of a whole site."""
