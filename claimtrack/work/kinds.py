"""The kinds of work there are, and who does each."""

from enum import StrEnum


class Kind(StrEnum):
    """A station of an article's way. The task that does it is named in `TASKS`; its queue bears the kind's name."""

    POLL = "poll"
    DOWNLOAD = "download"
    READ = "read"
    MATCH = "match"


class Lane(StrEnum):
    """Who waits for it. Lanes are served by share, so that bulk never delays what a person waits for."""

    INTERACTIVE = "interactive"
    NORMAL = "normal"
    BULK = "bulk"


TASKS = {
    Kind.POLL: "apps.sources.tasks.poll_due",
    Kind.DOWNLOAD: "apps.sources.tasks.download_due",
    Kind.READ: "apps.statements.tasks.read_due",
    Kind.MATCH: "apps.claims.tasks.match_due",
}
