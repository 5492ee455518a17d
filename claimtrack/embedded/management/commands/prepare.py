"""`manage.py prepare`: what has to be done once before the processes of a new version start."""

import json
import os
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from apps.accounts.services import create_first_admin
from claimtrack.embedded.addresses import data_folder


class Command(BaseCommand):
    help = (
        "Migrate the database; where there is no admin yet, make one and write its name, password and token "
        "to credentials.json in the data folder. Doing it again changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--url", required=True, help="the address of the service, for credentials.json")

    def handle(self, *, url: str, **_: Any) -> None:
        call_command("migrate", interactive=False, stdout=self.stdout)
        file = data_folder() / "credentials.json"
        # The secrets are written down before they become valid: a crash in between loses nothing.
        with transaction.atomic():
            if admin := create_first_admin():
                secrets = {"username": admin.username, "password": admin.password, "token": admin.token}
                _write(file, {"url": url, **secrets})
                return
        if file.exists() and (known := json.loads(file.read_text()))["url"] != url:
            _write(file, {**known, "url": url})


def _write(file: Path, content: dict[str, str]) -> None:
    unfinished = file.with_suffix(".unfinished")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        json.dump(content, out, indent=2)
        out.write("\n")
    unfinished.replace(file)
