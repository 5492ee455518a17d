"""A million generated claims: how fast, and how well, the search for candidates does among them."""
