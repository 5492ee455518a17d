"""`manage.py redact`: blank a text that must go, so that the history it stands in still verifies."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, ProgrammingError

from apps.accounts.models import Role, User
from apps.claims.services.redacting import Redacted, redact_entry, redact_statement
from apps.events.log import recording
from claimtrack.errors import DomainError


class Command(BaseCommand):
    help = (
        "Blank a text for good: of a history entry (--claim ID --entry SEQ --field reason), or the words of a statement"
        " wherever they stand (--statement ID). Its digest stays, so that the chain of history still verifies; who"
        " blanked it and why is kept, and followers are told. This cannot be undone."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--claim", type=int, metavar="ID", help="the claim in whose history the text stands")
        what.add_argument("--statement", type=int, metavar="ID", help="a statement whose words must go")
        parser.add_argument("--entry", type=int, metavar="SEQ", help="the number of the entry in the claim's history")
        parser.add_argument(
            "--field",
            default="",
            help="text, resolution_criteria, reason, searched, by_name, evidence[0].excerpt, evidence[0].url",
        )
        parser.add_argument("--because", required=True, metavar="REASON", help="why it must go; this stays")
        parser.add_argument("--as", dest="username", default="", help="the admin who does it; else the first one")
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *, claim: int | None, statement: int | None, yes: bool, **given: Any) -> None:
        place = [given["entry"] is not None, given["field"] != ""]
        if not all(place) if claim is not None else any(place):
            raise CommandError("--entry and --field go with --claim, both of them; --statement needs neither.")
        try:
            by = _admin(given["username"])
            if not yes:
                self._ask()
            with recording() as record:
                if statement is not None:
                    done = record(redact_statement(statement_id=statement, reason=given["because"], by=by))
                else:
                    assert claim is not None  # one of the two was given
                    done = record(
                        redact_entry(
                            claim_id=claim, seq=given["entry"], field=given["field"], reason=given["because"], by=by
                        )
                    )
        except DomainError as error:
            raise CommandError(error.message) from error
        except (OperationalError, ProgrammingError) as error:
            raise CommandError(
                f"The database is not ready: is `manage.py up` running? ({str(error).splitlines()[0]})"
            ) from error
        self._tell(done, statement)

    def _ask(self) -> None:
        try:
            answer = input("What is blanked cannot be brought back. Type yes to go on: ")
        except EOFError:
            answer = ""
        if answer.strip().lower() != "yes":
            raise CommandError("Nothing was blanked. (--yes does not ask.)")

    def _tell(self, done: Redacted, statement: int | None) -> None:
        if statement is not None:
            self.stdout.write(f"statement {statement}: its words were blanked, in the article too")
        for one in done.redactions:
            self.stdout.write(f"claim {one.claim_id}: {one.field} of entry {one.of_seq} was blanked (entry {one.seq})")
        for claim_id in done.left:
            self.stdout.write(f"claim {claim_id} still says it: reword it, then redact the revisions that say so")


def _admin(username: str) -> User:
    admins = User.objects.filter(role=Role.ADMIN, is_active=True, is_bot=False)
    user = (admins.filter(username=username) if username else admins.order_by("pk")).first()
    if user is None:
        raise CommandError(f"There is no active admin called {username}." if username else "There is no admin yet.")
    return user
