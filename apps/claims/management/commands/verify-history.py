"""`manage.py verify-history`: prove that no history of a claim was changed, added to or cut behind the service."""  # noqa: N999 the name of the command

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, ProgrammingError
from rich.console import Console
from rich.progress import track

from apps.claims.models import Claim
from apps.claims.services.verifying import verify_history


class Command(BaseCommand):
    help = "Check the hash chain of every claim against its rows and the event log. Exits with 1 where one is broken."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--claim", type=int, default=None, metavar="ID", help="this claim alone")

    def handle(self, *, claim: int | None, **_: Any) -> None:
        try:
            claims, entries, broken = self._verify(claim)
        except (OperationalError, ProgrammingError) as error:
            raise CommandError(
                f"The database is not ready: is `manage.py up` running? ({str(error).splitlines()[0]})"
            ) from error
        if claim is not None and not claims:
            raise CommandError(f"There is no claim {claim}, and there never was.")
        if broken:
            raise CommandError(f"{broken} of {claims:,} claims are broken.", returncode=1)
        self.stdout.write(f"{claims:,} claims with {entries:,} entries: every chain holds.")

    def _verify(self, claim_id: int | None) -> tuple[int, int, int]:
        """Look at them all, tell what is wrong; the number of claims, of entries, and of broken claims."""
        console = Console(stderr=True)
        looked_at = track(
            verify_history(claim_id),
            description="Verifying",
            total=Claim.objects.count() if claim_id is None else 1,
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        claims = entries = broken = 0
        for verified in looked_at:
            claims, entries, broken = claims + 1, entries + verified.entries, broken + bool(verified.faults)
            for fault in verified.faults:
                self.stdout.write(f"claim {verified.claim_id}: {fault}")
        return claims, entries, broken
