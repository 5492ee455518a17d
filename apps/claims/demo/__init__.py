"""The demo story: articles of our own about public events, and what an editor made of them."""
