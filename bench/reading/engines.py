"""The engines that can be measured."""

from collections.abc import Callable, Sequence

from claimtrack.extraction import read_statements
from claimtrack.extraction.attribution import Attribution

type Reader = Callable[..., Sequence[Attribution]]  # called as `read_statements` is

ENGINES: dict[str, Reader] = {"rules": read_statements}
DEFAULT = "rules"


def reader_of(engine: str) -> Reader:
    """Return the function that reads a text by this engine; raises KeyError where there is none of this name."""
    return ENGINES[engine]
