"""`manage.py ingest`: submit an article from a file, an address or standard input, as over the API."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, ProgrammingError

from apps.accounts.models import Role, Scope, User
from apps.events.log import recording
from apps.sources.models import Article
from apps.sources.serializers import SubmitArticleRequest
from apps.sources.services.articles import Fate, Submission, submit_article
from apps.sources.waiting import wait_for_article
from apps.statements.models import Statement
from claimtrack.errors import DomainError
from claimtrack.extraction.attribution import Polarity

_FATES = {
    Fate.NEW: "new",
    Fate.NEW_VERSION: "a new version of a known article",
    Fate.AGAIN: "known; tried again, because it had failed",
    Fate.SAME: "known already",
}


class Command(BaseCommand):
    help = "Submit an article and print what became of it. It is read by the running service (`manage.py up`)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", metavar="FILE|URL|-", help="plain text in UTF-8 (-: standard input), or a page")
        parser.add_argument("--title", default="")
        parser.add_argument("--publisher", default="", help="a name or a domain")
        parser.add_argument("--published-at", default=None, metavar="WHEN", help="2019-02-28 or 2019-02-28T09:30:00Z")
        parser.add_argument("--url", default="", help="the address at which a text was published")
        parser.add_argument("--as", dest="username", default="", help="who submits it; else the first admin")
        parser.add_argument("--wait", action="store_true", help="follow the article to its end, list its statements")

    def handle(self, *, source: str, username: str, wait: bool, **options: Any) -> None:
        given = {field: options[field] for field in ("title", "publisher", "published_at", "url")}
        if _is_address(source):
            if given["url"]:
                raise CommandError("--url goes with a text; here the address to fetch is given already.")
            given["url"] = source
        else:
            given["text"] = _text_of(source)
        form = SubmitArticleRequest(data=given)
        if not form.is_valid():
            raise CommandError(_faults(form.errors, source))
        try:
            submission = _submit(_user(username), form.validated_data)
            self._report(submission, wait=wait)
        except DomainError as error:
            raise CommandError(_named(error.field, error.message, source)) from error
        except (OperationalError, ProgrammingError) as error:
            raise CommandError(
                f"The database is not ready: is `manage.py up` running? ({str(error).splitlines()[0]})"
            ) from error

    def _report(self, submission: Submission, *, wait: bool) -> None:
        article = submission.article
        self.stdout.write(f"article {article.pk}: {_FATES[submission.fate]}, {article.state}")
        if not wait:
            return
        article = wait_for_article(article.pk)
        if article.state == Article.State.FAILED:
            raise CommandError(f"article {article.pk}: failed: {article.error}")
        statements = Statement.objects.filter(article=article, state=Statement.State.CURRENT).order_by("pk")
        skipped = f", not read: {article.skipped}" if article.skipped else ""
        self.stdout.write(f"article {article.pk}: done, {len(statements)} statements{skipped}")
        for statement in statements:
            chain = " → ".join(one["name"] for one in statement.chain)
            denied = ", negated" if statement.polarity == Polarity.NEGATED else ""
            self.stdout.write(f"  {statement.speaker_name} ({chain}), {statement.kind}{denied}: {statement.text}")
        if article.published_at is None:
            self.stdout.write("Without --published-at its claims count as first said today.")


def _is_address(source: str) -> bool:
    return source.lower().startswith(("http://", "https://"))


def _text_of(source: str) -> str:
    """The text of a file or of standard input. Raises CommandError."""
    name = "standard input" if source == "-" else source
    try:
        content = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
        text = content.decode("utf-8-sig")
    except OSError as error:
        raise CommandError(f"{name} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{name} is no text in UTF-8 (at byte {error.start}).") from error
    if not text.strip():
        raise CommandError(f"{name} is empty.")
    return text


def _user(username: str) -> User:
    """Who submits: the user named, else the first admin. Raises CommandError."""
    if not username:
        admin = User.objects.filter(role=Role.ADMIN, is_active=True).order_by("pk").first()
        if admin is None:
            raise CommandError(
                "There is no admin yet: start the service once (`manage.py up`), or name a user by --as."
            )
        return admin
    user = User.objects.filter(username=username).first()
    if user is None:
        raise CommandError(f"--as: there is no user {username}.")
    if Scope.SUBMIT not in user.scopes:
        raise CommandError(f"--as: {username} ({user.role}) may not submit articles.")
    return user


def _submit(user: User, article: dict[str, Any]) -> Submission:
    with recording() as record:
        return record(submit_article(by=user, **article))


def _faults(errors: Any, source: str) -> str:
    """The first fault of each option, one a line."""
    return "\n".join(_named(field, str(messages[0]), source) for field, messages in errors.items())


def _named(field: str, message: str, source: str) -> str:
    """A message after the name of the option, or of the source, that it is about."""
    if not field:
        return message
    of_source = field == "text" or (field == "url" and _is_address(source))
    return f"{source if of_source else '--' + field.replace('_', '-')}: {message}"
