"""Reading: from a text to the attributed statements in it. Plain Python, no Django, no input or output."""

from claimtrack.extraction.language import language
from claimtrack.extraction.reading import READER, read_statements

__all__ = ["READER", "language", "read_statements"]
