"""Keys derived from the secret, and tokens signed with them."""
