"""The engines that can be measured."""

from collections.abc import Callable, Sequence
from functools import partial

from claimtrack.extraction import Engine, read_statements
from claimtrack.extraction.attribution import Attribution

type Reader = Callable[..., Sequence[Attribution]]  # called as `read_statements` is


def reader_of(engine: Engine) -> Reader:
    """Return the function that reads a text by this engine."""
    return partial(read_statements, engine=engine)
