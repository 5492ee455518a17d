"""What all of the API shares: strict input, one shape of error, lists by keyset."""
