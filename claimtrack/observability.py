"""Whether the service is well: alive, ready, and how much work waits."""

import time
from typing import Any

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from kombu.exceptions import OperationalError as BrokerError

from claimtrack.celery import app
from claimtrack.work.models import Work

WAITS_TOO_LONG = 60.0
"""Seconds after which due work that nobody took says that no worker looks."""

_migrated = False


def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> JsonResponse:
    """Whether requests can be served (200 or 503), and in `degraded` what is slow to follow: broker, workers.

    Without the broker or the workers articles are still taken in and kept: that is no reason to take the web away.
    """
    try:
        ready, queues = _is_migrated(), Work.objects.queues()
    except DatabaseError as error:
        return JsonResponse({"status": "unavailable", "detail": f"database: {error}".strip()}, status=503)
    if not ready:
        return JsonResponse({"status": "unavailable", "detail": "database: migrations are missing"}, status=503)
    degraded = [
        f"{queue.kind} work has waited for {queue.oldest_seconds:.0f} s"
        for queue in queues
        if queue.waiting and queue.oldest_seconds > WAITS_TOO_LONG
    ]
    if not _broker_answers():
        degraded.append("the broker does not answer; work is found by the tick once it does")
    answer: dict[str, Any] = {
        "status": "degraded" if degraded else "ok",
        "degraded": degraded,
        "work": {
            str(queue.kind): {"waiting": queue.waiting, "oldest_seconds": queue.oldest_seconds} for queue in queues
        },
    }
    return JsonResponse(answer)


def _is_migrated() -> bool:
    global _migrated  # noqa: PLW0603 once true it stays true for this process
    if not _migrated:
        executor = MigrationExecutor(connection)
        _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _migrated


_broker_seen: tuple[float, bool] = (0.0, False)
BROKER_ASKED_EVERY = 2.0


def _broker_answers() -> bool:
    """Whether the broker can be connected to, asked every two seconds at most."""
    global _broker_seen  # noqa: PLW0603 belongs to the process
    asked_at, answers = _broker_seen
    if time.monotonic() - asked_at < BROKER_ASKED_EVERY:
        return answers
    try:
        with app.connection_for_write(transport_options={"socket_connect_timeout": 0.3, "socket_timeout": 1}) as broker:
            broker.ensure_connection(max_retries=1, interval_start=0, interval_step=0, timeout=1)
        answers = True
    except (BrokerError, OSError):
        answers = False
    _broker_seen = (time.monotonic(), answers)
    return answers
