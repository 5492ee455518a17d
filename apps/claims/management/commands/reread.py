"""`manage.py reread`: run a newer reader or matcher over the articles that an older one saw."""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, ProgrammingError, transaction
from django.db.models import QuerySet
from rich.console import Console
from rich.progress import track

from apps.claims.services.rereading import (
    Choice,
    Overtaken,
    one_by_one,
    rematch_article,
    reread_article,
    to_rematch,
    to_reread,
)
from apps.events.log import Happened, Outcome, recording
from apps.events.models import EventKind
from apps.sources.models import Article, ArticleVersion, Publisher
from apps.sources.services.publishers import find_publisher
from apps.statements.services.reading import attributions_of, reader_in_use
from claimtrack.matching.decision import MATCHER

logger = logging.getLogger(__name__)

_TOLD = {
    "new": "new statements",
    EventKind.STATEMENT_CHANGED: "statements read in another way",
    EventKind.STATEMENT_SUPERSEDED: "statements not found any more",
    EventKind.CLAIM_CREATED: "claims opened",
    EventKind.CLAIM_REVISED: "claims first said on another day",
    EventKind.CLAIM_ARCHIVED: "claims put away that nobody says any more",
    EventKind.CLAIM_REVIVED: "claims brought back",
    EventKind.LINK_ACCEPTED: "links accepted",
    EventKind.LINK_SUGGESTED: "links suggested",
    EventKind.LINK_WITHDRAWN: "links taken back",
}


class Command(BaseCommand):
    help = (
        "Read articles again that an older reader has read, or with --matcher match them again, beside the running"
        " service. Statements that are found again keep their id, links and decisions; what people decided stands."
        " It may be stopped at any time, and goes on where it was; two at once share the work."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--matcher", action="store_true", help="match again with the present matcher; read nothing")
        parser.add_argument("--dry-run", action="store_true", help="only count what would change")
        parser.add_argument("--publisher", default="", help="a name or a domain")
        parser.add_argument("--since", type=_day, metavar="DAY", help="published (else received) on this day or later")
        parser.add_argument("--until", type=_day, metavar="DAY", help="published (else received) by this day")
        parser.add_argument(
            "--by", default="", metavar="VERSION", help="only what this version read (rules-3) or matched (weighing-1)"
        )

    def handle(self, *, matcher: bool, dry_run: bool, by: str, **given: Any) -> None:
        present = MATCHER if matcher else reader_in_use()
        if by == present:
            raise CommandError(f"--by: {present} is the version in use; what it saw is not looked at again.")
        try:
            choice = Choice(_publisher(given["publisher"]), given["since"], given["until"], by)
            run = _Run(matcher=matcher, dry_run=dry_run, choice=choice)
            for fault in run.through():
                self.stderr.write(fault)
        except (OperationalError, ProgrammingError) as error:
            raise CommandError(
                f"The database is not ready: is `manage.py up` running? ({str(error).splitlines()[0]})"
            ) from error
        self._tell(run, present)
        if run.failed:
            raise CommandError(f"{run.failed:,} articles could not be done; the others were.", returncode=1)

    def _tell(self, run: "_Run", present: str) -> None:
        what = "matched" if run.matcher else "read"
        said = f"would be {what}" if run.dry_run else f"{what} again"
        self.stdout.write(f"{run.done:,} articles {said} by {present}")
        for kind, words in _TOLD.items():
            if run.counts[kind]:
                self.stdout.write(f"{run.counts[kind]:9,} {words}")
        if run.left:
            self.stdout.write(f"{run.left:,} were left to others, or are under way: start it again for what remains")


class _Run:
    """One run over the chosen articles, and what came of it."""

    def __init__(self, *, matcher: bool, dry_run: bool, choice: Choice) -> None:
        self.matcher = matcher
        self.dry_run = dry_run
        self.choice = choice
        self.done = self.left = self.failed = 0
        self.counts: Counter[str] = Counter()

    def through(self) -> Iterator[str]:
        """Do one article after another; yields what is wrong with those that cannot be done."""
        for row in self._rows():
            if row is None:
                self.left += 1
                continue
            try:
                happened = self._look_again(row)
            except Overtaken:
                self.left += 1
            except (OperationalError, ProgrammingError):
                raise
            except Exception as error:  # one article must not keep the others from being done
                logger.exception("%s cannot be done", row)
                self.failed += 1
                yield f"{row}: {type(error).__name__}: {error}"
            else:
                self.done += 1
                self._count(happened)

    def _rows(self) -> Iterable[ArticleVersion | Article | None]:
        rows: QuerySet[Any] = to_rematch(self.choice) if self.matcher else to_reread(self.choice)
        console = Console(stderr=True)
        return track(
            one_by_one(rows if self.matcher else rows.select_related("article")),
            description="Matching again" if self.matcher else "Reading again",
            total=rows.count(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )

    def _look_again(self, row: ArticleVersion | Article) -> Sequence[Happened]:
        service: Callable[[], Outcome[Article]]
        if isinstance(row, Article):
            service = partial(rematch_article, article_id=row.pk)
        else:
            service = partial(reread_article, version=row, found=attributions_of(row))
        if self.dry_run:
            with transaction.atomic():
                outcome = service()
                transaction.set_rollback(True)
        else:
            with recording() as record:
                outcome = service()
                record(outcome)
        return outcome.happened

    def _count(self, happened: Sequence[Happened]) -> None:
        self.counts.update(one.kind for one in happened)
        self.counts["new"] += sum(one.payload["new"] for one in happened if one.kind == EventKind.ARTICLE_REREAD)


def _publisher(name: str) -> Publisher | None:
    found = find_publisher(name) if name else None
    if name and found is None:
        raise CommandError(f"--publisher: nobody is known by the name or domain {name}.")
    return found


def _day(text: str) -> date:
    return date.fromisoformat(text)
