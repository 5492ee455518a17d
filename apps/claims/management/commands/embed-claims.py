"""`manage.py embed-claims`: work out what claims mean that have no embedding yet, or all of them anew."""  # noqa: N999 the name of the command

from itertools import batched
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from apps.claims.models import Claim
from apps.claims.services.tracking import embed_claims

AT_ONCE = 50


class Command(BaseCommand):
    help = (
        "Give each claim that has none the vector by which it is found by its meaning (4 ms each). New and reworded "
        "claims have one at once: needed after an upgrade from a version without them, and for bulk loads. It may be "
        "stopped and started again at any time, beside the running service."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="every claim: after the embedder itself was changed")

    def handle(self, *, all: bool, **_: Any) -> None:  # noqa: A002 - the name of the option
        claims = Claim.objects.order_by("pk") if all else Claim.objects.filter(embedding=None).order_by("pk")
        done = 0
        for ids in batched(claims.values_list("pk", flat=True).iterator(), AT_ONCE):
            done += embed_claims(ids)
        self.stdout.write(f"{done} claims embedded")
