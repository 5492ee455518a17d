"""Reading: from a text to the attributed statements in it. Plain Python, no Django, no input or output."""

from claimtrack.extraction.language import language
from claimtrack.extraction.reading import READERS, Engine, read_statements

__all__ = ["READERS", "Engine", "language", "read_statements"]
