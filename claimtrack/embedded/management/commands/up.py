"""`manage.py up`: run everything on this machine."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from claimtrack.embedded import stack
from claimtrack.embedded.launch import CannotStart
from claimtrack.embedded.screen import Screen


class Command(BaseCommand):
    help = (
        "Run the whole service in the foreground until Ctrl-C, with a PostgreSQL and a Valkey of its own "
        "where DATABASE_URL and REDIS_URL are not set. PORT, HOST and CLAIMTRACK_DATA say where."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--demo", action="store_true", help="also load the demo story")

    def handle(self, *, demo: bool, **_: Any) -> None:
        try:
            stack.run(stack.Place.from_environment(), screen=Screen(), demo=demo)
        except CannotStart as error:
            raise CommandError(str(error)) from error
