"""What `up` prints, without ever waiting for the reader: one who stops reading must not stop the service."""

import os
import select

CHUNK = 4096  # a pipe that is ready to be written to takes that much at once (PIPE_BUF)
LONGEST_BACKLOG = 1_000_000


class Screen:
    """Lines for a file descriptor, written as far as it takes them.

    Lines of children are left out, and counted, while too many wait; `say` always has room.
    """

    def __init__(self, fd: int = 1) -> None:
        self._fd = fd
        self._waiting = bytearray()
        self._left_out = 0

    def say(self, line: str) -> None:
        if self._left_out:
            self._waiting += b"(%d lines not shown; they are in the log folder)\n" % self._left_out
            self._left_out = 0
        self._waiting += line.encode(errors="replace") + b"\n"
        self.write()

    def show(self, name: str, line: str) -> None:
        """A line of a child, with the child's name before it."""
        if len(self._waiting) > LONGEST_BACKLOG:
            self._left_out += 1
        else:
            self.say(f"{name:<10}| {line}")

    def write(self) -> None:
        """Write what waits, as far as it can be written at once; for a reader who left, forget it."""
        try:
            while self._waiting and select.select([], [self._fd], [], 0)[1]:
                del self._waiting[: os.write(self._fd, self._waiting[:CHUNK])]
        except OSError:
            self._waiting.clear()
