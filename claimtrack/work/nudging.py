"""Telling a worker that there is something to look at. Losing a nudge costs a few seconds, never work.

A thread of its own sends them: whoever makes work due never waits for the broker, however long that takes to answer.
"""

import logging
import time
from functools import partial
from queue import SimpleQueue
from threading import Lock, Thread

from django.db import transaction

from claimtrack.celery import app
from claimtrack.work.kinds import TASKS, Kind

logger = logging.getLogger(__name__)

BREAK_SECONDS = 5.0


class Messenger:
    """Sends one message for each kind that was asked for, however often; with the broker away, rests a while."""

    def __init__(self) -> None:
        self._asked: SimpleQueue[Kind] = SimpleQueue()
        self._lock = Lock()
        self._thread: Thread | None = None

    def ask(self, kind: Kind) -> None:
        """Have the workers told, soon. Never waits and never raises."""
        self._asked.put(kind)
        with self._lock:
            if self._thread is None or not self._thread.is_alive():  # a forked process has no threads yet
                self._thread = Thread(target=self._send_for_ever, name="nudges", daemon=True)
                self._thread.start()

    def _send_for_ever(self) -> None:
        while True:
            kinds = {self._asked.get()}
            while not self._asked.empty():
                kinds.add(self._asked.get())
            if not all(send(kind) for kind in kinds):
                time.sleep(BREAK_SECONDS)


_messenger = Messenger()


def nudge(kind: Kind) -> None:
    """Ask the workers to look for work of this kind once the present transaction is committed."""
    transaction.on_commit(partial(_messenger.ask, kind))


def send(kind: Kind) -> bool:
    """Send one message; False, and a line in the log, where the broker does not take it."""
    try:
        app.send_task(TASKS[kind], queue=str(kind), retry=False, ignore_result=True)
    except Exception as error:
        logger.warning("no nudge for %s work, the tick will find it: %s", kind, error)
        return False
    return True
