"""Keys derived from the secret, and what is signed with them."""
