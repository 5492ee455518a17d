"""Doing what is due: lease, do, end, until nothing is left."""

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from itertools import cycle

from claimtrack.work.kinds import Kind, Lane
from claimtrack.work.models import MAX_ATTEMPTS, LeaseLost, Work
from claimtrack.work.nudging import nudge

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
HARD_LIMIT = 50
"""Seconds after which Celery kills a task: under the lease, so that work is never done by two at once."""
TURN = 20.0
"""Seconds after which a task hands over to the next message, so that a restart never waits long."""
FIRST_PAUSE = timedelta(seconds=5)

# Of ten leases six serve the interactive lane first, three the normal and one the bulk lane; the others fill up.
_LANES = (Lane.INTERACTIVE, Lane.NORMAL, Lane.BULK)
_TURNS = cycle(
    [
        (first, *(lane for lane in _LANES if lane is not first))
        for first in (_LANES[i] for i in (0, 1, 0, 0, 1, 0, 2, 0, 1, 0))
    ]
)


def work_through(
    kind: Kind,
    do: Callable[[Work], None],
    give_up: Callable[[Work, str], None],
    *,
    limit: int = 1,
    hold: timedelta = LEASE,
) -> int:
    """Do what is due of one kind and return how many pieces were done.

    `do` makes the effect and ends the row in one transaction. A piece that raises is tried again after a growing
    pause; one that has had its five attempts without an end (its worker may have been killed each time) goes to
    `give_up` with the reason, which leaves the subject failed and ends the row.
    """
    done, until = 0, time.monotonic() + TURN
    while rows := Work.objects.lease(kind, limit=limit, hold=hold, lanes=next(_TURNS)):
        for work in rows:
            done += _attempt(work, do, give_up, hold)
        if time.monotonic() > until:
            nudge(kind)
            break
    return done


def _attempt(work: Work, do: Callable[[Work], None], give_up: Callable[[Work, str], None], hold: timedelta) -> bool:
    try:
        if work.attempts > MAX_ATTEMPTS:
            give_up(work, work.last_error or "five workers in a row ended before this was done")
        else:
            work.renew(hold)
            do(work)
    except LeaseLost:
        logger.warning("%s passed to another worker while this one held it", work)
    except Exception as error:
        logger.exception("%s failed at attempt %d of %d", work, work.attempts, MAX_ATTEMPTS)
        reason = f"{type(error).__name__}: {error}"
        if work.attempts < MAX_ATTEMPTS:
            work.give_back(reason, pause=FIRST_PAUSE * 2 ** (work.attempts - 1))
        else:
            give_up(work, reason)
    else:
        return True
    return False
