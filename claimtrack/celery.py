"""The Celery app and the timetable of every periodic task.

The row is the queue (`claimtrack.work`): a message only says "look for work of this kind", so messages may be lost,
doubled or late without harm. That is why acks are early, results are off and nothing is retried here.
"""

import os
from typing import Any

from celery import Celery
from celery.schedules import crontab
from celery.signals import task_prerun
from django.db import close_old_connections

from claimtrack.work.kinds import TASKS, Kind

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "claimtrack.settings")

TICK_SECONDS = 3.0
TASKS_A_CONNECTION = 1_000

app = Celery("claimtrack")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    accept_content=["json"],
    task_serializer="json",
    task_ignore_result=True,
    task_acks_late=False,
    worker_prefetch_multiplier=1,
    worker_proc_alive_timeout=60.0,  # a new process first loads its models
    worker_hijack_root_logger=False,
    worker_redirect_stdouts=False,
    broker_connection_retry_on_startup=True,
    broker_transport_options={"socket_connect_timeout": 0.3, "socket_timeout": 5, "socket_keepalive": True},
    task_routes={task: {"queue": str(kind)} for kind, task in TASKS.items()},
    task_queues=None,
    beat_schedule={
        # The safety net under the nudges. An unread tick expires before the next: they never pile up.
        f"look for work: {kind}": {
            "task": task,
            "schedule": TICK_SECONDS,
            "options": {"expires": TICK_SECONDS, "queue": str(kind)},
        }
        for kind, task in TASKS.items()
    }
    | {
        "watch the claims": {
            "task": "apps.claims.tasks.watch_claims",
            "schedule": crontab(minute=17, hour="3,9,15,21"),
            "options": {"expires": 3600, "queue": str(Kind.MATCH)},
        }
    },
)
# Else Celery connects to the database anew for every task, in 20 ms.
app.conf["CELERY_DB_REUSE_MAX"] = TASKS_A_CONNECTION
app.autodiscover_tasks()


@task_prerun.connect
def check_connections(**_: Any) -> None:
    """Before a task, drop a connection that broke or is old, as Django does before a request."""
    close_old_connections()
