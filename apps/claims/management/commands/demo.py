"""`manage.py demo`: load the demo story through the running service, and tell what to look at."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, ProgrammingError
from rich.console import Console
from rich.progress import track

from apps.claims.demo.loading import Loading, demo_editor
from apps.claims.demo.story import read_story
from apps.claims.demo.telling import life_of, pages_of
from apps.sources.models import Article
from apps.sources.waiting import wait_for_article
from claimtrack.embedded.addresses import data_folder
from claimtrack.errors import DomainError


class Command(BaseCommand):
    help = (
        "Load the demo story, the Hanoi summit of 2019 and what followed, through the running service (`manage.py up`),"
        " judge three of its claims, and print what to open. Doing it again loads nothing twice."
    )

    def handle(self, **_: Any) -> None:
        try:
            loading = Loading(read_story(), demo_editor())
            self._load(loading)
            for sentence in loading.decide():
                self.stdout.write(f"Left out: {sentence}")
            self._tell(loading)
        except DomainError as error:
            raise CommandError(error.message) from error
        except (OperationalError, ProgrammingError) as error:
            raise CommandError(
                f"The database is not ready: is `manage.py up` running? ({str(error).splitlines()[0]})"
            ) from error

    def _load(self, loading: Loading) -> None:
        console = Console(stderr=True)
        articles = track(
            loading.load_articles(wait_for_article),
            description="Loading the demo story",
            total=len(loading.story.articles),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        for article in articles:
            if article.state == Article.State.FAILED:
                self.stdout.write(f"Left out: “{article}” could not be read: {article.error}")

    def _tell(self, loading: Loading) -> None:
        claim = loading.claim_of(loading.story.main_claim)
        self.stdout.write("")
        for line in life_of(claim):
            self.stdout.write(line)
        self.stdout.write("\nTo open; the claims need no token:")
        pages = [(_site() + path, what) for path, what in pages_of(claim, judged_by=loading.editor)]
        width = max(len(address) for address, _ in pages)
        for address, what in pages:
            self.stdout.write(f"  {address:<{width}}  {what}")


def _site() -> str:
    """Where the service of this data folder answers; nothing where another machine serves it."""
    try:
        return str(json.loads((data_folder() / "credentials.json").read_text())["url"])
    except (OSError, ValueError, KeyError):
        return ""
