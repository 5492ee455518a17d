"""How well the reader reads: `make eval`."""
