"""How days and moments are written on pages, by language."""
