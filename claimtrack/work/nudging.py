"""Telling a worker that there is something to look at. Losing a nudge costs a few seconds, never work."""

import logging
import time
from functools import partial

from django.db import transaction

from claimtrack.celery import app
from claimtrack.work.kinds import TASKS, Kind

logger = logging.getLogger(__name__)

BREAK_SECONDS = 5.0

_broken_until = 0.0


def nudge(kind: Kind) -> None:
    """Ask the workers to look for work of this kind once the present transaction is committed."""
    transaction.on_commit(partial(_send, kind))


def _send(kind: Kind) -> None:
    """Send one message; with the broker away, say so once and leave it alone for a few seconds."""
    global _broken_until  # noqa: PLW0603 the breaker belongs to the process
    if time.monotonic() < _broken_until:
        return
    try:
        app.send_task(TASKS[kind], queue=str(kind), retry=False, ignore_result=True)
    except Exception as error:
        _broken_until = time.monotonic() + BREAK_SECONDS
        logger.warning("no nudge for %s work, the tick will find it: %s", kind, error)
